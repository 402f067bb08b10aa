"""Does the loss of a training follow its settings?

Oracles: the papers' formulas in float64 NumPy, of scores that are given; counts made by hand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from gru_viz.learn.config import LOSSES, TrainingConfig
from gru_viz.learn.losses import SampledLoss, loss_of
from gru_viz.learn.losses.full import FullSoftmax
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log
from tests.models import N_ITEMS, random_model

IN_BATCH = TrainingConfig(negatives=0, in_batch=True)

# clicks on 0, 1, 2: 1, 9, 25; as targets 0, 4, 16
CLICKED = log_of([[0]] + [[1, 2, 2]] + [[2] * 2, [1, 1]] * 4 + [[2, 2, 2]] * 5, 3)
SUPPORT = np.array([1, 9, 25])


def sampled(config: TrainingConfig, log: ClickLog) -> SampledLoss:
    loss = loss_of(config, log)
    assert isinstance(loss, SampledLoss)
    return loss


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# of a target's score p beside a single negative's n, whose softmax weight is 1
PAIR: dict[str, Callable[[float, float], float]] = {
    "bce": lambda p, n: -(math.log(sigmoid(p)) + math.log(1 - sigmoid(n))) / 2,
    "bpr": lambda p, n: -math.log(sigmoid(p - n)),
    "top1": lambda p, n: sigmoid(n - p) + sigmoid(n * n),
    "top1-max": lambda p, n: sigmoid(n - p) + sigmoid(n * n),
}


def of_a_pair(config: TrainingConfig) -> tuple[list[float], list[tuple[float, float]]]:
    """The losses of two predictions, each the other's only negative, and their scores (p, n)."""
    model = random_model(double=True)
    features, targets = torch.randn(2, 5, dtype=torch.float64), torch.tensor([4, 2])
    scores = model.score(features).detach().numpy()
    found = loss_of(config, random_log(n_items=N_ITEMS))(model, features, targets, targets)
    return found.tolist(), [(scores[0, 4], scores[0, 2]), (scores[1, 2], scores[1, 4])]


@pytest.mark.parametrize("name", PAIR)
def test_each_name_is_its_formula(name: str) -> None:
    found, scores = of_a_pair(replace(IN_BATCH, loss=name))
    assert found == pytest.approx([PAIR[name](p, n) for p, n in scores])


@pytest.mark.parametrize("regularizer", [0.0, 0.3, 2.0])
def test_the_regularizer_reaches_bpr_max(regularizer: float) -> None:
    """−log σ(p − n) + λ n²"""
    found, scores = of_a_pair(replace(IN_BATCH, loss="bpr-max", regularizer=regularizer))
    assert found == pytest.approx([-math.log(sigmoid(p - n)) + regularizer * n * n for p, n in scores])


def test_every_name_has_a_loss() -> None:
    """The softmaxes have tests of their own; log q is corrected for the sampled one alone."""
    corrected = {
        name for name in LOSSES if name != "full" and sampled(replace(IN_BATCH, loss=name), CLICKED).log_q
    }
    assert corrected == {"sampled"} == set(LOSSES) - {*PAIR, "bpr-max", "full"}
    assert isinstance(loss_of(TrainingConfig(loss="full"), CLICKED), FullSoftmax)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_negatives_are_drawn_by_their_clicks_to_the_alpha(alpha: float) -> None:
    """Oracle: counted. A session's first click counts, too; alone or not."""
    drawn = sampled(TrainingConfig(loss="sampled", negatives=90_000, alpha=alpha), CLICKED).negatives.draw(
        torch.tensor([0])
    )
    shares = np.bincount(drawn.items.numpy(), minlength=3) / 90_000
    expected = SUPPORT**alpha / (SUPPORT**alpha).sum()
    np.testing.assert_allclose(shares, expected, atol=0.01)
    np.testing.assert_allclose(drawn.log_expected.exp(), 90_000 * expected[drawn.items])


def test_as_many_negatives_as_asked_for_and_the_batchs_own_if_asked_for() -> None:
    targets = torch.tensor([1, 2, 2])
    for config, count in ((TrainingConfig(negatives=7), 7), (replace(IN_BATCH, negatives=7), 10)):
        assert len(sampled(replace(config, loss="bpr"), CLICKED).negatives.draw(targets).items) == count


def test_the_seed_decides_what_is_drawn() -> None:
    one, again, other = (
        sampled(TrainingConfig(loss="bpr", seed=seed), CLICKED)
        .negatives.draw(torch.tensor([0]))
        .items.tolist()
        for seed in (3, 3, 4)
    )
    assert one == again != other
