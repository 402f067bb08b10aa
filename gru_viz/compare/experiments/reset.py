"""What does GRU4Rec lose where its state is not reset between two sessions?

It was trained with a reset; only the predictions are made without.
"""

from __future__ import annotations

import numpy as np

from gru_viz.baselines.base import steps
from gru_viz.compare.experiments.estimates import loss, recall_of
from gru_viz.compare.experiments.values import AfterClick, Reset
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.leftover import Leftover, leftover
from gru_viz.learn.evaluation import Scorer, ranked
from gru_viz.learn.quality import Ranked
from gru_viz.sessions import ClickLog, Session

FIRST_CLICKS = 10  # of a session that inherits another's state
LEAST_ASKED = 30  # sessions, for an interval from a standard error; the first click is always told


def reset(scorer: Scorer, test: ClickLog, fresh: Ranked) -> Reset:
    """fresh: the ranks with a reset, which the comparison has."""
    left = inherited(scorer, test)
    clicks = by_click(fresh, left, CUTOFF)
    rows = zip(
        *(column.tolist() for column in (clicks.asked, clicks.fresh, clicks.left, clicks.low, clicks.high)),
        strict=True,
    )
    return Reset(
        tuple(AfterClick(*row) for row in rows), recall_of(fresh), recall_of(left), loss(fresh, left)
    )


def inherited(scorer: Scorer, log: ClickLog) -> Ranked:
    """The ranks of the log's predictions, each session run on from the one that began before it.

    That one starts from nothing itself, so one session is carried over, not all before. The first one
    follows the last. In the order of the log, as a prediction after a reset has it.
    """
    sessions = list(log)
    joined = ClickLog.from_sessions(
        log.catalog,
        [
            Session(np.concatenate([before.items, session.items]))
            for before, session in zip([sessions[-1], *sessions[:-1]], sessions, strict=True)
        ],
    )
    own = steps(joined) - np.repeat(np.roll(log.lengths, 1), joined.lengths)  # ≤ 0 up to its first click
    both = ranked(scorer, joined).ranks
    return Ranked.of(log, both[own[steps(joined) > 0] > 0])


def by_click(fresh: Ranked, left: Ranked, cutoff: int) -> Leftover:
    """After each of a session's first clicks, as long as LEAST_ASKED sessions go on."""
    asked = np.bincount(fresh.position)[1 : FIRST_CLICKS + 1]  # ever fewer
    furthest = max(int((asked >= LEAST_ASKED).sum()), 1)
    return leftover(fresh.position, fresh.ranks <= cutoff, left.ranks <= cutoff, furthest)
