"""The gradient between states.

Oracles: torch's own Jacobian of the model's cell in float64, inputs fixed, through several clicks
at once; central differences; one unit written out. Single clicks: test_jacobian.py.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.explain.gradient import GradientFlow, gradient_flow, gradient_sentence
from gru_viz.explain.jacobian import paths
from gru_viz.explain.words import plain
from gru_viz.record import record
from gru_viz.trace import LayerTrace, Trace
from gru_viz.weights import LayerWeights, Weights
from tests.explain.cases import SESSIONS, by_torch, inputs, one_unit, recorded, scaled, traced
from tests.models import EVERY, N_ITEMS, OTHERS, random_model, small_catalog

BANNED = ("caus", "because", "think", "due to", "nan", "inf", "\n")
BOTH = ["reset before", "reset after"]


def norm(matrix: np.ndarray) -> float:
    """Frobenius over √H."""
    return float(np.sqrt((matrix**2).sum() / len(matrix)))


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("session", ["a repeated item", "a return"])
def test_it_is_torchs_jacobian(kind: str, session: str) -> None:
    """Of an LSTM it is that of memory to memory, h_t = o_t tanh(c_t) moving along with c_t."""
    model = random_model(kind, double=True)
    trace, weights = record(model, SESSIONS[session]), model.weights()
    T = len(trace)
    for number, layer in enumerate(trace.layers):
        flow = gradient_flow(trace, weights, number)
        assert flow.cell == layer.cell
        assert flow.paths.shape == (T, len(paths(flow.cell)))
        for t in range(T):
            whole = by_torch(model, trace, number, t, T - 1)
            straight = np.diag(np.prod(layer.keep[t + 1 :], axis=0))
            assert flow.norm[t] == pytest.approx(norm(whole), rel=1e-10)
            assert flow.direct[t] == pytest.approx(norm(straight), rel=1e-10)
            rest = norm(whole - straight)
            assert flow.share[t] == pytest.approx(norm(straight) / (norm(straight) + rest), rel=1e-7)
        assert (flow.norm[-1], flow.direct[-1], flow.share[-1]) == (pytest.approx(1), pytest.approx(1), 1)


@pytest.mark.parametrize("kind", OTHERS)
def test_it_is_what_a_small_push_does(kind: str) -> None:
    """Oracle: central differences of the model's own unroll, from a state that is pushed a little."""
    model = random_model(kind, double=True)
    items = SESSIONS["a return"][:5]
    trace = record(model, items)
    top, cell, since = trace.layers[-1], list(model.cells)[-1], 1
    x = cell.project(inputs(model, trace, len(trace.layers) - 1))[since + 1 :].detach()
    pushed, eps = np.empty((top.units, top.units)), 1e-6
    for unit in range(top.units):
        ends = []
        for sign in (1, -1):
            state = top.state[since].copy()
            state[unit] += sign * eps
            carried = (
                state if top.c is None else np.concatenate([top.gates["o"][since] * np.tanh(state), state])
            )
            with torch.no_grad():
                held = cell.unroll(x, [1] * len(x), torch.from_numpy(carried)[None])
            ends.append((held.h if held.c is None else held.c)[-1].numpy())
        pushed[:, unit] = (ends[0] - ends[1]) / (2 * eps)
    flow = gradient_flow(trace, model.weights())
    assert flow.norm[since] == pytest.approx(norm(pushed), rel=1e-7)
    assert norm(pushed) > 1e-3


@pytest.mark.parametrize("c", [None, 0.3])
def test_one_unit_by_hand(c: float | None) -> None:
    """Oracle: neither gate looks at the state, so J = 1 − z + z (1 − h̃²) r U; z = ¼, r = ¾ at item 1."""
    weights = one_unit(0.9, 1.5, -0.2, c)
    trace = traced(weights, [0, 1], np.array([0.4]))
    candidate = float(trace.layers[0].candidate[1, 0])
    rest = 0.25 * (1 - candidate**2) * 0.75 * 1.5
    flow = gradient_flow(trace, weights)
    assert flow.norm == pytest.approx([0.75 + rest, 1])
    assert flow.direct == pytest.approx([0.75, 1])
    assert flow.share == pytest.approx([0.75 / (0.75 + rest), 1])
    assert flow.paths[1] == pytest.approx([0.75, 0, rest])


