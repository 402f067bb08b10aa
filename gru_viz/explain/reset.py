"""Does the reset gate matter here?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class ResetEffect(FrozenArrays):
    """What forcing r to 1 at one click alone would change there; (T,) each, a row a click.

    Everything before the click is as recorded, and so is the click's own update gate.

    distance: ‖h̃(r) − h̃(r ≡ 1)‖, Euclidean, over the units of the top layer
    relative: the same over ‖h̃(r)‖, 0 where that is 0
    rank:     which rank the item that is recommended first would have with r ≡ 1 (1: no change)
    overlap:  share of the k best items that stay among the k best, in [0, 1]
    moved:    share of the probability that moves to other items (total variation), in [0, 1]
    openness: mean of r over the units
    k:        how long the list is that `overlap` compares
    """

    distance: np.ndarray
    relative: np.ndarray
    rank: np.ndarray
    overlap: np.ndarray
    moved: np.ndarray
    openness: np.ndarray
    k: int
