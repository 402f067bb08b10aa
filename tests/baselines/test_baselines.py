"""Oracle: counts made by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.baselines import ALL, Baseline, Markov, Popularity, base, fitted
from gru_viz.baselines.base import followers, log_popularity, starts_of, steps
from gru_viz.errors import InputError
from gru_viz.learn.evaluation import evaluate
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log

LOG = log_of([[0, 1, 2], [0, 1], [0, 2, 2], [3]], 5)


def scores_after(baseline: Baseline, items: list[int]) -> np.ndarray:
    """Scores of the next item at the end of this session."""
    log = ClickLog(LOG.catalog, np.array(items), np.array([0, len(items)]), ("s",))
    return baseline.score(log, np.array([len(items) - 1]))[0]


def test_popularity_is_the_share_of_clicks() -> None:
    expected = np.array([3, 2, 3, 1, 0]) / 9
    for items in ([0], [4, 1]):
        np.testing.assert_allclose(scores_after(Popularity().fit(LOG), items), expected)


def test_markov_counts_what_followed_and_lets_popularity_break_ties() -> None:
    popularity = np.array([3, 2, 3, 1, 0]) / 9
    markov = Markov().fit(LOG)
    np.testing.assert_allclose(scores_after(markov, [0]), popularity + np.array([0, 2, 1, 0, 0]))
    np.testing.assert_allclose(scores_after(markov, [0, 2]), popularity + np.array([0, 0, 1, 0, 0]))
    np.testing.assert_allclose(scores_after(markov, [4]), popularity)  # never followed: popularity


def test_popularity_never_outweighs_a_count() -> None:
    """Item 1 followed once; item 2 is nearly all clicks there are, and never followed 0."""
    log = log_of([[0, 1]] + [[2, 2]] * 500)
    scores = Markov().fit(log).score(log, np.array([0]))[0]
    assert scores[1] > scores[2]


def test_markov_takes_no_transition_across_sessions() -> None:
    markov = Markov().fit(log_of([[0, 1], [2, 3]]))
    assert list(zip(markov.counts.rows, markov.counts.columns, strict=True)) == [(0, 1), (2, 3)]


def test_markov_is_the_brute_force_count_on_a_random_log() -> None:
    log = random_log(80, 7)
    counts: Counter[tuple[int, int]] = Counter()
    for session in log:
        counts.update(zip(session.items[:-1].tolist(), session.items[1:].tolist(), strict=True))
    share = np.bincount(log.items, minlength=7) / log.n_clicks
    scores = Markov().fit(log).score(log, np.arange(log.n_clicks))
    for row, item in zip(scores, log.items, strict=True):
        np.testing.assert_allclose(row, [counts[int(item), j] + share[j] for j in range(7)])


@pytest.mark.parametrize("baseline", ALL)
@pytest.mark.parametrize("block", [1, 10**6])
def test_every_click_with_a_next_one_is_predicted_once(
    monkeypatch: pytest.MonkeyPatch, baseline: type[Baseline], block: int
) -> None:
    monkeypatch.setattr(base, "BLOCK_SCORES", block)
    log = random_log(30, 6)
    blocks = list(baseline().fit(log).predictions(log))
    predicted = np.concatenate([clicks for _, clicks in blocks])
    assert log.items[predicted].tolist() == [item for session in log for item in session.items[1:]]
    assert {len(scores) == len(clicks) for scores, clicks in blocks} == {True}
    scores = np.concatenate([scores for scores, _ in blocks])
    np.testing.assert_allclose(scores, baseline().fit(log).score(log, predicted - 1))


@pytest.mark.parametrize("baseline", ALL)
def test_fitting_again_forgets(baseline: type[Baseline]) -> None:
    again = baseline().fit(random_log(20, 5, seed=1)).fit(LOG)
    np.testing.assert_array_equal(scores_after(again, [0]), scores_after(baseline().fit(LOG), [0]))


@pytest.mark.parametrize("baseline", ALL)
def test_a_log_of_another_catalogue_is_refused(baseline: type[Baseline]) -> None:
    with pytest.raises(InputError, match="catalogue of the model"):
        list(baseline().fit(LOG).predictions(random_log(10, 9)))


def test_names_are_those_of_the_json() -> None:
    names = [b.name for b in fitted(LOG)]
    assert names == ["popularity", "session_popularity", "item_knn", "sequential_rules", "markov"]


@pytest.mark.parametrize("baseline", ALL)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=6), min_size=1, max_size=5), st.integers(0, 99)
)
def test_scores_depend_on_the_clicks_up_to_now_alone(
    baseline: type[Baseline], sessions: list[list[int]], seed: int
) -> None:
    """Oracle: the session by itself, cut off after the click, scored at its end."""
    fit = baseline().fit(LOG)
    log = log_of(sessions, 5)
    clicks = np.random.default_rng(seed).permutation(log.n_clicks)
    for click, scores in zip(clicks, fit.score(log, clicks), strict=True):
        session = int(np.searchsorted(log.offsets, click, side="right")) - 1
        up_to_now = log.items[log.offsets[session] : click + 1].tolist()
        np.testing.assert_array_equal(scores, scores_after(fit, up_to_now))


@pytest.mark.parametrize("baseline", ALL)
def test_what_is_not_known_of_the_last_item_falls_back_to_popularity(baseline: type[Baseline]) -> None:
    """Item 4 was never clicked: every other item ranks by its clicks, at equal scores never."""
    scores = scores_after(baseline().fit(LOG), [4])[:4]
    popularity = np.array([3, 2, 3, 1])
    for a in range(4):
        for b in range(4):
            assert (scores[a] > scores[b]) == (popularity[a] > popularity[b])


@pytest.mark.parametrize("baseline", ALL)
def test_a_log_of_single_clicks_teaches_popularity_alone(baseline: type[Baseline]) -> None:
    scores = scores_after(baseline().fit(log_of([[0], [1], [1]], 5)), [2])
    assert scores[1] > scores[0] > scores[3] == scores[4]


@pytest.mark.parametrize("baseline", ALL)
def test_a_block_never_holds_more_than_it_may(
    monkeypatch: pytest.MonkeyPatch, baseline: type[Baseline]
) -> None:
    """Long sessions of a small catalogue: the clicks before count, too."""
    monkeypatch.setattr(base, "BLOCK_SCORES", 1_000)
    log = log_of([[0, 1] * 100], 5)
    for scores, clicks in baseline().fit(log).predictions(log):
        assert scores.size + clicks.sum() <= 1_000 or len(clicks) == 1


@pytest.mark.parametrize("baseline", ALL)
def test_blocks_do_not_shrink_as_a_session_goes_on(
    monkeypatch: pytest.MonkeyPatch, baseline: type[Baseline]
) -> None:
    """What is far back costs nothing: 5 scores and 10 clicks a row, 66 rows in 1,000, to the last."""
    monkeypatch.setattr(base, "BLOCK_SCORES", 1_000)
    monkeypatch.setattr(base, "FAR_BACK", 10)
    log = log_of([[0, 1] * 1_000], 5)
    rows = [len(clicks) for _, clicks in baseline().fit(log).predictions(log)]
    assert min(rows[:-1]) == 66
    assert sum(rows) == 1_999


@pytest.mark.parametrize("baseline", ALL)
def test_a_large_catalogue_needs_no_table_of_all_by_all(baseline: type[Baseline]) -> None:
    """Oracle: 300,000 items; a table of all pairs would take 720 GB."""
    log = log_of([[0, 299_999, 7], [7, 299_999]], 300_000)
    scores = baseline().fit(log).score(log, np.array([0]))
    assert scores.shape == (1, 300_000)


def test_a_certain_chain_is_predicted_and_popularity_is_not() -> None:
    log = log_of([[0, 1, 2, 3, 4]] * 4)
    markov, popular = (evaluate(b().fit(log), log, (1,)).recall[1] for b in (Markov, Popularity))
    assert (markov, popular) == (1.0, 0.0)


def test_steps_count_from_the_sessions_start() -> None:
    assert steps(LOG).tolist() == [0, 1, 2, 0, 1, 0, 1, 2, 0]


def test_who_follows_whom_at_which_distance() -> None:
    found = [(distance, list(zip(a, b, strict=True))) for a, b, distance in followers(LOG, 5)]
    assert found == [(1, [(0, 1), (1, 2), (0, 1), (0, 2), (2, 2)]), (2, [(0, 2), (0, 2)])]


def test_the_start_of_a_clicks_session() -> None:
    assert starts_of(LOG, np.array([8, 0, 2, 3, 4, 7])).tolist() == [8, 0, 0, 3, 3, 5]


def test_log_popularity_by_hand() -> None:
    """Clicks 3, 2, 3, 1 and none, which counts as one."""
    expected = np.log([3, 2, 3, 1, 1])
    np.testing.assert_allclose(log_popularity(LOG), expected - np.log(18) / 5)
