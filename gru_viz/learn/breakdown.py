"""Where in a session, and in sessions of which length, is the next click predicted well?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from gru_viz.cutoffs import CUTOFFS
from gru_viz.errors import InputError, quote
from gru_viz.learn.intervals import Intervals, intervals
from gru_viz.learn.quality import Quality, Ranked

By = Literal["position", "length"]

# First value of each bin; the last one is open. A session that predicts has two clicks at least.
STARTS: dict[By, tuple[int, ...]] = {
    "position": (1, 2, 3, 4, 5, 6, 11, 21),
    "length": (2, 3, 4, 5, 6, 11, 21, 51),
}


@dataclass(frozen=True)
class Bin:
    """The predictions at some positions, or in sessions of some lengths.

    first, last: which ones, both included; last is None for "and beyond"
    share:       of all predictions, in (0, 1]
    """

    first: int
    last: int | None
    share: float
    quality: Quality
    intervals: Intervals

    @property
    def label(self) -> str:
        """3, 6–10, 21+"""
        if self.last is None:
            return f"{self.first}+"
        return f"{self.first}" if self.last == self.first else f"{self.first}–{self.last}"

    def to_dict(self, *cutoffs: int) -> dict[str, Any]:
        return {
            "from": self.first,
            "to": self.last,
            "share": self.share,
            "predictions": self.quality.predictions,
            **self.quality.to_dict(*cutoffs),
            "intervals": self.intervals.to_dict(*cutoffs),
        }


@dataclass(frozen=True)
class Breakdown:
    """Quality by `by`; bins in rising order, none without a prediction, shares sum to 1.

    by: "position" in the session (1 is a session's first prediction, its second click),
        or "length" of the session in clicks
    """

    by: By
    bins: tuple[Bin, ...]


def breakdown(ranked: Ranked, by: By, cutoffs: tuple[int, ...] = CUTOFFS) -> Breakdown:
    """Every prediction falls in one bin; the same bins for every scorer on the same log.

    Raises InputError where nothing was predicted, or `by` is neither of the two.
    """
    if by not in get_args(By):
        raise InputError(f"quality is broken down by position or by length, not by {quote(by)}")
    total = ranked.quality(cutoffs).predictions
    values = ranked.position if by == "position" else ranked.length
    bins = []
    starts = STARTS[by]
    for first, following in zip(starts, (*starts[1:], None), strict=True):
        inside = values >= first if following is None else (values >= first) & (values < following)
        if inside.any():
            part = ranked.where(inside)
            quality = part.quality(cutoffs)
            last = None if following is None else following - 1
            share = quality.predictions / total
            bins.append(Bin(first, last, share, quality, intervals(part, cutoffs)))
    return Breakdown(by, tuple(bins))
