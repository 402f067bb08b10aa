"""Oracles: arithmetic by hand, counting, and the full softmax for the sampled one."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from gru_viz.learn.config import LOSSES, TrainingConfig
from gru_viz.learn.losses import in_parts, loss_of
from gru_viz.learn.losses.full import FullSoftmax
from gru_viz.learn.losses.ranking import bpr
from gru_viz.learn.losses.sampled import Drawn, Negatives, SampledLoss, sampled_softmax
from tests.logs import random_log
from tests.models import N_ITEMS, random_model

NOBODY = torch.empty(0, dtype=torch.int64)


def test_sampled_softmax_by_hand() -> None:
    """Row 1: negatives score 1 and 3. Row 2: the first negative is the target itself."""
    positive = torch.tensor([2.0, 5.0])
    negative = torch.tensor([[1.0, 3.0], [5.0, 4.0]])
    own = torch.tensor([[False, False], [True, False]])
    first = math.log(math.exp(2) + math.exp(1) + math.exp(3)) - 2
    second = math.log(math.exp(5) + math.exp(4)) - 5
    assert sampled_softmax(positive, negative, own).tolist() == pytest.approx([first, second], rel=1e-6)


@pytest.mark.parametrize("kind", ["reset before", "tied", "two feed-forward"])
def test_every_item_expected_once_is_the_full_softmax(kind: str) -> None:
    model = random_model(kind, double=True)
    features = torch.randn(6, model.config.features, dtype=torch.float64)
    targets = torch.randint(N_ITEMS, (6,))
    loss = SampledLoss(sampled_softmax, Negatives(np.ones(N_ITEMS)), log_q=True)
    every = Drawn(torch.arange(N_ITEMS), torch.zeros(N_ITEMS))
    found = loss.over(every, model, features, targets)
    torch.testing.assert_close(found, FullSoftmax()(model, features, targets, targets), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "full"])
def test_a_batch_of_one_target_learns_nothing_from_itself(loss: str) -> None:
    """All predictions have the same target, the only in-batch negative, and the extra ones are it, too."""
    log = random_log(n_items=N_ITEMS)
    config = TrainingConfig(loss=loss, negatives=0, in_batch=True)
    model = random_model().requires_grad_()
    targets = torch.tensor([4, 4, 4])
    losses = loss_of(config, log)(model, torch.randn(3, 5), targets, targets)
    losses.sum().backward()
    assert losses.tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    for parameter in (model.output_bias, model.own_output):
        assert parameter is not None
        assert parameter.grad is not None
        assert parameter.grad.abs().max() < 1e-6  # and not NaN


@pytest.mark.parametrize("loss", [name for name in LOSSES if name != "full"])
def test_another_ones_target_stands_against_me(loss: str) -> None:
    """Two predictions, no extra negatives: each is the other's negative, and only that."""
    log = random_log(n_items=N_ITEMS)
    config = TrainingConfig(loss=loss, negatives=0, in_batch=True)
    model = random_model().requires_grad_()
    targets = torch.tensor([4, 2])
    loss_of(config, log)(model, torch.randn(2, 5), targets, targets).sum().backward()
    assert model.output_bias.grad is not None
    assert np.flatnonzero(model.output_bias.grad).tolist() == [2, 4]


def test_bpr_by_hand_through_the_model() -> None:
    """Features of one prediction, target 0 against the items 1 and 0 (itself)."""
    model = random_model(double=True)
    features = torch.randn(1, 5, dtype=torch.float64)
    scores = model.score(features)[0].detach()
    found = SampledLoss(bpr, Negatives(np.ones(N_ITEMS))).over(
        Drawn(torch.tensor([1, 0]), torch.zeros(2)), model, features, torch.tensor([0])
    )
    expected = math.log(1 + math.exp(float(scores[1] - scores[0])))
    assert found.tolist() == pytest.approx([expected])


def test_in_parts_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model(double=True).requires_grad_()
    loss = SampledLoss(bpr, Negatives(np.ones(N_ITEMS)))
    features, targets = torch.randn(11, 5, dtype=torch.float64), torch.randint(N_ITEMS, (11,))
    drawn = Drawn(torch.tensor([0, 3, 3, 6]), torch.zeros(4))
    found = []
    for block in (50_000_000, 9):
        monkeypatch.setattr(in_parts, "BLOCK_SCORES", block)
        model.zero_grad()
        losses = loss.over(drawn, model, features, targets)
        losses.sum().backward()
        assert model.own_output is not None
        assert model.own_output.grad is not None
        found.append((losses.detach(), model.own_output.grad.clone()))
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)
