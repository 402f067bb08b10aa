"""The derivatives of one click.

Oracle: torch's own Jacobian of the model's cell in float64, from a start that is not zero, and
with everything but one path cut.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd.functional import jacobian as torch_jacobian

from gru_viz.cells.cell import Forcing
from gru_viz.explain.jacobian import jacobian, paths
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.trace import Trace
from tests.explain.cases import SESSIONS, by_torch, inputs
from tests.models import EVERY, random_model

GATES = {"update gate": "z", "forget gate": "f", "input gate": "i", "candidate": "candidate"}


@pytest.mark.parametrize("kind", EVERY)
def test_the_parts_are_torchs_jacobian_of_one_click(kind: str) -> None:
    model = random_model(kind, double=True)
    trace, weights = record(model, SESSIONS["a return"]), model.weights()
    for number, layer in enumerate(trace.layers):
        for t in range(1, len(trace)):
            direct, *through = jacobian(layer, weights.layers[number], t).parts
            one = by_torch(model, trace, number, t - 1, t)
            np.testing.assert_allclose(np.diag(direct) + sum(through), one, rtol=0, atol=1e-12)
            assert len(through) == len(paths(layer.cell)) - 1


def alone(model: GRU4Rec, trace: Trace, layer: int, t: int, name: str) -> np.ndarray:
    """∂s_t/∂h_{t-1} through one path: every other quantity held at what was recorded."""
    cell, held = list(model.cells)[layer], trace.layers[layer]
    projected = cell.project(inputs(model, trace, layer)).detach()[t : t + 1]
    recorded = {n: torch.from_numpy(values[t : t + 1].copy()) for n, values in held.quantities().items()}
    h_prev, s_prev = (torch.from_numpy(values[t].copy()) for values in (held.h_prev, held.state_prev))
    write = "i" if held.cell == "lstm" else "z"

    def state(h: torch.Tensor) -> torch.Tensor:
        carried = h if held.c is None else torch.cat([h, s_prev])
        found = cell.click(projected, carried[None]).named()
        gates = {n: found[n] if n == name else recorded[n] for n in held.gates}
        candidate = found["candidate"] if name == "candidate" else recorded["candidate"]
        keep = gates["f"] if held.cell == "lstm" else 1 - gates["z"]
        return (keep * s_prev + gates[write] * candidate)[0]

    found = torch_jacobian(state, h_prev)
    assert isinstance(found, torch.Tensor)
    return found.numpy()


@pytest.mark.parametrize("kind", [kind for kind in EVERY if EVERY[kind].get("cell") != "rnn"])
def test_each_path_alone(kind: str) -> None:
    model = random_model(kind, double=True)
    trace, weights = record(model, SESSIONS["a return"]), model.weights()
    for number, layer in enumerate(trace.layers):
        for t in (0, 1, 5):
            found = jacobian(layer, weights.layers[number], t)
            np.testing.assert_array_equal(found.direct, layer.keep[t])
            for name, path in zip(paths(layer.cell)[1:], found.through, strict=True):
                expected = alone(model, trace, number, t, GATES[name])
                np.testing.assert_allclose(path, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", ["lstm", "lstm, two layers", "lstm, one-hot"])
def test_what_an_lstm_shows(kind: str) -> None:
    """Oracle: torch's Jacobian of h_t = o_t tanh(c_t), by c_t with o_t held and by h_{t-1} with c_t held."""
    model = random_model(kind, double=True)
    trace, weights = record(model, SESSIONS["a return"]), model.weights()
    number = len(trace.layers) - 1
    cell, held = list(model.cells)[number], trace.layers[number]
    projected = cell.project(inputs(model, trace, number)).detach()
    for t in (0, 4):
        c, o, h_prev, c_prev = (
            torch.from_numpy(values[t].copy())
            for values in (held.state, held.gates["o"], held.h_prev, held.state_prev)
        )

        def held_c(name: str, value: torch.Tensor, c: torch.Tensor = c) -> torch.Tensor:
            return c[None] if name == "c" else value

        force: Forcing = held_c
        aside = torch_jacobian(
            lambda h, t=t, c_prev=c_prev, force=force: cell.click(
                projected[t : t + 1], torch.cat([h, c_prev])[None], force
            ).h[0],
            h_prev,
        )
        shown = torch_jacobian(lambda c, o=o: o * c.tanh(), c)
        found = jacobian(held, weights.layers[number], t)
        np.testing.assert_allclose(found.aside, aside.numpy(), rtol=0, atol=1e-12)
        np.testing.assert_allclose(np.diag(found.shown), shown.numpy(), rtol=0, atol=1e-12)
        if t > 0:
            before = jacobian(held, weights.layers[number], t - 1).shown
            np.testing.assert_array_equal(found.before, before)
        else:
            assert not found.before.any()


@pytest.mark.parametrize("kind", ["rnn", "rnn, two layers"])
def test_a_vanilla_rnn_has_no_direct_path(kind: str) -> None:
    """Oracle: diag(1 − h²) U."""
    model = random_model(kind, double=True)
    trace, weights = record(model, SESSIONS["a return"]), model.weights()
    for layer, w in zip(trace.layers, weights.layers, strict=True):
        found = jacobian(layer, w, 3)
        assert not found.direct.any()
        np.testing.assert_allclose(found.through[0], np.diag(1 - layer.h[3] ** 2) @ w.U, rtol=0, atol=1e-15)
