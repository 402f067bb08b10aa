"""Oracle: clicks counted by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.baselines import SessionPopularity, session_popularity
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log

LOG = log_of([[0, 1, 2], [0, 1], [0, 2, 2], [3]], 5)
POPULARITY = np.array([3, 2, 3, 1, 0]) / 9


def test_counts_of_the_session_so_far_and_popularity_between_equals() -> None:
    log = log_of([[4], [1, 3, 1, 4]], 5)
    scores = SessionPopularity().fit(LOG).score(log, np.array([0, 1, 2, 3, 4]))
    expected = [[0, 0, 0, 0, 1], [0, 1, 0, 0, 0], [0, 1, 0, 1, 0], [0, 2, 0, 1, 0], [0, 2, 0, 1, 1]]
    np.testing.assert_allclose(scores, np.array(expected) + POPULARITY)


def test_popularity_never_outweighs_a_click() -> None:
    fit = SessionPopularity().fit(log_of([[0, 0, 0, 0, 0, 1]]))
    scores = fit.score(log_of([[1]], 2), np.array([0]))[0]
    assert scores[1] > scores[0]


def test_brute_force_on_a_random_log() -> None:
    log = random_log(40, 6)
    scores = SessionPopularity().fit(log).score(log, np.arange(log.n_clicks))
    share = np.bincount(log.items, minlength=6) / log.n_clicks
    rows = iter(scores)
    for session in log:
        for t in range(len(session)):
            np.testing.assert_allclose(next(rows), np.bincount(session.items[: t + 1], minlength=6) + share)


def by_hand(fit: SessionPopularity, log: ClickLog) -> np.ndarray:
    """(N, n_items) one click after the other, in plain Python."""
    rows = []
    for session in log:
        clicked: Counter[int] = Counter()
        for item in session.items.tolist():
            clicked[item] += 1
            rows.append([clicked[j] + fit.share[j] for j in range(fit.n_items)])
    return np.array(rows)


@pytest.mark.parametrize("mark", [1, 4, 100])
@pytest.mark.parametrize("n_items", [1, 2, 7, 60])
def test_long_sessions_bit_by_bit(monkeypatch: pytest.MonkeyPatch, mark: int, n_items: int) -> None:
    """Around a mark, at it and many marks on; asked for in any order, some twice. Ties stay ties."""
    monkeypatch.setattr(session_popularity, "MARK", mark)
    rng = np.random.default_rng(0)
    log = log_of([rng.integers(n_items, size=n) for n in (300, 1, 59, 60, 61, 2, 120, 121, 240)], n_items)
    fit = SessionPopularity().fit(log)
    expected = by_hand(fit, log)
    np.testing.assert_array_equal(fit.score(log, np.arange(log.n_clicks)), expected)
    some = rng.integers(log.n_clicks, size=500)
    np.testing.assert_array_equal(fit.score(log, some), expected[some])


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=12), min_size=1, max_size=6),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=9),
)
def test_any_sessions_bit_by_bit(sessions: list[list[int]], asked: list[int]) -> None:
    log = log_of(sessions, 3)
    fit = SessionPopularity().fit(log)
    clicks = np.array(asked) % log.n_clicks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session_popularity, "MARK", 2)
        np.testing.assert_array_equal(fit.score(log, clicks), by_hand(fit, log)[clicks])


def test_a_long_session_is_not_counted_anew_for_each_click(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clicks looked at, counted: 100 or so for each prediction. Anew it would be 2,000."""
    counted: list[int] = []
    real = session_popularity.expanded

    def spied(first: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        counted.append(int(count.sum()))
        return real(first, count)

    monkeypatch.setattr(session_popularity, "expanded", spied)
    log = log_of([np.arange(4_000) % 5])
    list(SessionPopularity().fit(log).predictions(log))
    assert sum(counted) < 110 * log.n_clicks
