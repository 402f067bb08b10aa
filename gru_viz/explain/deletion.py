"""What changes in an item's score, probability and rank when a click is deleted?

Each click in turn is taken out of the session and the model is run again: an ablation
of the input, and the truth that the ledgers are held against. It does not add up to
the score, and it asks the model about sessions that nobody clicked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import Standing, standing
from gru_viz.explain.score_checks import check_scores
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace

# Item indices of several sessions in, their traces out, in the same order: `record_batch` of a model.
Rerun = Callable[[list[np.ndarray]], list[Trace]]


@dataclass(frozen=True, eq=False)
class Deletion(FrozenArrays):
    """An item with all T clicks, and with one click fewer; (T,) arrays are float64, row k without click k.

    Deleting a click moves the scores of all items, most of which no list shows. What a reader
    of the list sees is `drop`: positive where the item falls, the sign of a ledger's entry.

    score:       with all clicks; for two items A's minus B's
    score_drop:  (T,) by how much it falls
    drop:        (T,) by how much it falls without click k, in nats: one item's log-probability; of
                 two items their difference of scores, which is their log-odds
    probability, probability_without: with all clicks and (T,) without; for two items A's minus B's
    rank, rank_without: 1-based place of the item (of A), with all clicks and (T,) without

    The (T,) arrays are NaN for a session of one click, which leaves nothing to run.
    """

    score: float
    score_drop: np.ndarray
    drop: np.ndarray
    probability: float
    probability_without: np.ndarray
    rank: int
    rank_without: np.ndarray

    def __len__(self) -> int:
        return len(self.drop)

    @property
    def probability_drop(self) -> np.ndarray:
        """(T,) by how much the probability falls."""
        return self.probability - self.probability_without


def deletion(trace: Trace, item: int, rerun: Rerun, against: int | None = None, step: int = -1) -> Deletion:
    """What deleting each of the clicks up to `step` (0-based) changes for `item` after that click.

    Both sides come out of one run, so that neither is rounded in another way than the other.

    rerun: called once, with the session up to `step` and all shortened ones; only the last click
           of each trace that comes back is looked at, whose scores must be of the whole
           catalogue, as those of `rerun.last_clicks` are

    Raises InputError where the model's scores are not numbers, and ValueError for a recording
    with interventions: with a click fewer it would not be said at which clicks they act.
    """
    trace.require_no_interventions("deletion")
    items = trace.items[: range(len(trace))[step] + 1]
    shorter = [np.delete(items, click) for click in range(len(items))] if len(items) > 1 else []
    whole, *without = rerun([items, *shorter])
    all_clicks = standing(_checked(whole, len(items)), item, against, -1)
    assert all_clicks.rank is not None  # every item has a score here
    changed = np.full((len(items), len(Standing._fields)), np.nan)
    for click, one in enumerate(without):
        changed[click] = standing(_checked(one, len(items), click), item, against, -1)
    score, log_probability, probability, rank = changed.T
    score_drop = all_clicks.score - score
    drop = score_drop if against is not None else all_clicks.log_probability - log_probability
    return Deletion(
        all_clicks.score, score_drop, drop, all_clicks.probability, probability, all_clicks.rank, rank
    )


def _checked(trace: Trace, clicks: int, without: int | None = None) -> Trace:
    """The last click of a rerun, its scores numbers of the whole catalogue."""
    where = f"after click {clicks}" if without is None else f"without click {without + 1}"
    check_scores(trace.scores[-1], where)
    return Trace(trace.catalog, trace.items[-1:], trace.scores[-1:], ())
