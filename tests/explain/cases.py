"""Traces that explanations of a score are tried on, some of which no model would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch.autograd.functional import jacobian

from gru_viz.catalog import Catalog
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.trace import LayerTrace, Trace
from gru_viz.weights import LayerWeights, Weights
from tests import oracles
from tests.models import KINDS, N_ITEMS, random_model

LINEAR = [
    name
    for name, kind in KINDS.items()
    if not kind.get("feed_forward") or kind.get("activation") == "identity"
]
NON_LINEAR = sorted(set(KINDS) - set(LINEAR))

SESSIONS = {
    "one click": [3],
    "a repeated item": [2, 2, 2, 2],
    "a return": [2, 0, 0, 5, 2, 6, 1, 3],
    "200 clicks": np.random.default_rng(1).integers(0, N_ITEMS, 200).tolist(),
}


def recorded(kind: str, items: list[int], seed: int = 0, double: bool = True) -> tuple[Trace, Weights]:
    model = random_model(kind, seed, double=double)
    return record(model, items), model.weights()


def inputs(model: GRU4Rec, trace: Trace, layer: int) -> torch.Tensor:
    """(T, E) what the layer was given at each click."""
    if layer > 0:
        return torch.from_numpy(trace.layers[layer - 1].h.copy())
    if model.embedding is None:
        return torch.eye(len(trace.catalog), dtype=torch.float64)[trace.items.copy()]
    return model.embedding.detach()[trace.items.copy()]


def by_torch(model: GRU4Rec, trace: Trace, layer: int, since: int, step: int) -> np.ndarray:
    """ds_step/ds_since through the model's own cell, all clicks between at once, inputs fixed.

    Of an LSTM s is c, from which h = o tanh(c) is worked out again with the recorded o.
    """
    cell, held = list(model.cells)[layer], trace.layers[layer]
    projected = cell.project(inputs(model, trace, layer)).detach()

    def last(state: torch.Tensor) -> torch.Tensor:
        carried = state[None]
        if held.c is not None:
            o = torch.from_numpy(held.gates["o"][since].copy())
            carried = torch.cat([o * state.tanh(), state])[None]
        for t in range(since + 1, step + 1):
            carried = cell.click(projected[t : t + 1], carried).carried
        return carried[0, -held.units :]

    found = jacobian(last, torch.from_numpy(held.state[since].copy()))
    assert isinstance(found, torch.Tensor)
    return found.numpy()


def traced(weights: Weights, items: list[int], h0: np.ndarray) -> Trace:
    """A float64 trace of a model of one layer from any start, by the tests' own equations."""
    layer = weights.layers[0]
    assert weights.embedding is not None
    blocks = oracles.GRUWeights.from_blocks(layer.W, layer.U, layer.b, layer.c)
    held = oracles.gru(weights.embedding[items].astype(float), blocks, h0)
    scores = held.h @ weights.output_embedding.T.astype(float) + weights.output_bias
    n_items = len(weights.output_bias)
    catalog = Catalog(tuple(f"id-{n}" for n in range(n_items)))
    layers = (LayerTrace("gru", h0, {"z": held.z, "r": held.r}, held.candidate, held.h),)
    return Trace(catalog, np.array(items), scores, layers)


def scaled(weights: Weights, factor: float) -> Weights:
    """The same with every number of the recurrent layers times `factor`: 0 or saturated gates."""
    layers = tuple(
        LayerWeights(w.W * factor, w.U * factor, w.b * factor, None if w.c is None else w.c * factor)
        for w in weights.layers
    )
    return replace(weights, layers=layers)


def one_unit(Wh: float, Uh: float, bh: float, c: float | None) -> Weights:
    """One unit, whose z is σ(ln 3 · x) and r is σ(−ln 3 · x) for inputs x of 1 and −1, read out by 2 and −1.

    So z is 3/4 and r 1/4 at item 0 (x = 1), and the other way round at item 1 (x = −1).
    """
    layer = LayerWeights(
        np.array([[np.log(3)], [-np.log(3)], [Wh]]),
        np.array([[0.0], [0.0], [Uh]]),
        np.array([0.0, 0.0, bh]),
        None if c is None else np.array([c]),
    )
    items = np.array([[1.0], [-1.0]])
    return Weights(items, (layer,), (), "identity", np.array([[2.0], [-1.0]]), np.array([0.5, 0.25]))


def layer_of_one_unit(z: list[float], candidate: list[float]) -> LayerTrace:
    """A layer of one unit with these update gates and candidates, from a zero start."""
    h, states = 0.0, []
    for gate, new in zip(z, candidate, strict=True):
        h = (1 - gate) * h + gate * new
        states.append(h)
    column = [np.array(values, dtype=float)[:, None] for values in (z, candidate, states)]
    return LayerTrace("gru", np.zeros(1), {"z": column[0], "r": column[0]}, column[1], column[2])
