"""Oracle: ranks counted item by item in plain Python, sessions run one by one from a zero state."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gru_viz.errors import InputError
from gru_viz.learn import evaluation
from gru_viz.learn.evaluation import ModelScorer, conservative_ranks, evaluate, ranked, ranks_of
from gru_viz.learn.quality import predicted_clicks
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log
from tests.models import N_ITEMS, random_model


def brute_force(model: GRU4Rec, log: ClickLog) -> list[int]:
    """1 + number of other items that score at least as much, for every click but the first of a session."""
    ranks = []
    for session in log:
        trace = record(model, session)
        for scores, target in zip(trace.scores[:-1], session.items[1:], strict=True):
            others = [i for i in range(len(scores)) if i != target and scores[i] >= scores[target]]
            ranks.append(1 + len(others))
    return ranks


def test_ranks_are_those_of_brute_force(any_model64: GRU4Rec) -> None:
    log = random_log(30, N_ITEMS)
    assert ranks_of(ModelScorer(any_model64), log).tolist() == brute_force(any_model64, log)


@given(hnp.arrays(np.float32, (3, 5), elements=st.integers(-2, 2).map(float)), st.integers(0, 4))
def test_conservative_ranks(scores: np.ndarray, target: int) -> None:
    expected = [1 + sum(s >= row[target] for i, s in enumerate(row) if i != target) for row in scores]
    assert conservative_ranks(scores, np.full(3, target)).tolist() == expected


def test_a_tie_counts_against_the_prediction() -> None:
    assert conservative_ranks(np.zeros((1, 4)), np.array([2])).tolist() == [4]


@pytest.mark.parametrize("broken", [[np.nan] * 4, [1, np.nan, 0, 0], [np.nan, 2, 1, 0]])
def test_a_score_that_is_no_number_never_helps(broken: list[float]) -> None:
    (rank,) = conservative_ranks(np.array([broken]), np.array([0]))
    assert rank >= 1 + sum(np.isnan(broken[1:]))
    if np.isnan(broken[0]):
        assert rank == 4


class InBlocks:
    """Scores (P, n_items) in the order of the log, in blocks that end where told, shuffled or not."""

    def __init__(self, scores: np.ndarray, cuts: list[int], order: np.ndarray | None = None) -> None:
        self.scores, self.cuts = scores, cuts
        self.order = np.arange(len(scores)) if order is None else order

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        parts = (np.split(one[self.order], self.cuts) for one in (self.scores, predicted_clicks(log)))
        yield from zip(*parts, strict=True)


def scores_for(log: ClickLog) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(log.n_clicks - len(log), len(log.catalog)))


def test_no_mean_of_means() -> None:
    """Oracle: one block. Unequal blocks, an empty one among them, in any order, give the same figures."""
    log = random_log()
    scores = scores_for(log)
    whole = evaluate(InBlocks(scores, []), log)
    assert evaluate(InBlocks(scores, [1, 1, 46]), log) == whole
    shuffled = np.random.default_rng(1).permutation(len(scores))
    assert evaluate(InBlocks(scores, [3, 50], shuffled), log) == whole


@pytest.mark.parametrize(
    "left",
    [np.arange(1, 100), np.arange(99), np.append(np.arange(99), 0)],
    ids=["without the first", "without the last, as where a slot runs dry", "one twice"],
)
def test_a_scorer_that_leaves_clicks_out_is_refused(left: np.ndarray) -> None:
    log = log_of([[0, 1]] * 100, 3)
    with pytest.raises(ValueError, match="each once"):
        evaluate(InBlocks(scores_for(log), [7], left), log)


@pytest.mark.parametrize("sessions", [1, 2, 31, 33])
def test_short_logs_are_predicted_whole(sessions: int) -> None:
    """Fewer sessions than any batch has slots, of unlike lengths: every click but the first counts."""
    log = log_of([[n % 7] * (2 + n % 5) for n in range(sessions)], N_ITEMS)
    assert evaluate(ModelScorer(random_model()), log).predictions == int((log.lengths - 1).sum())


def test_ranks_know_where_they_stand() -> None:
    """Oracle: by hand. Sessions of one click predict nothing and keep their number."""
    log = log_of([[0, 1, 2], [3], [4, 5]])
    found = ranked(InBlocks(np.eye(6)[[1, 0, 5]], [], np.array([2, 0, 1])), log)
    assert found.ranks.tolist() == [1, 6, 1]
    assert found.session.tolist() == [0, 0, 2]
    assert found.position.tolist() == [1, 2, 1]
    assert found.length.tolist() == [3, 3, 2]


def test_all_items_are_ranked_and_none_sampled() -> None:
    """Oracle: the score is the item's number, so item 0 of 3,000 has rank 3,000 and is in no list of 20."""
    log = log_of([[0, 0, 0]], 3_000)
    scores = np.tile(np.arange(3_000.0), (2, 1))
    assert ranks_of(InBlocks(scores, []), log).tolist() == [3_000, 3_000]
    assert evaluate(InBlocks(scores, []), log).recall[20] == 0


