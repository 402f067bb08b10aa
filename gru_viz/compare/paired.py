"""By how much is one of the compared models better than another?"""

from __future__ import annotations

import numpy as np

from gru_viz.compare.values import Difference
from gru_viz.cutoffs import CUTOFF
from gru_viz.learn.intervals import LEVEL
from gru_viz.learn.paired import Standing, margin, standing
from gru_viz.learn.quality import Quality

__all__ = ["Standing", "difference", "standing"]


def difference(
    first: str,
    second: str,
    qualities: tuple[Quality, Quality],
    resampled: tuple[np.ndarray, np.ndarray],
    level: float = LEVEL,
) -> Difference:
    """Of `first` against `second`: their margin at CUTOFF (gru_viz/learn/paired.py), with their names."""
    return Difference(first, second, **vars(margin(qualities, resampled, CUTOFF, level)))
