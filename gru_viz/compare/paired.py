"""By how much is one model better than another, and is that more than chance?

Both are measured on the same resamples of the sessions, so what makes a session easy or hard
for both does not count: a paired percentile bootstrap (Efron 1979).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from gru_viz.compare.values import CUTOFF, Difference
from gru_viz.learn.intervals import LEVEL, Interval
from gru_viz.learn.quality import Quality

Standing = Literal["above", "below", "level"]


def difference(
    first: str,
    second: str,
    qualities: tuple[Quality, Quality],
    resampled: tuple[np.ndarray, np.ndarray],
    level: float = LEVEL,
) -> Difference:
    """Of `first` against `second`.

    resampled: (R, 2, 1) each, Recall and MRR at CUTOFF on the same R resamples;
               (0, 2, 1) where there were too few sessions to resample: the interval is all of -1 to 1
    """
    own, other = qualities
    recall, mrr = (_interval(a, level) for a in (resampled[0] - resampled[1])[:, :, 0].T)
    return Difference(
        first,
        second,
        own.recall[CUTOFF] - other.recall[CUTOFF],
        recall,
        own.mrr[CUTOFF] - other.mrr[CUTOFF],
        mrr,
    )


def standing(interval: Interval) -> Standing:
    """Above or below where the whole interval says so, else level: these clicks cannot tell."""
    low, high = interval
    if low > 0:
        return "above"
    return "below" if high < 0 else "level"


def _interval(differences: np.ndarray, level: float) -> Interval:
    if len(differences) == 0:
        return -1.0, 1.0
    low, high = np.quantile(differences, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
