"""Oracles: the papers' formulas in plain Python, pair by pair, and finite differences for gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from gru_viz.learn.losses.ranking import bce, bpr, bpr_max, top1, top1_max
from gru_viz.learn.losses.sampled import Formula, sampled_softmax

LAMBDA = 0.7


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# --- the oracles: one positive p, the list n of its negatives


def bce_of(p: float, n: list[float]) -> float:
    return -(math.log(sigmoid(p)) + sum(math.log(1 - sigmoid(x)) for x in n)) / (1 + len(n))


def bpr_of(p: float, n: list[float]) -> float:
    return -sum(math.log(sigmoid(p - x)) for x in n) / len(n)


def top1_of(p: float, n: list[float]) -> float:
    return sum(sigmoid(x - p) + sigmoid(x * x) for x in n) / len(n)


def weights_of(n: list[float]) -> list[float]:
    return [math.exp(x) / sum(map(math.exp, n)) for x in n]


def bpr_max_of(p: float, n: list[float]) -> float:
    wins = sum(s * sigmoid(p - x) for s, x in zip(weights_of(n), n, strict=True))
    return -math.log(wins) + LAMBDA * sum(s * x * x for s, x in zip(weights_of(n), n, strict=True))


def top1_max_of(p: float, n: list[float]) -> float:
    return sum(s * (sigmoid(x - p) + sigmoid(x * x)) for s, x in zip(weights_of(n), n, strict=True))


def softmax_of(p: float, n: list[float]) -> float:
    return math.log(math.exp(p) + sum(map(math.exp, n))) - p


Oracle = Callable[[float, list[float]], float]
FORMULAS: dict[str, tuple[Formula, Oracle]] = {
    "bce": (bce, bce_of),
    "bpr": (bpr, bpr_of),
    "bpr-max": (partial(bpr_max, regularizer=LAMBDA), bpr_max_of),
    "top1": (top1, top1_of),
    "top1-max": (top1_max, top1_max_of),
    "sampled": (sampled_softmax, softmax_of),
}
EVERY = pytest.mark.parametrize("name", FORMULAS)


def losses(formula: Formula, p: list[float], n: list[list[float]], own: list[list[bool]]) -> list[float]:
    rows = (torch.tensor(values, dtype=torch.float64) for values in (p, n))
    return formula(*rows, torch.tensor(own)).tolist()


# --- by hand


def test_by_hand() -> None:
    """p = 0 and one negative 0: every σ is ½, the softmax over negatives is 1."""
    half = math.log(2)
    found = {name: losses(f, [0.0], [[0.0]], [[False]])[0] for name, (f, _) in FORMULAS.items()}
    expected = {"bce": half, "bpr": half, "bpr-max": half, "top1": 1.0, "top1-max": 1.0, "sampled": half}
    assert found == pytest.approx(expected)


def test_bpr_max_by_hand() -> None:
    """Negatives 0 and log 3 weigh ¼ and ¾; p = log 3 beats them with σ = ¾ and ½: Σ s σ = 9/16."""
    a = math.log(3)
    plain = losses(partial(bpr_max, regularizer=0.0), [a], [[0.0, a]], [[False, False]])
    assert plain == pytest.approx([math.log(16 / 9)])
    full = losses(partial(bpr_max, regularizer=2.0), [a], [[0.0, a]], [[False, False]])
    assert full == pytest.approx([math.log(16 / 9) + 2 * 0.75 * a * a])


def test_top1_max_by_hand() -> None:
    """The same: ¼ (σ(−log 3) + σ(0)) + ¾ (σ(0) + σ(log² 3)), σ(−log 3) = ¼."""
    a = math.log(3)
    expected = 0.25 * (0.25 + 0.5) + 0.75 * (0.5 + sigmoid(a * a))
    assert losses(top1_max, [a], [[0.0, a]], [[False, False]]) == pytest.approx([expected])


# --- against the formulas

SCORE = st.floats(-6, 6)


@EVERY
@given(data=st.data())
def test_every_formula_is_the_papers(name: str, data: st.DataObject) -> None:
    formula, oracle = FORMULAS[name]
    rows, columns = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 5))
    p = data.draw(st.lists(SCORE, min_size=rows, max_size=rows))
    row = st.lists(SCORE, min_size=columns, max_size=columns)
    n = data.draw(st.lists(row, min_size=rows, max_size=rows))
    flags = st.lists(st.booleans(), min_size=columns, max_size=columns)
    own = data.draw(st.lists(flags, min_size=rows, max_size=rows))
    for found, positive, negatives, mine in zip(losses(formula, p, n, own), p, n, own, strict=True):
        left = [x for x, is_own in zip(negatives, mine, strict=True) if not is_own]
        assert found == pytest.approx(oracle(positive, left) if left else 0.0, rel=1e-9, abs=1e-12)


@EVERY
def test_gradients_by_finite_differences(name: str) -> None:
    """Through the softmax weights of the -max losses, too; one row has no negative of its own."""
    own = torch.tensor([[False, True, False], [True, True, True], [False, False, False]])
    p = torch.randn(3, dtype=torch.float64, requires_grad=True)
    n = torch.randn(3, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda p, n: FORMULAS[name][0](p, n, own), (p, n))


@EVERY
def test_the_target_among_its_negatives_does_not_count(name: str) -> None:
    """Its score as a negative, however high, changes nothing and gets no gradient."""
    formula = FORMULAS[name][0]
    own = torch.tensor([[False, True, True]])
    results = []
    for score in (0.0, 50.0):
        n = torch.tensor([[1.0, score, score]], requires_grad=True)
        loss = formula(torch.tensor([0.5]), n, own)
        loss.sum().backward()
        assert n.grad is not None
        assert n.grad[0, 1:].tolist() == [0, 0]
        results.append(loss.item())
    assert results[0] == results[1]


@EVERY
def test_nothing_to_stand_against_is_no_loss_and_no_gradient(name: str) -> None:
    """And no NaN: a softmax over nothing would be one, and its gradient even if the value is masked."""
    p = torch.tensor([3.0, -1.0], requires_grad=True)
    n = torch.tensor([[3.0, 3.0], [0.0, -1.0]], requires_grad=True)
    loss = FORMULAS[name][0](p, n, torch.tensor([[True, True], [False, True]]))
    loss.sum().backward()
    assert loss[0].item() == pytest.approx(0, abs=1e-6)
    assert p.grad is not None
    assert n.grad is not None
    assert p.grad[0].item() == pytest.approx(0, abs=1e-6)
    assert n.grad[0].tolist() == pytest.approx([0, 0], abs=1e-6)
    assert torch.isfinite(torch.cat([p.grad, n.grad.flatten()])).all()
    assert p.grad[1] != 0


@EVERY
def test_far_apart_scores_stay_numbers(name: str) -> None:
    """Float32 scores a thousand apart: Σ s σ underflows to 0 there, its logarithm must not."""
    p = torch.tensor([-1000.0, 1000.0], requires_grad=True)
    n = torch.tensor([[1000.0, 0.0], [-1000.0, 1000.0]], requires_grad=True)
    loss = FORMULAS[name][0](p, n, torch.zeros(2, 2, dtype=torch.bool))
    loss.sum().backward()
    for tensor in (loss, p.grad, n.grad):
        assert isinstance(tensor, Tensor)
        assert torch.isfinite(tensor).all()


def test_bpr_max_far_below_still_pulls_up() -> None:
    """p = −200 against 0: −log σ(−200) = 200 with slope −1, where 1e-24 inside the log would give 0."""
    p = torch.tensor([-200.0], requires_grad=True)
    loss = bpr_max(p, torch.zeros(1, 1), torch.zeros(1, 1, dtype=torch.bool), regularizer=0)
    loss.backward()
    assert p.grad is not None
    assert (loss.item(), p.grad.item()) == pytest.approx((200.0, -1.0))


@pytest.mark.parametrize("name", ["bpr-max", "top1-max"])
def test_the_softmax_is_over_negatives_only(name: str) -> None:
    """With the target in the softmax a high p would take all weight and the regulariser would vanish."""
    formula, oracle = FORMULAS[name]
    found = losses(formula, [20.0], [[1.0, 2.0]], [[False, False]])[0]
    assert found == pytest.approx(oracle(20.0, [1.0, 2.0]))
    assert found > 0.5
