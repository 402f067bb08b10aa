"""Is a recording with interventions what the equations give when a quantity is overwritten?

Oracles: `tests.oracles` in float64, with a function that overwrites each quantity as it is
reached; the recording without interventions, bit for bit; shorter sessions; numbers worked out
by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.explain.arithmetic import arithmetic
from gru_viz.explain.click_ledger import click_ledger
from gru_viz.explain.deletion import deletion
from gru_viz.explain.forgetting import forgetting
from gru_viz.explain.gradient import gradient_flow
from gru_viz.explain.ledger import write_ledger
from gru_viz.explain.lens import lens, lens_sentence
from gru_viz.explain.remembering import remembering
from gru_viz.explain.reset import reset_effect
from gru_viz.explain.split import split
from gru_viz.explain.verify import largest_error
from gru_viz.explain.words import plain as as_text
from gru_viz.figures.twin import _shown
from gru_viz.interventions import (
    GATES,
    Intervention,
    ablate,
    forget,
    freeze,
    keep_everything,
    no_memory,
    quantities,
    reset_closed,
    within,
)
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.record import record, record_batch
from gru_viz.rerun import NUMBERS_A_UNIT, last_clicks
from gru_viz.trace import LayerTrace, Trace
from tests import oracles
from tests.explain.cases import LINEAR
from tests.models import EVERY, KINDS, random_model, tensors_of

SESSIONS = st.lists(st.integers(0, 6), min_size=1, max_size=8)
FLOAT64 = {"rtol": 0, "atol": 1e-12}
EXACT = {"rtol": 0, "atol": 0}


def arrays_of(layer: LayerTrace) -> dict[str, np.ndarray]:
    return layer.quantities() | {"seen": layer.seen, "keep": layer.keep, "write": layer.write}


def fields(trace: Trace) -> dict[str, np.ndarray]:
    """Every recorded array by a name."""
    found = {"items": trace.items, "scores": trace.scores}
    for number, layer in enumerate(trace.layers):
        found |= {f"{number} {name}": values for name, values in arrays_of(layer).items()}
        found |= {f"{number} h0": layer.h0, f"{number} state0": layer.state0}
    return found


def assert_same(ours: Trace, other: Trace, *, rtol: float, atol: float) -> None:
    ours_, theirs = fields(ours), fields(other)
    assert ours_.keys() == theirs.keys()
    for name, values in ours_.items():
        np.testing.assert_allclose(values, theirs[name], rtol=rtol, atol=atol, err_msg=name)


def forcing(interventions: tuple[Intervention, ...], layers: int) -> Callable[[int], oracles.Forcing]:
    """What the interventions do to a value at one click, one after the other; from their docstring."""

    def in_layer(layer: int) -> oracles.Forcing:
        def force(name: str, t: int, value: np.ndarray) -> np.ndarray:
            value = value.copy()
            for one in interventions:
                if one.quantity != name or one.layer not in (None, layer, layer - layers):
                    continue
                if one.clicks is not None and not one.clicks[0] <= t <= one.clicks[1]:
                    continue
                for unit in range(len(value)) if one.units is None else one.units:
                    value[unit] = one.value if one.action == "clamp" else one.value * value[unit]
            return np.clip(value, 0, 1) if name in GATES else value

        return force

    return in_layer


@st.composite
def interventions(draw: st.DrawFn, config: ModelConfig, clicks: int) -> tuple[Intervention, ...]:
    """Some that fit a model of this shape and a session of so many clicks."""
    units = config.units
    found = []
    for _ in range(draw(st.integers(1, 4))):
        quantity = draw(st.sampled_from(quantities(config.cell)))
        action = draw(st.sampled_from(["clamp", "scale"]))
        gate = quantity in GATES
        low, high = (0, 3 if gate else 1) if action == "scale" else (0 if gate else -1, 1)
        layer = draw(st.none() | st.integers(-len(units), len(units) - 1))
        fewest = min(units) if layer is None else units[layer]
        chosen = draw(st.none() | st.sets(st.integers(0, fewest - 1), min_size=1).map(tuple))
        ends = st.tuples(st.integers(0, clicks - 1), st.integers(0, clicks - 1))
        where = draw(st.none() | ends.map(lambda pair: tuple(sorted(pair))))
        found.append(Intervention(quantity, action, draw(st.floats(low, high)), chosen, where, layer))
    return tuple(found)


# --- nothing forced, nothing changed


def test_without_interventions_it_is_the_plain_recording(any_model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: `record` with no such argument, bit for bit."""
    plain = record(any_model, clicks)
    assert plain.interventions == ()
    assert_same(record(any_model, clicks, []), plain, **EXACT)
    assert_same(
        record_batch(any_model, [clicks, clicks[:3]], [(), ()])[0],
        record_batch(any_model, [clicks, clicks[:3]])[0],
        **EXACT,
    )
    assert all(layer.forced is None for layer in plain.layers)


