"""Oracles: resampling session by session in plain Python; the spread of logs drawn anew; a binomial's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.learn import intervals as module
from gru_viz.learn.intervals import intervals, measured
from gru_viz.learn.quality import Quality, Ranked
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log


def random_ranks(log: ClickLog, seed: int = 0) -> Ranked:
    size = int((log.lengths - 1).sum())
    return Ranked.of(log, np.random.default_rng(seed).integers(1, 40, size))


def test_as_if_each_log_was_drawn_and_measured() -> None:
    """Oracle: the sessions of every resample one after another, and one mean over their predictions."""
    ranked = random_ranks(random_log(12))
    of_session = [ranked.ranks[ranked.session == s] for s in np.unique(ranked.session)]
    drawn = np.random.default_rng(5).integers(len(of_session), size=(50, len(of_session)))
    each = [Quality.of(np.concatenate([of_session[s] for s in row]), (5,)) for row in drawn]
    found = intervals(ranked, (5,), resamples=50, level=0.9, seed=5)
    recall, mrr = [q.recall[5] for q in each], [q.mrr[5] for q in each]
    assert found.recall[5] == pytest.approx(tuple(np.quantile(recall, [0.05, 0.95])))
    assert found.mrr[5] == pytest.approx(tuple(np.quantile(mrr, [0.05, 0.95])))
    assert (found.level, found.resamples) == (0.9, 50)


def test_sessions_are_drawn_and_not_predictions() -> None:
    """All 20 predictions of a session hit or miss together: 100 sessions know as much as 100 throws.

    Oracle: a binomial's standard error with n = 100; from 2,000 single predictions it would be
    more than four times as narrow.
    """
    log = log_of([[0] * 21] * 100)
    ranks = np.repeat(np.arange(100) % 2 * 99 + 1, 20)
    low, high = intervals(Ranked.of(log, ranks), (20,)).recall[20]
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 100), rel=0.1)
    assert (low + high) / 2 == pytest.approx(0.5, abs=0.02)


def test_the_truth_is_inside_about_as_often_as_promised(rng: np.random.Generator) -> None:
    """Oracle: 200 logs of 80 sessions, whose chance of a hit is Beta(2, 2): 0.5 on average."""
    log = log_of([[0] * (2 + n % 6) for n in range(80)])
    lengths = log.lengths - 1
    inside = 0
    for _ in range(200):
        chance = np.repeat(rng.beta(2, 2, 80), lengths)
        ranks = np.where(rng.random(len(chance)) < chance, 1, 99)
        low, high = intervals(Ranked.of(log, ranks), (20,), resamples=300).recall[20]
        inside += low <= 0.5 <= high
    assert 0.9 <= inside / 200 <= 0.985


@pytest.mark.parametrize("at_once", [1, 100, 10**6])
def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    ranked = random_ranks(random_log(30))
    whole = intervals(ranked)
    monkeypatch.setattr(module, "DRAWS_AT_ONCE", at_once)
    assert intervals(ranked) == whole


def test_the_seed_decides() -> None:
    ranked = random_ranks(random_log(30))
    assert intervals(ranked, seed=3) == intervals(ranked, seed=3) != intervals(ranked, seed=4)


@given(st.integers(2, 12), st.integers(0, 99))
def test_low_is_at_most_high_inside_0_to_1(sessions: int, seed: int) -> None:
    ranked = random_ranks(log_of([[0, 1, 2]] * sessions), seed)
    found = intervals(ranked, resamples=60, seed=seed)
    for low, high in [*found.recall.values(), *found.mrr.values()]:
        assert 0 <= low <= high <= 1


def test_one_session_promises_nothing() -> None:
    found = intervals(random_ranks(log_of([[0, 1, 2], [3]])), (20,))
    assert (found.recall, found.mrr) == ({20: (0.0, 1.0)}, {20: (0.0, 1.0)})


def test_nothing_predicted_is_said() -> None:
    with pytest.raises(InputError, match="nothing to predict"):
        intervals(Ranked.of(log_of([[0], [1]]), np.empty(0)))


def test_measured_has_figures_and_intervals_of_its_cutoffs() -> None:
    ranked = random_ranks(random_log(20))
    row = measured("mine", ranked, (10,))
    assert row.name == "mine"
    assert row.quality == ranked.quality((10,))
    assert row.intervals == intervals(ranked, (10,))
    assert set(intervals(ranked).to_dict(5, 20)) == {"recall@5", "recall@20", "mrr@5", "mrr@20"}
