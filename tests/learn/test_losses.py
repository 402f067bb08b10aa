"""Oracles: softmax by hand, `torch.nn.functional.cross_entropy`, and the full softmax for the sampled one."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from gru_viz.catalog import Catalog
from gru_viz.learn import losses
from gru_viz.learn.losses import FullSoftmax, SampledSoftmax, sampled_softmax
from gru_viz.model import GRU4Rec, ModelConfig
from tests.models import N_ITEMS, random_model


def tiny() -> GRU4Rec:
    """Three items; scores after the features [x] are [x, 0, −x] + [0, 1, 0]."""
    model = GRU4Rec(Catalog(("a", "b", "c")), ModelConfig(units=(1,), embedding_dim=1))
    with torch.no_grad():
        model.own_output.copy_(torch.tensor([[1.0], [0.0], [-1.0]]))  # type: ignore[union-attr]
        model.output_bias.copy_(torch.tensor([0.0, 1.0, 0.0]))
    return model


def test_full_softmax_by_hand() -> None:
    features, targets = torch.tensor([[2.0], [0.0]]), torch.tensor([0, 2])
    first = math.log(math.exp(2) + math.exp(1) + math.exp(-2)) - 2
    second = math.log(1 + math.e + 1) - 0
    assert FullSoftmax()(tiny(), features, targets).item() == pytest.approx((first + second) / 2, rel=1e-6)


def full_and_gradients(
    model: GRU4Rec, features: torch.Tensor, targets: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    features = features.clone().requires_grad_()
    model.requires_grad_().zero_grad()
    loss = FullSoftmax()(model, features, targets)
    loss.backward()
    assert model.own_output is not None
    gradients = (features.grad, model.own_output.grad, model.output_bias.grad)
    return (loss.detach(), *(g.clone() for g in gradients if g is not None))


@pytest.mark.parametrize("block", [1, 2 * N_ITEMS, 5 * N_ITEMS + 3])
def test_full_softmax_in_parts_is_torchs(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    model = random_model(double=True)
    features, targets = torch.randn(11, 5, dtype=torch.float64), torch.randint(N_ITEMS, (11,))
    whole = full_and_gradients(model, features, targets)
    assert whole[0].item() == pytest.approx(cross_entropy(model.score(features), targets).item(), rel=1e-12)
    monkeypatch.setattr(losses, "BLOCK_SCORES", block)
    for a, b in zip(full_and_gradients(model, features, targets), whole, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)


def test_sampled_softmax_by_hand() -> None:
    """Row 1: negatives score 1 and 3. Row 2: the first negative is the target itself."""
    positive = torch.tensor([2.0, 5.0])
    negative = torch.tensor([[1.0, 3.0], [5.0, 4.0]])
    is_target = torch.tensor([[False, False], [True, False]])
    first = math.log(math.exp(2) + math.exp(1) + math.exp(3)) - 2
    second = math.log(math.exp(5) + math.exp(4)) - 5
    loss = sampled_softmax(positive, negative, is_target)
    assert loss.item() == pytest.approx((first + second) / 2, rel=1e-6)


@pytest.mark.parametrize("kind", ["reset before", "tied", "two feed-forward"])
def test_all_items_as_negatives_with_uniform_q_is_the_full_softmax(kind: str) -> None:
    model = random_model(kind, double=True)
    features = torch.randn(6, model.config.features, dtype=torch.float64)
    targets = torch.randint(N_ITEMS, (6,))
    sampled = SampledSoftmax(np.ones(N_ITEMS), alpha=0.5)
    sampled.log_q = sampled.log_q.double()
    loss = sampled.over(torch.arange(N_ITEMS), model, features, targets)
    torch.testing.assert_close(loss, FullSoftmax()(model, features, targets), rtol=1e-6, atol=1e-9)


def test_a_target_is_never_its_own_negative() -> None:
    """Negatives that are all the target leave nothing to tell apart: no loss, no gradient."""
    model = random_model().requires_grad_()
    sampled = SampledSoftmax(np.arange(1, N_ITEMS + 1))
    features = torch.randn(3, 5)
    loss = sampled.over(torch.tensor([4, 4]), model, features, torch.tensor([4, 4, 4]))
    loss.backward()
    assert loss.item() == pytest.approx(0, abs=1e-6)
    assert model.output_bias.grad is not None
    assert model.output_bias.grad.abs().max() < 1e-6


def test_log_q_corrects_what_is_drawn_often() -> None:
    """The mean of exp(s − log q) over negatives estimates Σ_i exp(s_i): that is what log q is for."""
    support = np.array([1, 4, 16, 64, 256, 1024, 4096])
    sampled = SampledSoftmax(support, negatives=200_000, alpha=0.5)
    drawn = sampled.draw()
    scores = torch.randn(N_ITEMS, dtype=torch.float64)
    estimate = (scores[drawn] - sampled.log_q[drawn]).exp().mean().item()
    assert estimate == pytest.approx(scores.exp().sum().item(), rel=0.03)


def test_negatives_are_drawn_in_proportion_to_support_to_the_alpha() -> None:
    support = np.array([1, 9, 25])
    drawn = SampledSoftmax(support, negatives=90_000, alpha=0.5).draw()
    shares = np.bincount(drawn.numpy(), minlength=3) / len(drawn)
    np.testing.assert_allclose(shares, np.array([1, 3, 5]) / 9, atol=0.01)


def test_an_item_without_support_is_drawn_now_and_then() -> None:
    sampled = SampledSoftmax(np.array([0, 1]), negatives=1000)
    assert set(sampled.draw().tolist()) == {0, 1}
    assert torch.isfinite(sampled.log_q).all()


def test_the_same_seed_draws_the_same() -> None:
    one, other, third = (SampledSoftmax(np.arange(1, 100), seed=seed) for seed in (3, 3, 4))
    first = one.draw()
    assert torch.equal(first, other.draw())
    assert not torch.equal(first, third.draw())
    assert not torch.equal(first, one.draw())
