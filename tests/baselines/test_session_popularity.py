"""Oracle: clicks counted by hand."""

from __future__ import annotations

import numpy as np

from gru_viz.baselines import SessionPopularity
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
