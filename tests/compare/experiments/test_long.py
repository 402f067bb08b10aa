"""Is the shrinking of a lead that of the predictions themselves, and its interval paired?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.compare.experiments.estimates import estimate, median_of
from gru_viz.compare.experiments.long import EARLY, LATE, LEAST_SESSIONS, long
from gru_viz.learn.intervals import resampled_sums
from gru_viz.learn.quality import Ranked
from tests.logs import log_of

HIT, MISS = 1, 21


def ranks_of(log, hits) -> Ranked:
    """hits: (session, position) → is it a hit? Positions from 1."""
    clicks = [(s, p) for s, session in enumerate(log) for p in range(1, len(session))]
    return Ranked.of(log, np.array([HIT if hits(s, p) else MISS for s, p in clicks]))


@pytest.fixture(scope="module")
def log():
    """As many sessions of 13 clicks as are needed, and as many of 4, which do not count."""
    return log_of([[0, 1] * 6 + [0]] * LEAST_SESSIONS + [[0, 1, 2, 3]] * LEAST_SESSIONS)


def test_by_hand(log):
    """GRU4Rec always hits; the other misses each first prediction, and late every other session's.

    Of the short sessions it misses all.
    """
    own = ranks_of(log, lambda s, p: True)
    other = ranks_of(log, lambda s, p: s < LEAST_SESSIONS and p != 1 and not (p >= 11 and s % 2))
    found = long({"gru": own, "lstm": own, "sasrec": other})
    assert found is not None
    assert (found.early, found.late, found.sessions) == (EARLY, 11, LEAST_SESSIONS)
    (lead,) = found.leads  # other cells are no rivals
    assert lead.other == "sasrec"
    # one of five early predictions; half of the late ones
    assert lead.early.value == pytest.approx(1 / 5)
    assert lead.late.value == pytest.approx(0.5)
    assert lead.shrinks.value == pytest.approx(1 / 5 - 1 / 2)
    assert lead.shrinks.low < lead.shrinks.value < lead.shrinks.high < 0


def test_both_leads_are_drawn_together():
    """Each session of 13 leads by as much early as late: the change is 0 in every resample."""
    log = log_of([[0, 1] * 6 + [0]] * LEAST_SESSIONS)
    own = ranks_of(log, lambda s, p: True)
    other = ranks_of(log, lambda s, p: s % 3 != 0)
    (lead,) = long({"gru": own, "markov": other}).leads
    assert lead.shrinks.interval == pytest.approx((0, 0), abs=1e-12)
    assert lead.early.high - lead.early.low > 0.1


def test_late_is_as_late_as_enough_sessions_reach():
    """Oracle: by hand; a session of L clicks has L − 1 predictions."""
    assert LATE == (21, 11)
    for length, count, late in (
        (22, LEAST_SESSIONS, 21), (21, LEAST_SESSIONS, 11), (12, LEAST_SESSIONS, 11),
        (11, LEAST_SESSIONS, None), (22, LEAST_SESSIONS - 1, None),
    ):  # fmt: skip
        log = log_of([[0, 1] * (length // 2) + [0] * (length % 2)] * count)
        same = ranks_of(log, lambda s, p: True)
        found = long({"gru": same, "markov": same})
        assert (None if found is None else found.late) == late


def test_totals_are_sums_over_drawn_rows():
    """Oracle: a column of ones sums to the number of rows; the means come out right."""
    each = np.column_stack([np.ones(50), np.arange(50.0)])
    drawn = resampled_sums(each)
    assert (drawn[:, 0] == 50).all()
    assert drawn[:, 1].mean() == pytest.approx(each[:, 1].sum(), rel=0.02)
    assert np.array_equal(drawn, resampled_sums(each))


def test_medians_and_their_intervals():
    found = median_of(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))
    assert found.value == 3
    assert 1 <= found.low < 3 < found.high <= 100
    assert estimate(0.5, np.linspace(0, 1, 1001)).interval == pytest.approx((0.025, 0.975))
    assert median_of(np.array([2.0])).interval == (2, 2)
