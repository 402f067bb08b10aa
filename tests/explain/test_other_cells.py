"""Do the explanations hold for an LSTM and a vanilla RNN?

Oracles: the recorded scores, which every ledger must sum to; the frozen cell's matrices, every
product formed; `tests.oracles`; autograd with gates and slopes held fixed.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch

from gru_viz.explain.arithmetic import arithmetic
from gru_viz.explain.click_ledger import click_ledger
from gru_viz.explain.deletion import deletion
from gru_viz.explain.ledger import write_ledger
from gru_viz.explain.readout import difference
from gru_viz.explain.reset import reset_effect
from gru_viz.explain.retention import half_lives, retention
from gru_viz.explain.split import split
from gru_viz.explain.verify import largest_error
from gru_viz.explain.why import why
from gru_viz.explain.words import plain, step_sentence
from gru_viz.interventions import Intervention, ablate, forget
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from gru_viz.weights import Weights
from tests.explain.cases import SESSIONS, recorded
from tests.models import OTHERS, random_model

EVERY_SESSION = pytest.mark.parametrize("session", SESSIONS)
EVERY_KIND = pytest.mark.parametrize("kind", OTHERS)


def inputs(trace: Trace, weights: Weights) -> np.ndarray:
    """(T, E) what the top layer sees of each click."""
    if len(trace.layers) > 1:
        return trace.layers[-2].h
    items = trace.items
    return np.eye(len(trace.catalog))[items] if weights.embedding is None else weights.embedding[items]


@EVERY_KIND
@EVERY_SESSION
def test_ledgers_and_split_add_up(kind: str, session: str) -> None:
    """Oracle: the recorded score."""
    trace, weights = recorded(kind, SESSIONS[session])
    for against in (None, 5):
        assert abs(write_ledger(trace, weights, 3, against).residual) < 1e-10
    assert np.abs(split(trace, weights, 7).residual).max() < 1e-10
    ledger = click_ledger(trace, weights, 3, 5)
    assert abs(ledger.residual) < 1e-10 * max(1, np.abs(ledger.clicks).max())


@EVERY_KIND
def test_ledgers_at_every_step_in_single_precision(kind: str) -> None:
    trace, weights = recorded(kind, SESSIONS["a return"], double=False)
    for step in range(len(trace)):
        assert abs(write_ledger(trace, weights, 3, step=step).residual) < 1e-5
        assert abs(click_ledger(trace, weights, 3, step=step).residual) < 1e-5


@EVERY_KIND
def test_the_write_ledger_is_the_frozen_sum(kind: str) -> None:
    """Oracle: h_T = shown_T ⊙ Σ_k Π keep ⊙ write_k, term by term; an RNN writes all at the last click."""
    trace, weights = recorded(kind, SESSIONS["a return"])
    top, last = trace.layers[-1], len(trace) - 1
    weight, _ = difference(weights, 3, 5)
    shown = top.gates["o"][last] * np.tanh(top.c[last]) / top.c[last] if top.c is not None else 1
    expected = [weight @ (shown * top.keep[k + 1 :].prod(axis=0) * top.write[k]) for k in range(last + 1)]
    ledger = write_ledger(trace, weights, 3, 5)
    np.testing.assert_allclose(ledger.clicks, expected, rtol=0, atol=1e-12)
    if top.cell == "rnn":
        assert not ledger.clicks[:-1].any()
        assert click_ledger(trace, weights, 3, 5).clicks[:-1].all()


@EVERY_KIND
def test_the_click_ledger_is_the_frozen_cell(kind: str) -> None:
    """Oracle: autograd through the cell with every gate and slope held fixed: entry = gradient · input."""
    trace, weights = recorded(kind, SESSIONS["a return"])
    top, layer = trace.layers[-1], weights.layers[-1]
    block = slice(-top.units, None)
    W, U, b = (torch.from_numpy(part[block].copy()) for part in (layer.W, layer.U, layer.b))
    x = torch.from_numpy(inputs(trace, weights).copy()).requires_grad_()
    bias = torch.ones((), dtype=torch.float64, requires_grad=True)
    h = torch.zeros(top.units, dtype=torch.float64)
    state = torch.zeros_like(h)
    for t in range(len(trace)):
        a = W @ x[t].detach() + U @ torch.from_numpy(top.h_prev[t].copy()) + b
        rho = torch.tanh(a) / a
        proposal = rho * (W @ x[t] + U @ h + bias * b)
        if top.cell == "lstm":
            f, i, o = (torch.from_numpy(top.gates[name][t].copy()) for name in "fio")
            c = torch.from_numpy(top.c[t].copy())
            state = f * state + i * proposal
            h = o * torch.tanh(c) / c * state
        else:
            h = state = proposal
    weight, _ = difference(weights, 3, 5)
    (torch.from_numpy(weight.copy()) @ h).backward()
    ledger = click_ledger(trace, weights, 3, 5)
    np.testing.assert_allclose(ledger.clicks, (x.grad * x).sum(dim=1).detach(), rtol=0, atol=1e-11)
    assert ledger.candidate_bias == pytest.approx(float(bias.grad), abs=1e-11)


@EVERY_KIND
def test_retention_and_half_lives(kind: str) -> None:
    """Oracle: every row of shares sums to 1; ln 2 / −ln(mean keep)."""
    trace, _ = recorded(kind, SESSIONS["a return"])
    top = trace.layers[-1]
    np.testing.assert_allclose(retention(top).shares.sum(axis=1), 1, rtol=0, atol=1e-12)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(half_lives(top), np.log(2) / np.abs(np.log(top.keep.mean(axis=0))))


@EVERY_KIND
@EVERY_SESSION
def test_the_second_computation_agrees(kind: str, session: str) -> None:
    """Oracle: rounding of float64; another model's numbers are far away."""
    trace, weights = recorded(kind, SESSIONS[session])
    assert largest_error(trace, weights) < 1e-13
    assert largest_error(trace, random_model(kind, seed=1, double=True).weights()) > 0.1


