"""Oracles: arithmetic by hand, and counting what was drawn."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.losses import loss_of, negatives
from gru_viz.learn.losses.negatives import Negatives
from tests.logs import log_of
from tests.models import N_ITEMS

NOBODY = torch.empty(0, dtype=torch.int64)


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
    monkeypatch.setattr(negatives, "MOST_IN_BATCH", 5)
    drawn = Negatives(np.ones(40), 0, in_batch=True).draw(torch.arange(40)).items
    assert len(set(drawn.tolist())) == 5


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
