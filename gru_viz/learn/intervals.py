"""How far could Recall and MRR have come out otherwise, with other shoppers?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gru_viz.cutoffs import CUTOFFS
from gru_viz.learn.quality import Quality, Ranked, found

RESAMPLES = 1_000
LEVEL = 0.95
DRAWS_AT_ONCE = 1_000_000  # sessions drawn in one piece (8 MB)

Interval = tuple[float, float]


@dataclass(frozen=True)
class Intervals:
    """Where Recall@k and MRR@k fall in `level` of all resamples of the sessions.

    recall, mrr: by cutoff k, (low, high) in [0, 1]
    level:       share of the resamples inside
    resamples:   how many logs of as many sessions were drawn
    """

    recall: Mapping[int, Interval]
    mrr: Mapping[int, Interval]
    level: float = LEVEL
    resamples: int = RESAMPLES

    def to_dict(self, *cutoffs: int) -> dict[str, list[float]]:
        """{"recall@20": [low, high], "mrr@20": [low, high]} at these cutoffs, or at all."""
        wanted = cutoffs or tuple(self.recall)
        recall = {f"recall@{k}": list(self.recall[k]) for k in wanted}
        return recall | {f"mrr@{k}": list(self.mrr[k]) for k in wanted}


@dataclass(frozen=True)
class Measured:
    """A model or a baseline by its name, its figures, and how sure they are (None: not asked for)."""

    name: str
    quality: Quality
    intervals: Intervals | None = None


def measured(name: str, ranked: Ranked, cutoffs: tuple[int, ...] = CUTOFFS) -> Measured:
    """Figures and intervals of one scorer's ranks."""
    return Measured(name, ranked.quality(cutoffs), intervals(ranked, cutoffs))


def intervals(
    ranked: Ranked,
    cutoffs: tuple[int, ...] = CUTOFFS,
    *,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
) -> Intervals:
    """Percentile bootstrap over sessions (Efron 1979; Cameron, Gelbach and Miller 2008 for clusters).

    Sessions are drawn with replacement, as many as there are, and not predictions: those of one
    session hang together, and drawn one by one they would promise more than they know. Two
    scorers on the same log see the same draws. The interval tells what other shoppers of the
    same kind would change, not what another training would; it is too narrow where fewer than
    some 30 sessions are left, and from a single one it is all of 0 to 1.

    Raises InputError where nothing was predicted.
    """
    return intervals_of(resampled(ranked, cutoffs, resamples=resamples, seed=seed), cutoffs, level)


def intervals_of(drawn: np.ndarray, cutoffs: tuple[int, ...] = CUTOFFS, level: float = LEVEL) -> Intervals:
    """From what `resampled` drew: (R, 2, K)."""
    if len(drawn):
        low, high = ends(drawn, level)
    else:
        low, high = np.zeros((2, len(cutoffs))), np.ones((2, len(cutoffs)))
    recall, mrr = (
        {k: (float(low[row, n]), float(high[row, n])) for n, k in enumerate(cutoffs)} for row in range(2)
    )
    return Intervals(recall, mrr, level, len(drawn) or RESAMPLES)


def ends(drawn: np.ndarray, level: float = LEVEL) -> np.ndarray:
    """(2, …) between which `level` of the resamples (R, …) fall."""
    found: np.ndarray = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return found


def resampled(
    ranked: Ranked, cutoffs: tuple[int, ...] = CUTOFFS, *, resamples: int = RESAMPLES, seed: int = 0
) -> np.ndarray:
    """(R, 2, K) Recall and MRR at K cutoffs on R resamples of the sessions; R is 0 for a single session.

    Two scorers on the same log see the same draws, so their differences are those of pairs.
    Raises InputError where nothing was predicted.
    """
    ranked.quality(cutoffs)
    sums, counts = _by_session(ranked, cutoffs)
    if len(counts) == 1:
        return np.empty((0, 2, len(cutoffs)))
    totals = resampled_sums(np.column_stack([sums, counts]), resamples, seed)
    return (totals[:, :-1] / totals[:, -1:]).reshape(resamples, 2, -1)


def _by_session(ranked: Ranked, cutoffs: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(S, 2 K) hits and reciprocal ranks of each session that predicts, and (S,) its predictions."""
    _, place, counts = np.unique(ranked.session, return_inverse=True, return_counts=True)
    values = found(ranked.ranks, cutoffs).reshape(len(ranked.ranks), -1)
    columns = [np.bincount(place, column, len(counts)) for column in values.T]
    return np.stack(columns, axis=1), counts


def resampled_sums(each: np.ndarray, resamples: int = RESAMPLES, seed: int = 0) -> np.ndarray:
    """(R, K) sums over as many rows of `each` (S, K) as there are, drawn with replacement."""
    rng, sessions = np.random.default_rng(seed), len(each)
    rows = max(1, DRAWS_AT_ONCE // sessions)
    sums = []
    for first in range(0, resamples, rows):
        size = min(rows, resamples - first)
        drawn = rng.integers(sessions, size=(size, sessions)) + sessions * np.arange(size)[:, None]
        often = np.bincount(drawn.ravel(), minlength=size * sessions).reshape(size, sessions)
        sums.append(often.astype(np.float64) @ each)
    return np.concatenate(sums)