def test_who_scores_all_alike_is_never_right() -> None:
    """A tie counted in favour would make this model perfect."""
    log = log_of([[0, 1, 2]], 30)
    flat = InBlocks(np.zeros((2, 30)), [])
    assert evaluate(flat, log, (20,)).recall == {20: 0.0}
    assert evaluate(flat, log, (20,), "standard").recall == {20: 1.0}
    assert ranks_of(flat, log, "median").tolist() == [15.5, 15.5]


@pytest.mark.parametrize("ranks", ["conservative", "standard", "median"])
def test_quality_says_how_ties_were_counted(ranks: str) -> None:
    log = random_log()
    assert evaluate(InBlocks(scores_for(log), []), log, ranks=ranks).ranks == ranks


def test_other_ranks_are_refused() -> None:
    with pytest.raises(InputError, match="conservative, standard, median, not 'best'"):
        evaluate(ModelScorer(random_model()), random_log(5, N_ITEMS), ranks="best")


@pytest.mark.parametrize(("scores", "clicks"), [(1, 1), (3 * N_ITEMS, 7), (10**6, 10**6)])
def test_blocks_and_groups_change_nothing(monkeypatch: pytest.MonkeyPatch, scores: int, clicks: int) -> None:
    """Every click but the first is predicted, whatever the block size: no short rest is left out."""
    model, log = random_model(double=True), random_log(25, N_ITEMS)
    monkeypatch.setattr(evaluation, "BLOCK_SCORES", scores)
    monkeypatch.setattr(evaluation, "BLOCK_CLICKS", clicks)
    assert ranks_of(ModelScorer(model), log).tolist() == brute_force(model, log)
    assert evaluate(ModelScorer(model), log).predictions == sum(log.lengths - 1)


@pytest.mark.parametrize("clicks", [1, 7, 20])
def test_a_long_session_goes_on_from_stretch_to_stretch(
    monkeypatch: pytest.MonkeyPatch, every_model64: GRU4Rec, clicks: int
) -> None:
    """Oracle: each session recorded in one go. Long, short and equally long ones side by side."""
    monkeypatch.setattr(evaluation, "BLOCK_CLICKS", clicks)
    log = log_of([np.arange(n) * n % N_ITEMS for n in (40, 3, 21, 40, 1, 8)], N_ITEMS)
    found = np.empty((log.n_clicks, N_ITEMS))
    for scores, predicted in ModelScorer(every_model64).predictions(log):
        found[predicted] = scores
    expected = np.concatenate([record(every_model64, session).scores for session in log])
    predicted = predicted_clicks(log)
    np.testing.assert_allclose(found[predicted], expected[predicted - 1], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "lengths",
    [[70] * 10, [1_000, 3], [5, 100, 101, 102, 99], [2] * 250],
    ids=lambda lengths: str(lengths[:5]),
)
def test_no_more_clicks_run_at_once_than_may(monkeypatch: pytest.MonkeyPatch, lengths: list[int]) -> None:
    monkeypatch.setattr(evaluation, "BLOCK_CLICKS", 100)
    model, at_once = random_model(), []
    real = model.unroll
    monkeypatch.setattr(
        model, "unroll", lambda clicks, *more: at_once.append(len(clicks)) or real(clicks, *more)
    )
    evaluate(ModelScorer(model), log_of([[0] * n for n in lengths], N_ITEMS))
    assert max(at_once) <= 100
    assert sum(at_once) == sum(lengths) - len(lengths)


def test_between_two_blocks_everything_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two scorers of one model in training take turns: gradients stay on, and dropout of nobody else."""
    monkeypatch.setattr(evaluation, "BLOCK_SCORES", 3 * N_ITEMS)
    monkeypatch.setattr(evaluation, "BLOCK_CLICKS", 20)
    model, log = random_model(), random_log(20, N_ITEMS)
    model.config.__dict__["dropout_hidden"] = 0.5
    alone = list(ModelScorer(model).predictions(log))
    model.train()
    turns = [ModelScorer(model).predictions(log) for _ in range(2)]
    for expected, *blocks in zip(alone, *turns, strict=True):
        assert not torch.is_inference_mode_enabled()
        assert model.training
        for scores, predicted in blocks:
            np.testing.assert_array_equal(scores, expected[0])
            np.testing.assert_array_equal(predicted, expected[1])
    assert not torch.is_inference_mode_enabled()


def test_state_does_not_leak_between_sessions() -> None:
    """A session's predictions do not depend on which sessions are beside or before it."""
    model, log = random_model(double=True), random_log(20, N_ITEMS)
    alone = [rank for s in range(len(log)) for rank in ranks_of(ModelScorer(model), log.select([s]))]
    assert alone == ranks_of(ModelScorer(model), log).tolist()


def test_repeats_stay() -> None:
    quality = evaluate(ModelScorer(random_model()), log_of([[2, 2, 2]], N_ITEMS))
    assert quality.predictions == 2


def test_dropout_is_off_and_the_mode_restored() -> None:
    model = random_model()
    model.config.__dict__["dropout_hidden"] = 0.5
    model.train()
    log = random_log(10, N_ITEMS)
    assert evaluate(ModelScorer(model), log) == evaluate(ModelScorer(model), log)
    assert model.training


def test_nothing_to_predict_is_said() -> None:
    with pytest.raises(InputError, match="nothing to predict"):
        evaluate(ModelScorer(random_model()), log_of([[1], [2]], N_ITEMS))
