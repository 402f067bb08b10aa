"""By how much is one scorer better than another on the same clicks, and is that more than chance?

Both are measured on the same resamples of the sessions, so what makes a session easy or hard
for both does not count: a paired percentile bootstrap (Efron 1979).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gru_viz.learn.intervals import LEVEL, Interval, ends
from gru_viz.learn.quality import Quality

Standing = Literal["above", "below", "level"]


@dataclass(frozen=True)
class Margin:
    """By how much one scorer is above another at one cutoff; below 0: it is below.

    recall, mrr:                   differences, in [-1, 1]
    recall_interval, mrr_interval: of the differences, not the difference of two intervals
    """

    recall: float
    recall_interval: Interval
    mrr: float
    mrr_interval: Interval


def margin(
    qualities: tuple[Quality, Quality],
    resampled: tuple[np.ndarray, np.ndarray],
    cutoff: int,
    level: float = LEVEL,
) -> Margin:
    """Of the first against the second.

    resampled: (R, 2, 1) each, Recall and MRR at `cutoff` on the same R resamples;
               (0, 2, 1) where there were too few sessions to resample: the interval is all of -1 to 1
    """
    own, other = qualities
    recall, mrr = (_interval(values, level) for values in (resampled[0] - resampled[1])[:, :, 0].T)
    return Margin(own.recall[cutoff] - other.recall[cutoff], recall, own.mrr[cutoff] - other.mrr[cutoff], mrr)


def standing(interval: Interval) -> Standing:
    """Above or below where the whole interval says so, else level: these clicks cannot tell."""
    low, high = interval
    if low > 0:
        return "above"
    return "below" if high < 0 else "level"


def _interval(differences: np.ndarray, level: float) -> Interval:
    if len(differences) == 0:
        return -1.0, 1.0
    low, high = ends(differences, level)
    return float(low), float(high)
