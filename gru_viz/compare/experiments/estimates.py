"""How sure is a figure of an experiment?

Percentile bootstraps (Efron 1979) with the level and the number of resamples that the whole
comparison has, over sessions unless said otherwise.
"""

from __future__ import annotations

import numpy as np

from gru_viz.compare.experiments.values import Estimate
from gru_viz.compare.values import CUTOFF
from gru_viz.learn.intervals import DRAWS_AT_ONCE, LEVEL, RESAMPLES, resampled
from gru_viz.learn.quality import Ranked

ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


def recall_of(ranks: Ranked) -> float:
    """Recall at CUTOFF of all predictions."""
    return ranks.quality((CUTOFF,)).recall[CUTOFF]


def loss(first: Ranked, second: Ranked) -> Estimate:
    """Recall of `first` − `second`, both of the same log, on the same resamples; −1 to 1 for one session."""
    value = recall_of(first) - recall_of(second)
    drawn = resampled(first, (CUTOFF,))[:, 0, 0] - resampled(second, (CUTOFF,))[:, 0, 0]
    return estimate(value, drawn) if len(drawn) else Estimate(value, -1.0, 1.0)


def estimate(value: float, drawn: np.ndarray) -> Estimate:
    """The figure and where (R,) resamples of it fall."""
    low, high = np.quantile(drawn, ENDS)
    return Estimate(float(value), float(low), float(high))


def median_of(values: np.ndarray, seed: int = 0) -> Estimate:
    """The median of (N,) numbers, on resamples of them."""
    drawn = np.random.default_rng(seed).choice(values, (RESAMPLES, len(values)))
    return estimate(float(np.median(values)), np.median(drawn, axis=1))


def totals(each: np.ndarray, seed: int = 0) -> np.ndarray:
    """(R, K) sums over as many rows of `each` (S, K) as there are, drawn with replacement."""
    rng, sessions = np.random.default_rng(seed), len(each)
    rows = max(1, DRAWS_AT_ONCE // sessions)
    found = []
    for first in range(0, RESAMPLES, rows):
        size = min(rows, RESAMPLES - first)
        drawn = rng.integers(sessions, size=(size, sessions)) + sessions * np.arange(size)[:, None]
        often = np.bincount(drawn.ravel(), minlength=size * sessions).reshape(size, sessions)
        found.append(often.astype(np.float64) @ each)
    return np.concatenate(found)