@given(
    st.sampled_from(sorted(EVERY)),
    st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12),
    st.data(),
)
def test_a_step_is_the_prefix(kind: str, items: list[int], data: st.DataObject) -> None:
    """Oracle: the flow of the session cut after that click; bounds of every value."""
    step = data.draw(st.integers(-len(items), len(items) - 1))
    double = data.draw(st.booleans())
    trace, weights = recorded(kind, items, double=double)
    last = range(len(items))[step]
    for number in range(len(trace.layers)):
        flow = gradient_flow(trace, weights, number, step)
        cut = gradient_flow(trace.prefix(last + 1), weights, number)
        for name in ("norm", "direct", "share", "paths"):
            assert getattr(flow, name).tolist() == getattr(cut, name).tolist()
            assert getattr(flow, name).dtype == np.float64
        assert len(flow.norm) == last + 1
        assert ((flow.share >= 0) & (flow.share <= 1)).all()
        assert (np.diff(flow.direct) >= 0).all()  # the further back, the less goes straight through
        assert flow.share[-1] == 1


@pytest.mark.parametrize("reset", BOTH)
def test_without_recurrent_weights_all_goes_straight_through(reset: str) -> None:
    """Oracle: J = diag(1 − z) exactly."""
    trace, weights = recorded(reset, SESSIONS["a return"])
    layer = weights.layers[0]
    alone = replace(weights, layers=(LayerWeights(layer.W, np.zeros_like(layer.U), layer.b, layer.c),))
    flow = gradient_flow(traced(alone, SESSIONS["a return"], np.zeros(5)), alone)
    assert flow.share.tolist() == [1] * len(trace)
    assert flow.norm.tolist() == flow.direct.tolist()
    assert (flow.paths[:, 1:] == 0).all()


@pytest.mark.parametrize("factor", [0.0, 1e-9, 3.0, 50.0, 100.0])
@pytest.mark.parametrize("reset", BOTH)
@pytest.mark.parametrize("double", [True, False])
def test_idle_and_saturated_gates(factor: float, reset: str, double: bool) -> None:
    """Oracle: with all weights 0, half is kept at each click; else finite, and no warning."""
    weights = scaled(random_model(reset, double=double).weights(), factor)
    trace = traced(weights, SESSIONS["200 clicks"], np.linspace(-1, 1, 5))
    flow = gradient_flow(trace, weights)
    for values in (flow.norm, flow.direct, flow.share, flow.paths):
        assert np.isfinite(values).all()
    assert ((flow.share >= 0) & (flow.share <= 1)).all()
    if factor == 0:
        assert flow.norm == pytest.approx(0.5 ** np.arange(199, -1, -1), rel=1e-9)
        assert (flow.share == 1).all()


def constant(z: float, r: float, candidate: float, U: list[float], T: int) -> tuple[Trace, Weights]:
    """One unit with the same gates at every click, whatever its weights would give; h stays 0.5."""
    column = np.ones((T, 1))
    gates = {"z": z * column, "r": r * column}
    layer = LayerTrace("gru", np.array([0.5]), gates, candidate * column, 0.5 * column)
    trace = Trace(small_catalog(), np.zeros(T, dtype=int), np.zeros((T, N_ITEMS)), (layer,))
    w = LayerWeights(np.zeros((3, 1)), np.array(U)[:, None], np.zeros(3), None)
    return trace, Weights(None, (w,), (), "identity", np.zeros((N_ITEMS, 1)), np.zeros(N_ITEMS))


def test_an_exploding_gradient_stays_a_number() -> None:
    """Oracle: J = ½ + ½ U, of which ½ is direct; with U = 99 that is 50ⁿ, beyond float64 at 300 clicks."""
    trace, weights = constant(0.5, 1.0, 0.0, [0, 0, 99], 300)
    flow = gradient_flow(trace, weights)
    assert flow.norm[-100:] == pytest.approx(50.0 ** np.arange(99, -1, -1))
    assert flow.norm[0] == np.finfo(np.float64).max
    assert flow.share[-2] == pytest.approx(0.01)
    assert (flow.share[:-2] < 0.01).all()
    said = plain(gradient_sentence(trace.prefix(4), gradient_flow(trace, weights, step=3)))
    assert "has norm over 1,000; its direct share" in said
    assert "is under 1\u00a0%" in said


def test_a_vanishing_gradient_keeps_its_share() -> None:
    """Oracle: J = ε + ε with ε = 1e-9: of (2ε)ⁿ, εⁿ is direct, whatever float64 can hold."""
    trace, weights = constant(1 - 1e-9, 1.0, 0.0, [0, 0, 1e-9], 100)
    flow = gradient_flow(trace, weights)
    assert flow.norm[0] == flow.direct[0] == 0  # (2ε)⁹⁹ is below the smallest float64
    assert flow.share[-2] == pytest.approx(0.5)
    assert flow.share[0] == pytest.approx(0.5**99)