@EVERY_KIND
def test_the_arithmetic_gives_gates_and_candidate(kind: str) -> None:
    """Oracle: σ and tanh of the sums, also where the state was forced."""
    model = random_model(kind, double=True)
    trace = record(model, SESSIONS["a return"], [forget(3), Intervention("h_prev", "scale", 0.5, (0,))])
    for number, layer in enumerate(trace.layers):
        sums = arithmetic(trace, model.weights(), number)
        total = sums.input + sums.recurrent + sums.bias
        assert total.shape[1] == len(layer.anatomy.blocks)
        for block, name in enumerate(layer.anatomy.gates):
            np.testing.assert_allclose(1 / (1 + np.exp(-total[:, block])), layer.gates[name], atol=1e-12)
        np.testing.assert_allclose(np.tanh(total[:, -1]), layer.candidate, atol=1e-12)


@EVERY_KIND
def test_deletion_is_the_shorter_session(kind: str) -> None:
    model = random_model(kind, double=True)
    trace = record(model, SESSIONS["a return"])
    found = deletion(trace, 3, partial(last_clicks, model))
    shorter = record(model, [i for place, i in enumerate(SESSIONS["a return"]) if place != 2])
    assert trace.scores[-1][3] - found.score_drop[2] == pytest.approx(shorter.scores[-1][3], abs=1e-12)


@EVERY_KIND
def test_all_three_ways_at_once(kind: str) -> None:
    model = random_model(kind, double=True)
    trace = record(model, SESSIONS["a return"])
    answer = why(trace, model.weights(), 3, partial(last_clicks, model), against=5)
    assert answer.write is not None
    assert answer.click is not None


@pytest.mark.parametrize("kind", [kind for kind in OTHERS if kind.startswith("lstm")])
def test_what_an_lstm_shows_after_an_intervention(kind: str) -> None:
    """Oracle: the recorded score where h is 0 or scaled; a held h was written at no click."""
    model, items = random_model(kind, double=True), SESSIONS["a return"]
    weights = model.weights()
    for one in (ablate([0]), Intervention("h", "scale", 0.5), Intervention("c", "clamp", 0.4, (1,))):
        trace = record(model, items, [one])
        assert abs(write_ledger(trace, weights, 3).residual) < 1e-11
        assert np.abs(split(trace, weights, 7).residual).max() < 1e-11
    with pytest.raises(ValueError, match="h was held at a value"):
        write_ledger(record(model, items, [Intervention("h", "clamp", 0.5, (0,))]), weights, 3)


def test_the_gates_in_words() -> None:
    """Oracle: the means themselves."""
    trace, _ = recorded("lstm", SESSIONS["a return"])
    said = plain(step_sentence(trace, 3))
    for name in "fio":
        assert f"{trace.layers[0].gates[name][3].mean():.2f}" in said
    trace, _ = recorded("rnn", SESSIONS["a return"])
    said = plain(step_sentence(trace, 3))
    assert "There is no gate" in said
    assert "nothing written before is carried as it was" in said


@EVERY_KIND
def test_there_is_no_reset_gate(kind: str) -> None:
    with pytest.raises(ValueError, match="no reset gate"):
        reset_effect(*recorded(kind, SESSIONS["a return"]))
