"""What changes in an item's score, probability and rank when a click is deleted?

Each click in turn is taken out of the session and the model is run again: an ablation
of the input, and the truth that the ledgers are held against. It does not add up to
the score, and it asks the model about sessions that nobody clicked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import score_of
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights

# Item indices of several sessions in, their traces out, in the same order: `record_batch` of a model.
Rerun = Callable[[list[np.ndarray]], list[Trace]]


@dataclass(frozen=True, eq=False)
class Deletion(FrozenArrays):
    """An item with all T clicks, and with one click fewer; (T,) arrays are float64, row k without click k.

    score, probability:           with all clicks; for two items A's minus B's
    score_drop, probability_drop: (T,) the same minus its value without click k; positive
                                  where it falls, the sign of a ledger's entry
    rank, rank_without:           1-based place of the item (of A), with all clicks and (T,) without

    All NaN for a session of one click, which leaves nothing to run. A rank is None or NaN
    where the item is behind all kept scores.
    """

    score: float
    score_drop: np.ndarray
    probability: float
    probability_drop: np.ndarray
    rank: int | None
    rank_without: np.ndarray

    def __len__(self) -> int:
        return len(self.score_drop)


def deletion(
    trace: Trace,
    item: int,
    rerun: Rerun,
    against: int | None = None,
    step: int = -1,
    weights: Weights | None = None,
) -> Deletion:
    """What deleting each of the clicks up to `step` (0-based) changes for `item` after that click.

    rerun:   called once, with all shortened sessions; only the last click of each trace
             that comes back is looked at. Not called for a session of one click.
    weights: finds the score of an item that is behind all kept scores; else that is NaN

    Raises ValueError for a recording with interventions: with a click fewer it would not be
    said at which clicks they act.
    """
    trace.require_no_interventions("deletion")
    last = range(len(trace))[step]
    items = trace.items[: last + 1]
    shorter = [np.delete(items, click) for click in range(len(items))] if last > 0 else []
    without = rerun(shorter) if shorter else []

    score, probability, rank = outcome(trace, item, against, last, weights)
    changed = np.full((len(items), 3), np.nan)
    for click, one in enumerate(without):
        changed[click] = [
            np.nan if value is None else value for value in outcome(one, item, against, -1, weights)
        ]
    return Deletion(
        score, score - changed[:, 0], probability, probability - changed[:, 1], rank, changed[:, 2]
    )


def outcome(
    trace: Trace, item: int, against: int | None, step: int, weights: Weights | None = None
) -> tuple[float, float, int | None]:
    """The score, probability and rank of `item` after click `step`.

    With `against`, score and probability minus those of `against`. Score and probability are
    NaN, and the rank None, where a score was not kept (`weights` finds the score nevertheless).
    """
    score = score_of(trace, item, None, step, weights)
    normalizer = _log_normalizer(trace, step)
    probability = float(np.exp(score - normalizer))
    if against is not None:
        other = score_of(trace, against, None, step, weights)
        score, probability = score - other, probability - float(np.exp(other - normalizer))
    return score, probability, trace.rank(item, step)


def _log_normalizer(trace: Trace, step: int) -> float:
    """log Σ exp(score) after one click; `trace.log_normalizer` would work it out for all of them."""
    if trace.normalizer is not None:
        return float(trace.normalizer[step])
    scores = trace.scores[step].astype(np.float64)
    return float(scores.max() + np.log(np.exp(scores - scores.max()).sum()))
