"""How fast is a click forgotten: as the gates foretell, and as measured?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class Forgetting(FrozenArrays):
    """What is left of one click after 0, 1, 2, … further clicks; (L,) each, L − 1 clicks follow it.

    The measured curves compare the session as it is with the same session in which the click
    is another item, averaged over `replacements` such items.

    click:        the click, 0-based
    predicted:    carried share of what it wrote, from the gates of the top layer alone, in [0, 1]
    state:        ‖h − h'‖ over its value at the click itself
    moved:        share of the next-item probability that differs (total variation), in [0, 1]
    kl:           KL(as it is ‖ with the click replaced), in nats
    replacements: how many other items were put in its place

    `moved` and `kl` are NaN where a catalogue is so large that not all scores are recorded.
    """

    click: int
    predicted: np.ndarray
    state: np.ndarray
    moved: np.ndarray
    kl: np.ndarray
    replacements: int