def test_nothing_gets_through() -> None:
    """Oracle: z = 1 and no weights: both are 0, and no path but the direct one has anything."""
    trace, weights = constant(1.0, 1.0, 0.2, [0, 0, 0], 4)
    flow = gradient_flow(trace, weights)
    assert flow.norm.tolist() == [0, 0, 0, 1]
    assert flow.share.tolist() == [1, 1, 1, 1]
    assert plain(gradient_sentence(trace, flow)) == "From click 4 no gradient gets back to click 1, Item A."


def test_only_the_direct_path_is_shut() -> None:
    """Oracle: z = 1 leaves U = 2 alone: 2ⁿ, none of it direct."""
    trace, weights = constant(1.0, 1.0, 0.0, [0, 0, 2], 4)
    flow = gradient_flow(trace, weights)
    assert flow.norm.tolist() == [8, 4, 2, 1]
    assert flow.share.tolist() == [0, 0, 0, 1]


# --- words


CATALOG = Catalog(("a", "b", "c"), ("Camera", "Mug", "Lens"))


def told(norms: list[float], shares: list[float], cell: str = "gru") -> str:
    """What is said of a flow with these norms and shares, over Camera, Mug, Lens."""
    T = len(norms)
    trace = Trace(CATALOG, np.arange(T), np.zeros((T, 3)), ())
    flow = GradientFlow(np.array(norms), np.array(norms), np.array(shares), np.zeros((T, 3)), cell)
    return plain(gradient_sentence(trace, flow)).replace("\u00a0", " ")


def test_the_sentence() -> None:
    assert told([0.12, 0.4, 1], [0.61, 0.7, 1]) == (
        "From click 3 back to click 1, Camera, the gradient has norm 0.12; "
        "its direct share, through 1 − z, is 61 %."
    )


def test_the_sentence_of_other_cells() -> None:
    assert told([0.12, 0.4, 1], [0.61, 0.4, 1], "lstm") == (
        "From click 3 back to click 1, Camera, the memory's gradient has norm 0.12; "
        "its direct share, through the forget gate f, is 61 %, under half at 1 of 2 earlier clicks: "
        "the gates alone tell too little."
    )
    assert told([0.12, 0.4, 1], [0, 0, 1], "rnn") == (
        "From click 3 back to click 1, Camera, the gradient has norm 0.12; "
        "none of it is direct: at every click it passes through weights and tanh."
    )
    assert told([0, 0.4, 1], [1, 0, 1], "rnn") == "From click 3 no gradient gets back to click 1, Camera."


def test_where_gates_alone_mislead() -> None:
    assert told([0.12, 0.4, 1], [0.61, 0.4, 1]).endswith(
        " is 61 %, under half at 1 of 2 earlier clicks: the gates alone tell too little."
    )
    assert told([0.001, 1], [0.004, 1]) == (
        "From click 2 back to click 1, Camera, the gradient has norm under 0.01; "
        "its direct share, through 1 − z, is under 1 %: the gates alone tell too little."
    )
    assert "too little" not in told([0.12, 0.4, 1], [0.5, 0.5, 1])


def test_a_long_title_is_cut() -> None:
    """Oracle: of 60 characters in 12 words 30 are left, so that 40 words hold it all."""
    catalog = Catalog(("a",), ("four " * 12,))
    trace = Trace(catalog, np.zeros(20, dtype=int), np.zeros((20, 1)), ())
    shares = np.full(20, 0.004)
    said = plain(gradient_sentence(trace, GradientFlow(shares, shares, shares, np.zeros((20, 3)))))
    assert "click 1, four four four four four four…, the gradient" in said
    assert len(said.split()) <= 44


def test_the_top_layer_of_several_is_said() -> None:
    trace, weights = recorded("two layers", [2, 4, 1])
    said = plain(gradient_sentence(trace, gradient_flow(trace, weights)))
    assert said.count("in the top layer") == 1


def test_one_click_has_nothing_to_flow_back_to() -> None:
    assert told([1], [1]) == "At click 1, Camera, there is no earlier click to flow back to."


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("session", SESSIONS)
def test_sentences_of_every_kind(kind: str, session: str) -> None:
    trace, weights = recorded(kind, SESSIONS[session], double=False)
    for step in {0, len(trace) - 1}:
        parts = gradient_sentence(trace, gradient_flow(trace, weights, step=step))
        said = plain(parts)
        assert not [word for word in BANNED if word in said.lower()]
        assert len(said.split()) <= 46
        assert {p.text for p in parts if p.kind == "item"} <= set(trace.catalog.titles)
