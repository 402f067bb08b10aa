"""Does the model use the earlier clicks of this session?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class Remembering(FrozenArrays):
    """The recommendations after a click from the whole session, against those from its last clicks alone.

    last:    (N,) how many of the last clicks the model was shown, rising from 1 to all t of them
    overlap: (N,) share of the k best items that both have, in [0, 1]
    kl:      (N,) KL(whole session ‖ last clicks) of the next-item distributions, in nats
    rank:    (N,) 1-based rank of `item` when only the last clicks are known
    probability: (N,) of `item`
    item:    the item followed: the one really clicked next where there is one, else the first recommended
    clicked: whether `item` was really clicked next
    k:       how long the compared lists are
    """

    last: np.ndarray
    overlap: np.ndarray
    kl: np.ndarray
    rank: np.ndarray
    probability: np.ndarray
    item: int
    clicked: bool
    k: int
