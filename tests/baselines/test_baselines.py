"""Oracle: counts made by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from gru_viz.baselines import ALL, Baseline, Markov, Popularity, base, fitted
from gru_viz.baselines.base import steps
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
    assert sorted(zip(np.repeat(range(4), np.diff(markov.starts)), markov.next, strict=True)) == [
        (0, 1),
        (2, 3),
    ]


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
    targets = [target for _, block in baseline().fit(log).predictions(log) for target in block]
    assert targets == [item for session in log for item in session.items[1:]]


@pytest.mark.parametrize("baseline", ALL)
def test_fitting_again_forgets(baseline: type[Baseline]) -> None:
    again = baseline().fit(random_log(20, 5, seed=1)).fit(LOG)
    np.testing.assert_array_equal(scores_after(again, [0]), scores_after(baseline().fit(LOG), [0]))


@pytest.mark.parametrize("baseline", ALL)
def test_a_log_of_another_catalogue_is_refused(baseline: type[Baseline]) -> None:
    with pytest.raises(InputError, match="catalogue of the model"):
        list(baseline().fit(LOG).predictions(random_log(10, 9)))


def test_names_are_those_of_the_json() -> None:
    assert [b.name for b in fitted(LOG)] == ["popularity", "markov"]


def test_a_certain_chain_is_predicted_and_popularity_is_not() -> None:
    log = log_of([[0, 1, 2, 3, 4]] * 4)
    markov, popular = (evaluate(b().fit(log), log, (1,)).recall[1] for b in (Markov, Popularity))
    assert (markov, popular) == (1.0, 0.0)


def test_steps_count_from_the_sessions_start() -> None:
    assert steps(LOG).tolist() == [0, 1, 2, 0, 1, 0, 1, 2, 0]
