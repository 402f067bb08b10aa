"""The click ledger.

Oracles: one unit written out; autograd through a cell whose gates and slopes are held fixed
and whose every input has a factor of its own; the products of matrices of the definition; the
score, which the entries must give.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.click_ledger import click_ledger
from gru_viz.explain.readout import difference
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.record import record
from gru_viz.trace import Trace
from gru_viz.weights import Weights
from tests.explain.cases import LINEAR, NON_LINEAR, SESSIONS, one_unit, recorded, scaled, traced
from tests.models import N_ITEMS, random_model, small_catalog


def top_inputs(trace: Trace, weights: Weights) -> np.ndarray:
    """(T, E) x_t of the top layer."""
    if len(trace.layers) > 1:
        return trace.layers[-2].h
    return (np.eye(len(trace.catalog)) if weights.embedding is None else weights.embedding)[trace.items]


def by_autograd(
    trace: Trace, weights: Weights, item: int, against: int | None
) -> tuple[np.ndarray, float, float]:
    """(clicks, h0, candidate bias): gradients with respect to a factor before each input.

    The cell runs forward as in DESIGN.md, but z, r and tanh's slope are constants; what
    is left is linear, so each factor's gradient is what its input adds.
    """
    top, layer = trace.layers[-1], weights.layers[-1]
    H = top.units
    W, U, b = (torch.from_numpy(array[2 * H :].copy()) for array in (layer.W, layer.U, layer.b))
    c = None if layer.c is None else torch.from_numpy(layer.c.copy())
    x, z, r, h_prev, candidate = (
        torch.from_numpy(np.array(a))
        for a in (top_inputs(trace, weights), top.z, top.r, top.h_prev, top.candidate)
    )
    clicks = torch.ones(len(x), dtype=torch.float64, requires_grad=True)
    start, bias = (torch.ones(1, dtype=torch.float64, requires_grad=True) for _ in range(2))
    h = start * h_prev[0]
    for t in range(len(x)):

        def before_tanh(h, click, bias, t=t):
            if c is None:
                return click * (W @ x[t]) + U @ (r[t] * h) + bias * b
            return click * (W @ x[t]) + r[t] * (U @ h + bias * c) + bias * b

        slope = candidate[t] / before_tanh(h_prev[t], 1, 1)
        h = (1 - z[t]) * h + z[t] * slope * before_tanh(h, clicks[t], bias)
    weight, _ = difference(weights, item, against)
    (torch.from_numpy(weight.copy()) @ h).backward()
    return clicks.grad.numpy(), float(start.grad), float(bias.grad)


def by_matrices(trace: Trace, weights: Weights, item: int) -> np.ndarray:
    """M_T … M_{k+1} (z_k ⊙ ρ_k ⊙ W_h x_k) read out, every product formed."""
    top, layer = trace.layers[-1], weights.layers[-1]
    W, U = layer.W[2 * top.units :], layer.U[2 * top.units :]
    x = top_inputs(trace, weights)
    steps, writes = [], []
    for t in range(len(x)):
        recurrent = (
            U @ (top.r[t] * top.h_prev[t]) if layer.c is None else top.r[t] * (U @ top.h_prev[t] + layer.c)
        )
        a = W @ x[t] + recurrent + layer.b[2 * top.units :]
        gain = np.diag(top.z[t] * top.candidate[t] / a)
        inner = U @ np.diag(top.r[t]) if layer.c is None else np.diag(top.r[t]) @ U
        steps.append(np.diag(1 - top.z[t]) + gain @ inner)
        writes.append(gain @ W @ x[t])
    weight, _ = difference(weights, item)
    clicks = []
    for k, written in enumerate(writes):
        for M in steps[k + 1 :]:
            written = M @ written
        clicks.append(weight @ written)
    return np.array(clicks)


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("session", ["one click", "a repeated item", "a return"])
def test_entries_are_those_of_the_frozen_cell(kind: str, session: str) -> None:
    trace, weights = recorded(kind, SESSIONS[session])
    np.testing.assert_allclose(
        click_ledger(trace, weights, 3).clicks, by_matrices(trace, weights, 3), rtol=0, atol=1e-11
    )
    for against in (None, 5):
        ledger = click_ledger(trace, weights, 3, against)
        clicks, h0, bias = by_autograd(trace, weights, 3, against)
        np.testing.assert_allclose(ledger.clicks, clicks, rtol=0, atol=1e-11)
        assert ledger.h0 == pytest.approx(h0, abs=1e-11)
        assert ledger.candidate_bias == pytest.approx(bias, abs=1e-11)


@pytest.mark.parametrize("reset", ["reset before", "reset after"])
def test_from_a_start_that_is_not_zero(reset: str, rng: np.random.Generator) -> None:
    weights = random_model(reset, double=True).weights()
    trace = traced(weights, [2, 0, 5, 2], rng.uniform(-1, 1, 5))
    ledger = click_ledger(trace, weights, 3)
    clicks, h0, bias = by_autograd(trace, weights, 3, None)
    np.testing.assert_allclose(ledger.clicks, clicks, rtol=0, atol=1e-11)
    assert ledger.h0 == pytest.approx(h0, abs=1e-11)
    assert ledger.candidate_bias == pytest.approx(bias, abs=1e-11)
    assert abs(ledger.h0) > 0.01
    assert abs(ledger.residual) < 1e-10


@pytest.mark.parametrize("c", [None, 0.3])
def test_one_unit_by_hand(c: float | None) -> None:
    """Oracle: both clicks written out; z is ¾, r ¼ at item 0 (x = 1), the reverse at item 1 (x = −1)."""
    Wh, Uh, bh, h0, inside = 0.9, 1.5, -0.2, 0.4, c or 0.0
    weights = one_unit(Wh, Uh, bh, c)
    trace = traced(weights, [0, 1], np.array([h0]))

    a1 = Wh + 0.25 * (Uh * h0 + inside) + bh
    rho1 = np.tanh(a1) / a1
    h1 = 0.25 * h0 + 0.75 * np.tanh(a1)
    a2 = -Wh + 0.75 * (Uh * h1 + inside) + bh
    rho2 = np.tanh(a2) / a2
    through2 = 0.75 + 0.25 * rho2 * 0.75 * Uh  # of h1 in h2, directly and through the candidate
    through1 = 0.25 + 0.75 * rho1 * 0.25 * Uh

    ledger = click_ledger(trace, weights, 0)
    assert ledger.clicks == pytest.approx([2 * through2 * 0.75 * rho1 * Wh, -2 * 0.25 * rho2 * Wh])
    assert ledger.h0 == pytest.approx(2 * through2 * through1 * h0)
    first, second = through2 * 0.75 * rho1 * (bh + 0.25 * inside), 0.25 * rho2 * (bh + 0.75 * inside)
    assert ledger.candidate_bias == pytest.approx(2 * (first + second))
    assert ledger.bias == 0.5
    assert ledger.residual == pytest.approx(0, abs=1e-15)


@given(
    st.sampled_from(LINEAR),
    st.integers(0, 5),
    st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12),
    st.data(),
)
def test_it_sums_to_the_score(kind: str, seed: int, items: list[int], data: st.DataObject) -> None:
    step = data.draw(st.integers(-len(items), len(items) - 1))
    item, against = data.draw(st.tuples(*[st.integers(0, N_ITEMS - 1)] * 2))
    for double, bar in ((True, 1e-10), (False, 1e-5)):
        trace, weights = recorded(kind, items, seed, double)
        ledger = click_ledger(trace, weights, item, step=step)
        assert ledger.score == trace.scores[step, item]
        assert len(ledger) == range(len(items))[step] + 1
        assert abs(ledger.total - ledger.score) < bar
        assert abs(click_ledger(trace, weights, item, against, step).residual) < bar


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("session", SESSIONS)
def test_a_minus_b_is_the_difference_and_antisymmetric(kind: str, session: str) -> None:
    trace, weights = recorded(kind, SESSIONS[session])
    a, b = click_ledger(trace, weights, 1), click_ledger(trace, weights, 4)
    ab, ba = click_ledger(trace, weights, 1, 4), click_ledger(trace, weights, 4, 1)
    np.testing.assert_allclose(ab.clicks, a.clicks - b.clicks, rtol=0, atol=1e-11)
    np.testing.assert_array_equal(ab.clicks, -ba.clicks)
    assert (ab.h0, ab.bias, ab.candidate_bias) == (-ba.h0, -ba.bias, -ba.candidate_bias)
    assert abs(ab.residual) < 1e-10


@pytest.mark.parametrize("factor", [0.0, 1e-9, 50.0])
@pytest.mark.parametrize("reset", ["reset before", "reset after"])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_idle_and_saturated_gates(factor: float, reset: str, precision: str) -> None:
    """Oracle: with all weights 0, a is 0 and half of h_0 is kept at each click; the score otherwise."""
    weights = scaled(random_model(reset, double=precision == "float64").weights(), factor)
    h0 = np.linspace(-1, 1, 5)
    trace = traced(weights, [2, 0, 5], h0)
    ledger = click_ledger(trace, weights, 3)
    assert np.isfinite(ledger.clicks).all()
    assert abs(ledger.residual) < (1e-10 if precision == "float64" else 1e-5)
    if factor == 0:
        assert (ledger.clicks == 0).all()
        assert ledger.h0 == pytest.approx(float(weights.output_embedding[3] @ h0) / 8)


@pytest.mark.parametrize("reset", ["before", "after"])
def test_a_large_layer_of_200_clicks(reset: str, rng: np.random.Generator) -> None:
    """Oracle: the recorded score, at the size of a real model."""
    model = GRU4Rec(small_catalog(300), ModelConfig(units=(100,), embedding_dim=50, reset=reset)).eval()
    trace = record(model, rng.integers(0, 300, 200))
    item = int(trace.ranking(-1, 1)[0])
    assert abs(click_ledger(trace, model.weights(), item).residual) < 1e-5


@pytest.mark.parametrize("kind", NON_LINEAR)
def test_a_non_linear_top_is_refused(kind: str) -> None:
    trace, weights = recorded(kind, [2, 4])
    with pytest.raises(ValueError, match="non-linear"):
        click_ledger(trace, weights, 0)
