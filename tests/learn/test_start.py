"""Oracles: the smoothed Markov chain, counted by hand; its matrix in full, where the rank allows that."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.baselines import Markov
from gru_viz.errors import InputError
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.start import can_start_from_markov, markov_factors, new_model
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log


def odds_matrix(log: ClickLog) -> np.ndarray:
    """M[i, j] = log(1 + count(i → j) / (n_i p_j)), with n_i one more than how often i was followed."""
    n = len(log.catalog)
    counts = np.zeros((n, n))
    for session in log:
        for a, b in zip(session.items[:-1], session.items[1:], strict=True):
            counts[a, b] += 1
    popularity = np.bincount(log.items, minlength=n).clip(1) / log.n_clicks
    return np.log1p(counts / ((counts.sum(1, keepdims=True) + 1) * popularity))


def test_at_full_rank_the_factors_are_the_chain() -> None:
    log = random_log(60, 6)
    A, B = markov_factors(log, 6)
    product, M = (A @ B.t()).numpy(), odds_matrix(log)
    np.testing.assert_allclose(product * (M.sum() / product.sum()), M, atol=1e-3)


def test_a_model_that_starts_from_the_chain_predicts_before_any_training() -> None:
    """On a chain 0 → 1 → 2 → … where all are clicked equally often; at random, most of that is missed."""
    log = log_of([list(range(10))] * 20)
    config = ModelConfig(units=(12,), embedding_dim=12)
    started = evaluate(ModelScorer(new_model(log, config, "markov")), log, (1,)).recall[1]
    at_random = evaluate(ModelScorer(new_model(log, config)), log, (1,)).recall[1]
    assert started > 0.9 > 0.5 > at_random


@pytest.mark.parametrize("start", ["random", "markov"])
def test_the_same_seed_starts_the_same_whatever_was_drawn_before(start: str) -> None:
    log, config = random_log(), ModelConfig(units=(4, 3), embedding_dim=5)
    one = new_model(log, config, start, seed=3)
    torch.rand(17)
    before = torch.get_rng_state()
    other = new_model(log, config, start, seed=3)
    third = new_model(log, config, start, seed=4)
    assert torch.equal(torch.get_rng_state(), before)
    for name, value in one.state_dict().items():
        assert torch.equal(value, other.state_dict()[name])
    assert not torch.equal(one.layers[0].U, third.layers[0].U)  # type: ignore[arg-type]


def test_nobodys_gpu_is_seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are those of `torch.manual_seed`, which also seeds every GPU of the process."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        layers = GRU4Rec(random_log().catalog, ModelConfig(units=(4,), embedding_dim=5)).layers
    monkeypatch.setattr(torch.cuda, "manual_seed_all", lambda _: pytest.fail("seeded"))
    model = new_model(random_log(), ModelConfig(units=(4,), embedding_dim=5), seed=3)
    assert torch.equal(model.layers[0].U, layers[0].U)  # type: ignore[arg-type]


def test_without_a_session_the_scores_are_popularity() -> None:
    """The bias alone, through a softmax, is each item's share of the clicks."""
    log = log_of([[0, 0, 1], [0, 2, 2]])
    model = new_model(log, ModelConfig(units=(2,), embedding_dim=2))
    shares = torch.softmax(model.output_bias.detach(), 0).numpy()
    np.testing.assert_allclose(shares, [3 / 6, 1 / 6, 2 / 6], rtol=1e-5)


@pytest.mark.parametrize("items", [1, 2, 50])
def test_catalogues_smaller_and_larger_than_the_rank(items: int) -> None:
    log = random_log(30, items)
    model = new_model(log, ModelConfig(units=(8, 4), embedding_dim=6), "markov")
    assert all(torch.isfinite(p).all() for p in model.parameters())


@pytest.mark.parametrize(
    "config",
    [
        ModelConfig(units=(4,), embedding_dim=4, output="tied"),
        ModelConfig(units=(4,), input="onehot"),
        ModelConfig(units=(4,), feed_forward=(4,)),
    ],
)
def test_a_model_without_room_for_the_chain(config: ModelConfig) -> None:
    assert not can_start_from_markov(config)
    new_model(random_log(), config)
    with pytest.raises(InputError, match="start at random"):
        new_model(random_log(), config, "markov")


def test_the_start_uses_training_transitions_only() -> None:
    """Session borders are no transitions: a log of sessions of one click gives empty factors."""
    A, _ = markov_factors(log_of([[0], [1], [2]]), 2)
    assert torch.isfinite(A).all()
    assert len(Markov().fit(log_of([[0], [1]])).counts.values) == 0
