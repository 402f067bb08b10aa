"""How sure is a figure of an experiment?

Percentile bootstraps (Efron 1979) with the level and the number of resamples that the whole
comparison has, over sessions unless said otherwise.
"""

from __future__ import annotations

import numpy as np

from gru_viz.compare.experiments.values import Estimate
from gru_viz.cutoffs import CUTOFF
from gru_viz.learn.intervals import RESAMPLES, ends, resampled
from gru_viz.learn.quality import Ranked


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
    low, high = ends(drawn)
    return Estimate(float(value), float(low), float(high))


def median_of(values: np.ndarray, seed: int = 0) -> Estimate:
    """The median of (N,) numbers, on resamples of them."""
    drawn = np.random.default_rng(seed).choice(values, (RESAMPLES, len(values)))
    return estimate(float(np.median(values)), np.median(drawn, axis=1))
