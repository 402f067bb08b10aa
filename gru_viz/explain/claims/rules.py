"""When does a sentence hold?

Quality decides by the paired interval of a difference, time by a ratio beyond what one timing may
vary; what lies between cannot be told.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Literal

from gru_viz.compare.experiments.values import Estimate
from gru_viz.compare.paired import standing
from gru_viz.compare.values import Difference
from gru_viz.explain.claims.claim import Verdict
from gru_viz.explain.gradient_distance import LOST
from gru_viz.learn.intervals import LEVEL

AS_WELL = 0.01  # Recall: a model that loses less than this does as well
TIMING = 0.1  # share by which one timing may differ from the next on the same machine


def by_difference(one: Difference) -> Verdict:
    """Is `first` better? As the whole interval says."""
    stands = standing(one.recall_interval)
    return "cannot tell" if stands == "level" else "holds" if stands == "above" else "does not hold"


def by_margin(one: Difference, margin: float = AS_WELL) -> Verdict:
    """Is `first` no more than `margin` worse (non-inferiority)?"""
    low, high = one.recall_interval
    if low > -margin:
        return "holds"
    return "does not hold" if high < -margin else "cannot tell"


def by_loss(loss: Estimate, margin: float = AS_WELL) -> Verdict:
    """Is something lost that is worth an advice: surely more than nothing, and more than `margin`?

    It does not hold where surely less than `margin` is lost, were that little ever so sure.
    """
    if loss.low > 0 and loss.value > margin:
        return "holds"
    return "does not hold" if loss.high < margin else "cannot tell"


def widened(one: Estimate, pairs: int) -> Estimate:
    """The interval of a difference that was picked from so many: sure of all of them at once (Bonferroni).

    A result file has 95 % intervals alone, so each end moves out as that of a normal distribution would;
    a difference of two Recalls stays within −1 and 1.
    """
    normal = NormalDist()
    by = normal.inv_cdf(1 - (1 - LEVEL) / (2 * pairs)) / normal.inv_cdf((1 + LEVEL) / 2)
    low, high = one.value - by * (one.value - one.low), one.value + by * (one.high - one.value)
    return Estimate(one.value, max(low, -1.0), min(high, 1.0))


def by_time(faster: float, slower: float) -> Verdict:
    """Is the first time shorter, by more than a timing varies?"""
    if faster < slower * (1 - TIMING):
        return "holds"
    return "does not hold" if faster > slower * (1 + TIMING) else "cannot tell"


def by_factor(own: Estimate, other: Estimate) -> Verdict:
    """Is the first factor larger, as both intervals say, by more than a timing varies?"""
    if own.low > other.high * (1 + TIMING):
        return "holds"
    return "does not hold" if own.high < other.low * (1 + TIMING) else "cannot tell"


def gradient_is(median: Estimate) -> Literal["lost", "kept", "unsure"]:
    """Is the median gradient below LOST, as its whole interval says?"""
    if median.high < LOST:
        return "lost"
    return "kept" if median.low > LOST else "unsure"


def by_cure(ill: Estimate, cured: Estimate) -> Verdict:
    """Is the first gradient lost and the second not?

    Where the first is not lost there is nothing to cure, and where the second is, nothing is cured:
    either way it does not hold.
    """
    states = gradient_is(ill), gradient_is(cured)
    if states == ("lost", "kept"):
        return "holds"
    return "does not hold" if states[0] == "kept" or states[1] == "lost" else "cannot tell"
