"""Does the model use the earlier clicks, over a whole log?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class LogMemory(FrozenArrays):
    """Every next click predicted from the whole session so far, and from its last clicks alone.

    Only clicks with at least one click before the last are predicted: there both can differ.

    last:        (W,) how many of the last clicks were shown, rising
    overlap:     (W,) mean share of the k best items that both have
    kl:          (W,) mean KL(whole session ‖ last clicks), in nats
    recall, mrr: (W,) Recall@cutoff and MRR@cutoff of the next click from the last clicks alone,
                 conservative ranks
    full_recall, full_mrr: the same from the whole session
    predictions: how many next clicks were predicted
    sessions:    of how many sessions
    k, cutoff:   list lengths
    """

    last: np.ndarray
    overlap: np.ndarray
    kl: np.ndarray
    recall: np.ndarray
    mrr: np.ndarray
    full_recall: float
    full_mrr: float
    predictions: int
    sessions: int
    k: int
    cutoff: int
