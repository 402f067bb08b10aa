"""What would the model recommend from its memory alone, from the click alone, from the blend?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays

STATES = ("memory", "click", "blend")  # h_{t-1}, the candidate h̃_t, h_t


@dataclass(frozen=True, eq=False)
class Lens(FrozenArrays):
    """Three states of the top layer at one click, each decoded through the output layer.

    items:       (3, K) item indices, best first; rows in the order of STATES
    probability: (3, K) softmax over the whole catalogue
    step:        the click, 0-based
    """

    items: np.ndarray
    probability: np.ndarray
    step: int
