"""Oracle: ranks counted item by item in plain Python, sessions run one by one from a zero state."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gru_viz.errors import InputError
from gru_viz.learn import evaluation
from gru_viz.learn.evaluation import ModelScorer, Quality, conservative_ranks, evaluate, ranks_of
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
    assert sorted(ranks_of(ModelScorer(any_model64), log)) == sorted(brute_force(any_model64, log))


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


def test_figures_by_hand() -> None:
    quality = Quality.of(np.array([1, 2, 11, 21]), (10, 20))
    assert quality.recall == {10: 0.5, 20: 0.75}
    assert quality.mrr == pytest.approx({10: (1 + 1 / 2) / 4, 20: (1 + 1 / 2 + 1 / 11) / 4})
    assert (quality.predictions, quality.ranks) == (4, "conservative")
    assert quality.to_dict(20) == {"recall@20": 0.75, "mrr@20": quality.mrr[20]}


class InBlocks:
    """The same predictions in blocks of the sizes given."""

    def __init__(self, scores: np.ndarray, targets: np.ndarray, sizes: list[int]) -> None:
        self.cuts = np.cumsum(sizes)
        self.scores, self.targets = scores, targets

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        parts = np.split(self.scores, self.cuts), np.split(self.targets, self.cuts)
        yield from zip(*parts, strict=True)


def test_no_mean_of_means() -> None:
    """Oracle: one block. Unequal blocks, an empty one among them, give the same figures."""
    rng = np.random.default_rng(0)
    scores, targets, log = rng.normal(size=(50, 30)), rng.integers(30, size=50), random_log()
    whole = evaluate(InBlocks(scores, targets, []), log)
    assert evaluate(InBlocks(scores, targets, [1, 0, 45]), log) == whole


@pytest.mark.parametrize(("scores", "clicks"), [(1, 1), (3 * N_ITEMS, 7), (10**6, 10**6)])
def test_blocks_and_groups_change_nothing(monkeypatch: pytest.MonkeyPatch, scores: int, clicks: int) -> None:
    """Every click but the first is predicted, whatever the block size: no short rest is left out."""
    model, log = random_model(double=True), random_log(25, N_ITEMS)
    monkeypatch.setattr(evaluation, "BLOCK_SCORES", scores)
    monkeypatch.setattr(evaluation, "BLOCK_CLICKS", clicks)
    assert sorted(ranks_of(ModelScorer(model), log)) == sorted(brute_force(model, log))
    assert evaluate(ModelScorer(model), log).predictions == sum(log.lengths - 1)


def test_state_does_not_leak_between_sessions() -> None:
    """A session's predictions do not depend on which sessions are beside or before it."""
    model, log = random_model(double=True), random_log(20, N_ITEMS)
    alone = [rank for s in range(len(log)) for rank in ranks_of(ModelScorer(model), log.select([s]))]
    assert sorted(alone) == sorted(ranks_of(ModelScorer(model), log))


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