def test_scaling_by_one_changes_nothing(every_model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the plain recording, bit for bit, though it went the other way."""
    plain = record(every_model, clicks)
    for quantity in quantities(every_model.config.cell):
        identity = Intervention(quantity, "scale", 1, layer=None)
        trace = record(every_model, clicks, [identity])
        assert trace.interventions == (identity,)
        for name, values in fields(plain).items():
            np.testing.assert_array_equal(fields(trace)[name], values, name)


def test_holding_what_is_there_anyway_changes_nothing(every_model64: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the plain recording; every value of the top layer at one click is held at itself."""
    plain = record(every_model64, clicks)
    top = plain.layers[-1]
    memory = top.anatomy.state
    for quantity, values in {**top.quantities(), "h_prev": top.h_prev}.items():
        if quantity == "candidate" or (quantity == "h_prev" and memory == "c"):
            continue  # nobody forces a candidate; before an LSTM's click there are h and c, not one value
        held = [Intervention(quantity, "clamp", v, (u,), (4, 4)) for u, v in enumerate(values[4])]
        trace = record(every_model64, clicks, held)
        np.testing.assert_allclose(trace.scores, plain.scores, **FLOAT64)
        for layer, expected in zip(trace.layers, plain.layers, strict=True):
            for name, one in (layer.quantities() | {"seen": layer.seen}).items():
                theirs = (expected.quantities() | {"seen": expected.seen})[name]
                np.testing.assert_allclose(one, theirs, **FLOAT64, err_msg=f"{quantity} held: {name}")
        # a held state owes nothing to the one before it, whatever its value
        assert trace.layers[-1].keep[4].any() == (
            quantity not in (memory, "h_prev") and keeps_anything(every_model64)
        )


def keeps_anything(model: GRU4Rec) -> bool:
    """A vanilla RNN keeps nothing by itself."""
    return model.config.cell != "rnn"


def test_nothing_changes_before_the_forced_click(any_model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the plain recording up to there, bit for bit; and it does change there."""
    plain, trace = record(any_model, clicks), record(any_model, clicks, [no_memory(clicks=(4, 4))])
    assert_same(trace.prefix(4), plain.prefix(4), **EXACT)
    assert np.abs(trace.layers[-1].h[4] - plain.layers[-1].h[4]).max() > 1e-3


# --- against the transcription


@given(st.sampled_from(sorted(EVERY)), SESSIONS, st.data())
def test_it_equals_the_transcription(kind: str, items: list[int], data: st.DataObject) -> None:
    """Oracle: the equations, one click at a time, each quantity overwritten as it is reached."""
    model = random_model(kind, double=True)
    config, units = model.config, model.config.units
    forced = data.draw(interventions(config, len(items)))
    trace = record(model, items, forced)
    force = forcing(forced, len(units))
    layers, scores = oracles.gru4rec(
        tensors_of(model), len(units), config.activation, items, force, config.cell
    )
    np.testing.assert_allclose(trace.scores, scores, **FLOAT64)
    for number, (layer, expected) in enumerate(zip(trace.layers, layers, strict=True)):
        for name, values in layer.quantities().items():
            np.testing.assert_allclose(values, expected[name], **FLOAT64)
        for t, before in enumerate(layer.h_prev):
            np.testing.assert_allclose(layer.seen[t], force(number)("h_prev", t, before), **FLOAT64)


@given(st.sampled_from(sorted(EVERY)), SESSIONS, st.data(), st.booleans())
def test_the_trace_stays_truthful(kind: str, items: list[int], data: st.DataObject, double: bool) -> None:
    """Oracle: the common form, the ranges, and the write ledger's sum, whatever is forced."""
    model = random_model(kind, double=double)
    trace = record(model, items, data.draw(interventions(model.config, len(items))))
    tolerance = {"rtol": 0, "atol": 1e-12 if double else 2e-6}
    for layer in trace.layers:
        for values in (*layer.gates.values(), layer.keep):
            assert values.min() >= 0
            assert values.max() <= 1
        assert np.abs(layer.h).max() <= 1 + 1e-6
        assert layer.keep.dtype == layer.write.dtype == layer.seen.dtype == layer.h.dtype
        np.testing.assert_allclose(layer.keep * layer.state_prev + layer.write, layer.state, **tolerance)
    if kind in LINEAR:
        weights = model.weights()
        assert abs(write_ledger(trace, weights, 3, 5).residual) < 10 * tolerance["atol"]
        assert np.abs(split(trace, weights).residual).max() < 10 * tolerance["atol"]


@given(st.sampled_from(sorted(EVERY)), SESSIONS, st.data())
def test_prefix_law(kind: str, items: list[int], data: st.DataObject) -> None:
    """Oracle: the first k rows of the whole trace, and what of the interventions acts there."""
    model = random_model(kind, double=True)
    forced = data.draw(interventions(model.config, len(items)))
    k = data.draw(st.integers(1, len(items)))
    whole, part = record(model, items, forced).prefix(k), record(model, items[:k], within(forced, k))
    assert_same(part, whole, **FLOAT64)
    assert part.interventions == whole.interventions == within(forced, k)


@given(st.sampled_from(sorted(EVERY)), st.lists(SESSIONS, min_size=1, max_size=5), st.data())
def test_a_batch_forces_each_session_as_if_alone(
    kind: str, sessions: list[list[int]], data: st.DataObject
) -> None:
    """Oracle: `record`, one at a time; some sessions are left to themselves."""
    model = random_model(kind, double=True)
    forced = [
        data.draw(st.just(()) | interventions(model.config, len(items)), label=f"session {n}")
        for n, items in enumerate(sessions)
    ]
    arrays = [np.array(items) for items in sessions]
    ends = last_clicks(model, arrays, forced)
    for together, end, items, own in zip(
        record_batch(model, sessions, forced), ends, sessions, forced, strict=True
    ):
        alone = record(model, items, own)
        assert_same(together, alone, **FLOAT64)
        assert together.interventions == end.interventions == own
        assert [layer.forced is None for layer in together.layers] == [
            layer.forced is None for layer in alone.layers
        ]
        np.testing.assert_allclose(end.scores[0], alone.scores[-1], **FLOAT64)
        for one, layer in zip(end.layers, alone.layers, strict=True):
            np.testing.assert_allclose(one.h0, layer.h_prev[-1], **FLOAT64)
            np.testing.assert_allclose(one.state0, layer.state_prev[-1], **FLOAT64)
            for name, values in arrays_of(one).items():
                np.testing.assert_allclose(values[0], arrays_of(layer)[name][-1], **FLOAT64)


def test_many_sessions_take_several_batches(model: GRU4Rec, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: all in one; the parts are counted."""
    sessions = [np.array(items) for items in ([3], [2, 0, 0, 5], [6, 6], [1, 2, 3, 4, 5, 6, 0], [4])]
    forced = [[ablate([n])] for n in range(5)]
    at_once = last_clicks(model, sessions, forced)
    monkeypatch.setattr("gru_viz.rerun.NUMBERS_AT_ONCE", 5 * 5 * NUMBERS_A_UNIT)  # 5 clicks of 5 units
    sizes: list[int] = []
    unroll = model.unroll
    monkeypatch.setattr(
        model, "unroll", lambda items, *a, **k: sizes.append(len(items)) or unroll(items, *a, **k)
    )
    for one, other in zip(last_clicks(model, sessions, forced), at_once, strict=True):
        np.testing.assert_allclose(one.scores, other.scores, rtol=0, atol=1e-5)
    assert sizes == [5, 2, 7, 1]


# --- what an intervention means


def test_z_and_r_by_hand() -> None:
    """Oracle: with z ≡ ½ and r ≡ 0, h_t = ½ h_{t-1} + ½ tanh(W_h x_t + b_h)."""
    model = random_model("reset before", double=True)
    trace = record(model, [1, 4], [Intervention("z", "clamp", 0.5), reset_closed()])
    tensors = tensors_of(model)
    W, b = tensors["layers.0.W"][10:], tensors["layers.0.b"][10:]
    first, second = (np.tanh(W @ tensors["embedding"][item] + b) for item in (1, 4))
    np.testing.assert_allclose(trace.layers[0].h, [first / 2, first / 4 + second / 2], **FLOAT64)


def test_several_on_one_gate_apply_in_order_and_once_clipped() -> None:
    """Oracle: ½ · 4 · ½ = 1 is not cut to ½ on the way; beyond 1 it is held at 1."""
    model = random_model(double=True)
    half = Intervention("z", "clamp", 0.5)
    four, again = Intervention("z", "scale", 4), Intervention("z", "scale", 0.5)
    assert (record(model, [1], [half, four, again]).layers[0].z == 1).all()
    assert (record(model, [1], [half, four]).layers[0].z == 1).all()
    assert (record(model, [1], [four, again, half]).layers[0].z == 0.5).all()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_memory_and_no_look_back_leave_the_last_click_alone(kind: str, clicks: list[int]) -> None:
    """Oracle: the session of its last click alone: z ≡ 1 and r ≡ 0 in every layer.

    With reset after, r ≡ 0 closes c too, in both recordings alike.
    """
    model = random_model(kind, double=True)
    closed = [Intervention("z", "clamp", 1, layer=None), Intervention("r", "clamp", 0, layer=None)]
    whole, alone = record(model, clicks, closed), record(model, clicks[-1:], closed)
    np.testing.assert_allclose(whole.scores[-1], alone.scores[0], **FLOAT64)
    for layer, last in zip(whole.layers, alone.layers, strict=True):
        np.testing.assert_allclose(layer.h[-1], last.h[0], **FLOAT64)
    only_z = record(model, clicks, closed[:1])
    if kind != "one unit":
        assert np.abs(only_z.scores[-1] - record(model, clicks[-1:], closed[:1]).scores[0]).max() > 1e-6


@pytest.mark.parametrize("click", [0, 3, 7])
def test_forgetting_is_starting_the_session_there(
    every_model64: GRU4Rec, clicks: list[int], click: int
) -> None:
    """Oracle: the session from that click on."""
    trace, rest = record(every_model64, clicks, [forget(click)]), record(every_model64, clicks[click:])
    np.testing.assert_allclose(trace.scores[click:], rest.scores, **FLOAT64)
    for layer, expected in zip(trace.layers, rest.layers, strict=True):
        for name, values in (layer.quantities() | {"write": layer.write}).items():
            theirs = (expected.quantities() | {"write": expected.write})[name]
            np.testing.assert_allclose(values[click:], theirs, **FLOAT64)
        assert not layer.keep[click].any()
        assert not layer.seen[click].any()


def test_keeping_everything_stands_still(any_model64: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the top state of click 3 at clicks 4 to 6, and its scores."""
    trace = record(any_model64, clicks, [keep_everything(clicks=(3, 5))])
    for t in (3, 4, 5):
        np.testing.assert_array_equal(trace.layers[-1].h[t], trace.layers[-1].h[2])
        np.testing.assert_allclose(trace.scores[t], trace.scores[2], **FLOAT64)
        assert not trace.layers[-1].write[t].any()


def test_frozen_and_ablated_units(clicks: list[int]) -> None:
    """Oracle: the frozen unit's course is flat, the ablated one's is 0, the others move on."""
    model = random_model("two layers", double=True)
    trace = record(model, clicks, [freeze([1], (2, 7)), ablate([0, 2], layer=0)])
    top, below = trace.layers[1].h, trace.layers[0].h
    assert (top[2:, 1] == top[1, 1]).all()
    assert np.ptp(top[2:, 0]) > 0.01
    assert not below[:, [0, 2]].any()
    assert below[:, [1, 3, 4]].all()
    assert trace.layers[0].forced is not None
    assert trace.layers[1].forced is None


def test_deleting_a_click_is_keeping_everything_at_it(clicks: list[int]) -> None:
    """Oracle: a different session, though the state stands still: for one layer the two are the same."""
    model = random_model("reset after", double=True)
    held = record(model, clicks, [keep_everything(clicks=(3, 3))])
    shorter = record(model, clicks[:3] + clicks[4:])
    np.testing.assert_allclose(held.scores[4:], shorter.scores[3:], **FLOAT64)


def test_rounding_of_the_models_precision_stays(clicks: list[int]) -> None:
    """Oracle: float32 in, float32 out."""
    trace = record(random_model("two layers"), clicks, [forget(3), no_memory(clicks=(1, 1))])
    assert {values.dtype for name, values in fields(trace).items() if name != "items"} == {
        np.dtype("float32")
    }


def test_the_model_is_left_as_it_was(clicks: list[int]) -> None:
    model = random_model("two layers").train()
    record(model, clicks, [forget(2)])
    last_clicks(model, [np.array(clicks)], [[forget(2)]])
    assert model.training
    assert all(weight.requires_grad and weight.grad is None for weight in model.parameters())


@pytest.mark.parametrize("run", [record_batch, last_clicks])
def test_interventions_that_do_not_fit(model: GRU4Rec, run: Callable) -> None:
    """Oracle: one line; also where only one of many sessions is too short."""
    sessions = [np.array([1, 2, 3]), np.array([1])]
    with pytest.raises(InputError, match="click 2 is outside the session"):
        run(model, sessions, [[forget(2)], [forget(2)]])
    with pytest.raises(InputError, match="unit 5 is outside"):
        run(model, sessions, [[], [ablate([5])]])
    with pytest.raises(InputError, match="2 sessions need as many"):
        run(model, sessions, [[forget(0)]])


def test_cut_scores(model: GRU4Rec, clicks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the trace with every score."""
    full = record(model, clicks, [forget(3)])
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 6)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 4)
    trace = record(model, clicks, [forget(3)])
    assert trace.interventions == full.interventions
    assert trace.ranking().tolist() == full.ranking(k=4).tolist()


# --- explanations of such a trace


@pytest.mark.parametrize("kind", LINEAR)
def test_forced_gates_leave_the_click_ledger_exact(kind: str, clicks: list[int]) -> None:
    """Oracle: its own sum; in a forced state it could not be, so it is refused."""
    model = random_model(kind, double=True)
    gates = [no_memory(clicks=(2, 2)), Intervention("r", "scale", 0.5, layer=None), ablate([0], layer=0)]
    trace = record(model, clicks, gates if len(model.config.units) > 1 else gates[:2])
    assert abs(click_ledger(trace, model.weights(), 2, 5).residual) < 1e-11
    with pytest.raises(ValueError, match="no state was forced"):
        click_ledger(record(model, clicks, [ablate([0])]), model.weights(), 2)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_arithmetic_is_of_the_state_that_was_seen(kind: str, clicks: list[int]) -> None:
    """Oracle: tanh of the candidate's sum is the recorded candidate, after forgetting, too."""
    model = random_model(kind, double=True)
    trace = record(model, clicks, [forget(3), Intervention("h_prev", "scale", 0.5, (0,)), no_memory()])
    for layer in range(len(trace.layers)):
        sums = arithmetic(trace, model.weights(), layer)
        a = sums.input[:, 2] + sums.recurrent[:, 2] + sums.bias[2]
        np.testing.assert_allclose(np.tanh(a), trace.layers[layer].candidate, **FLOAT64)


def test_explanations_that_would_be_wrong_are_refused(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: a clear ValueError, and none for the part before anything was forced."""
    trace = record(model, clicks, [forget(3)])
    weights, rerun = model.weights(), partial(last_clicks, model)
    for explain in (
        lambda: largest_error(trace, weights),
        lambda: gradient_flow(trace, weights),
        lambda: reset_effect(trace, weights),
        lambda: deletion(trace, 1, rerun),
        lambda: remembering(trace, rerun),
        lambda: forgetting(trace, partial(record_batch, model)),
    ):
        with pytest.raises(ValueError, match="without interventions"):
            explain()
    assert largest_error(trace.prefix(3), model.weights()) < 1e-6


def test_the_lens_sees_the_memory_that_the_click_saw(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: after forgetting it is empty, as before the first click of any session."""
    trace = record(model, clicks, [forget(3)])
    empty = lens(record(model, clicks[:1]), model.weights(), step=0)
    forgotten = lens(trace, model.weights(), step=3)
    assert forgotten.items[0].tolist() == empty.items[0].tolist()
    assert "the memory is empty" in as_text(lens_sentence(trace, forgotten))


def test_where_z_keeps_the_gate_is_shown_and_not_what_was_kept(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: 1 − z, also at the click where everything was forgotten."""
    layer = record(model, clicks, [forget(3)]).layers[0]
    np.testing.assert_array_equal(_shown(layer, "keeps")["z"], 1 - layer.z)
    assert not layer.keep[3].any()
