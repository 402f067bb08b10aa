"""Oracles: arithmetic by hand, counting, and the full softmax for the sampled one."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from gru_viz.learn.config import LOSSES, TrainingConfig
from gru_viz.learn.losses import in_parts, loss_of, sampled
from gru_viz.learn.losses.full import FullSoftmax
from gru_viz.learn.losses.ranking import bpr
from gru_viz.learn.losses.sampled import Drawn, Negatives, SampledLoss, sampled_softmax
from tests.logs import log_of, random_log
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


@pytest.mark.parametrize("in_batch", [False, True])
def test_log_q_corrects_what_is_drawn_often(in_batch: bool) -> None:
    """Σ exp(s − log expected) over the negatives estimates Σ_i exp(s_i): that is what log q is for."""
    support = np.array([1, 4, 16, 64, 256, 1024, 4096])
    negatives = Negatives(support, extra=200_000, alpha=0.5, in_batch=in_batch)
    scores = torch.randn(N_ITEMS, dtype=torch.float64)
    rng = np.random.default_rng(0)
    estimates = []
    for _ in range(20):  # the targets of a batch come ∝ support
        drawn = negatives.draw(torch.from_numpy(rng.choice(N_ITEMS, 1000, p=support / support.sum())))
        estimates.append((scores[drawn.items] - drawn.log_expected).exp().sum().item())
    assert np.mean(estimates) == pytest.approx(scores.exp().sum().item(), rel=0.03)


def test_expected_numbers_by_hand() -> None:
    """Support 1, 3; α = 0: q = ½, ½; p = ¼, ¾. 4 extra and 2 other targets: 2 + ½ and 2 + 1½."""
    negatives = Negatives(np.array([1, 3]), extra=4, alpha=0.0, in_batch=True)
    drawn = negatives.draw(torch.tensor([0, 1, 1]))
    assert drawn.items.tolist()[4:] == [0, 1, 1]
    np.testing.assert_allclose(drawn.log_expected.exp(), np.array([2.5, 3.5])[drawn.items])


def test_in_batch_negatives_are_expected_as_often_as_they_are_targets() -> None:
    """Item 0 opens every session and is a target in one of four: p = ¼ and ¾, whatever the clicks say."""
    log = log_of([[0, 1], [0, 1], [0, 1], [0, 0]])
    loss = loss_of(TrainingConfig(loss="sampled", negatives=0, in_batch=True), log)
    drawn = loss.negatives.draw(torch.tensor([0, 1, 1, 1, 1]))
    np.testing.assert_allclose(drawn.log_expected.exp(), [1.0, 3.0, 3.0, 3.0, 3.0])


def test_the_batchs_own_targets_are_negatives_only_where_asked_for() -> None:
    targets = torch.tensor([3, 3, 5])
    assert len(Negatives(np.ones(9), 4).draw(targets).items) == 4
    assert Negatives(np.ones(9), 0, in_batch=True).draw(targets).items.tolist() == [3, 3, 5]
    assert Negatives(np.ones(9), 4, in_batch=True).draw(targets).items.tolist()[4:] == [3, 3, 5]


def test_of_very_many_targets_some_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampled, "MOST_IN_BATCH", 5)
    drawn = Negatives(np.ones(40), 0, in_batch=True).draw(torch.arange(40)).items
    assert len(set(drawn.tolist())) == 5


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


def test_negatives_are_drawn_in_proportion_to_support_to_the_alpha() -> None:
    support = np.array([1, 9, 25])
    drawn = Negatives(support, extra=90_000, alpha=0.5).draw(NOBODY).items
    shares = np.bincount(drawn.numpy(), minlength=3) / len(drawn)
    np.testing.assert_allclose(shares, np.array([1, 3, 5]) / 9, atol=0.01)


def test_an_item_without_support_is_drawn_now_and_then() -> None:
    drawn = Negatives(np.array([0, 1]), extra=1000).draw(NOBODY)
    assert set(drawn.items.tolist()) == {0, 1}
    assert torch.isfinite(drawn.log_expected).all()


def test_the_same_seed_draws_the_same() -> None:
    one, other, third = (Negatives(np.arange(1, 100), seed=seed) for seed in (3, 3, 4))
    first = one.draw(NOBODY).items
    assert torch.equal(first, other.draw(NOBODY).items)
    assert not torch.equal(first, third.draw(NOBODY).items)
    assert not torch.equal(first, one.draw(NOBODY).items)
