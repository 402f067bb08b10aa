"""Oracles: softmax by hand, and `torch.nn.functional.cross_entropy`."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from gru_viz.catalog import Catalog
from gru_viz.learn.losses import in_parts
from gru_viz.learn.losses.full import FullSoftmax
from gru_viz.model import GRU4Rec, ModelConfig
from tests.models import N_ITEMS, random_model


def tiny() -> GRU4Rec:
    """Three items; scores after the features [x] are [x, 0, −x] + [0, 1, 0]."""
    model = GRU4Rec(Catalog(("a", "b", "c")), ModelConfig(units=(1,), embedding_dim=1))
    with torch.no_grad():
        model.own_output.copy_(torch.tensor([[1.0], [0.0], [-1.0]]))  # type: ignore[union-attr]
        model.output_bias.copy_(torch.tensor([0.0, 1.0, 0.0]))
    return model


def test_by_hand() -> None:
    features, targets = torch.tensor([[2.0], [0.0]]), torch.tensor([0, 2])
    first = math.log(math.exp(2) + math.exp(1) + math.exp(-2)) - 2
    second = math.log(1 + math.e + 1) - 0
    assert FullSoftmax()(tiny(), features, targets, targets).tolist() == pytest.approx(
        [first, second], rel=1e-6
    )


def full_and_gradients(
    model: GRU4Rec, features: torch.Tensor, targets: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    features = features.clone().requires_grad_()
    model.requires_grad_().zero_grad()
    loss = FullSoftmax()(model, features, targets, targets)
    loss.mean().backward()
    assert model.own_output is not None
    gradients = (features.grad, model.own_output.grad, model.output_bias.grad)
    return (loss.detach(), *(g.clone() for g in gradients if g is not None))


@pytest.mark.parametrize("block", [1, 2 * N_ITEMS, 5 * N_ITEMS + 3])
def test_in_parts_it_is_torchs(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    model = random_model(double=True)
    features, targets = torch.randn(11, 5, dtype=torch.float64), torch.randint(N_ITEMS, (11,))
    whole = full_and_gradients(model, features, targets)
    expected = cross_entropy(model.score(features), targets).item()
    assert whole[0].mean().item() == pytest.approx(expected, rel=1e-12)
    monkeypatch.setattr(in_parts, "BLOCK_SCORES", block)
    for a, b in zip(full_and_gradients(model, features, targets), whole, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)
