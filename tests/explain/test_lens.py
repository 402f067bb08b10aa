"""Memory, click and blend, each decoded. Oracles: the model's own head and score; the recorded list."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.explain.lens import Lens, lens, lens_list, lens_sentence
from gru_viz.explain.words import plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.trace import LayerTrace, Trace
from tests.explain.cases import LINEAR, SESSIONS, recorded
from tests.models import EVERY, N_ITEMS, random_model


def alone(model: GRU4Rec, top: LayerTrace, step: int) -> np.ndarray:
    """What the LSTM's own click shows where all is forgotten and all of the candidate written."""
    cell = list(model.cells)[-1]
    forced = {"f": 0.0, "i": 1.0, "o": torch.from_numpy(top.gates["o"][[step]].copy())}
    # any input that gives the recorded candidate: the click's sums less what comes from h_prev, here 0
    sums = torch.zeros(1, len(cell.anatomy.blocks) * cell.units, dtype=torch.float64)
    sums[:, cell.rows("candidate")] = torch.from_numpy(np.arctanh(top.candidate[[step]]))
    with torch.no_grad():
        found = cell.click(
            sums,
            torch.zeros(1, cell.carries, dtype=torch.float64),
            lambda name, value: value * 0 + forced[name] if name in forced else value,
        )
    return found.h[0].numpy()


BANNED = ("caus", "because", "think", "due to", "nan", "inf", "\n")


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("session", ["one click", "a repeated item", "a return"])
def test_states_are_decoded_as_the_model_does(kind: str, session: str) -> None:
    """Of an LSTM the click alone is its cell with f at 0 and i at 1; of a vanilla RNN there is none."""
    model = random_model(kind, double=True)
    trace = record(model, SESSIONS[session])
    top = trace.layers[-1]
    for step in range(len(trace)):
        found = lens(trace, model.weights(), 4, step)
        states = [top.h_prev[step], top.candidate[step], top.h[step]]
        if top.cell == "lstm":
            states[1] = alone(model, top, step)
        elif top.cell == "rnn":
            del states[1]
        assert len(found.states) == len(states)
        for row, state in enumerate(states):
            with torch.no_grad():
                scores = model.score(model.head(torch.from_numpy(state.copy())[None]))[0]
            order = torch.argsort(scores, descending=True, stable=True)[:4]
            assert found.items[row].tolist() == order.tolist()
            expected = torch.softmax(scores, 0)[order].numpy()
            np.testing.assert_allclose(found.probability[row], expected, rtol=1e-10)
        assert found.items.shape == found.probability.shape == (len(states), 4)
        assert found.step == step


@given(
    st.sampled_from(sorted(EVERY)),
    st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12),
    st.integers(1, 12),
    st.data(),
)
def test_the_blend_is_the_recorded_list(kind: str, items: list[int], k: int, data: st.DataObject) -> None:
    """Oracle: the trace's own list; and what was the blend is the memory a click later."""
    step = data.draw(st.integers(-len(items), len(items) - 1))
    double = data.draw(st.booleans())
    trace, weights = recorded(kind, items, double=double)
    found = lens(trace, weights, k, step)
    assert found.step == range(len(items))[step]
    assert found.items.shape == (len(found.states), min(k, N_ITEMS))
    assert found.probability.dtype == np.float64
    close = 1e-10 if double else 1e-4
    np.testing.assert_allclose(
        found.probability[-1], trace.probability(found.items[-1], step), rtol=close, atol=0
    )
    np.testing.assert_array_equal(found.items[-1], trace.ranking(step, k))
    assert (np.diff(found.probability, axis=1) <= 0).all()
    if found.step > 0:
        before = lens(trace, weights, k, found.step - 1)
        np.testing.assert_allclose(found.probability[0], before.probability[-1], rtol=1e-12)


@pytest.mark.parametrize("kind", LINEAR)
def test_an_empty_memory_is_the_bias(kind: str) -> None:
    """Oracle: the softmax of what an item scores with h = 0; the same whatever is clicked."""
    trace, weights = recorded(kind, [2])
    other, _ = recorded(kind, [5])
    found = lens(trace, weights, N_ITEMS)
    if not weights.feed_forward:
        raised = np.exp(weights.output_bias)
        np.testing.assert_allclose(found.probability[0], np.sort(raised / raised.sum())[::-1])
    np.testing.assert_array_equal(found.items[0], lens(other, weights, N_ITEMS).items[0])


def test_of_a_large_catalogue_the_whole_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the same session with all scores kept, not only two."""
    model = random_model(double=True)
    whole = lens(record(model, [2, 0, 5]), model.weights())
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 2)
    part = lens(record(model, [2, 0, 5]), model.weights())
    np.testing.assert_array_equal(part.items, whole.items)
    np.testing.assert_array_equal(part.probability, whole.probability)


# --- words

CATALOG = Catalog(tuple("abcd"), ("Camera", "Mug", "Lens", "Bag"))


def told(firsts: list[int], before: float = 0.5, second: float = 0.01, cell: str = "gru") -> str:
    """What is said of click 2, Mug, where these items are first with 20, 30 and 40 %."""
    column = np.full((2, 1), before)
    layer = LayerTrace("gru", np.zeros(1), {"z": column, "r": column}, column, column)
    trace = Trace(CATALOG, np.array([0, 1]), np.zeros((2, 4)), (layer,))
    probability = np.array([[0.2, 0.01], [0.3, 0.01], [0.4, second]])[: len(firsts)]
    items = np.array([[first, (first + 1) % 4] for first in firsts])
    return plain(lens_sentence(trace, Lens(items, probability, 1, cell))).replace("\u00a0", " ")


def test_each_list_in_words() -> None:
    trace = Trace(CATALOG, np.array([0]), np.zeros((1, 4)), ())
    value = Lens(np.array([[0, 1], [2, 3], [1, 0]]), np.array([[0.2, 0.01], [0.3, 0], [0.4, 0.001]]), 0)
    assert [plain(lens_list(trace, value, row)).replace("\u00a0", " ") for row in range(3)] == [
        "From the memory alone: Camera (20 %), Mug (1 %).",
        "From the click alone: Lens (30 %), Bag (0 %).",
        "From their blend: Mug (40 %), Camera (under 1 %).",
    ]


def test_what_neither_puts_first() -> None:
    assert told([0, 2, 3]) == (
        "Memory alone puts Camera (20 %) first; click 2, Mug, alone puts Lens (30 %) first; "
        "the blend puts Bag (40 %) first, which neither does."
    )


def test_what_one_puts_first() -> None:
    assert told([0, 2, 0]).endswith("; the blend puts Camera (40 %) first, as memory does.")
    assert told([0, 2, 2]).endswith("; the blend puts Lens (40 %) first, as the click does.")
    assert told([0, 0, 2]).endswith("; the blend puts Lens (40 %) first, which neither does.")


def test_what_all_put_first() -> None:
    assert told([2, 2, 2]) == (
        "Memory alone, click 2, Mug, alone and their blend all put Lens first (20 %, 30 % and 40 %)."
    )


def test_a_vanilla_rnn_has_no_list_of_the_click_alone() -> None:
    nothing_else = " A vanilla RNN writes it anew: no list is the click's alone."
    assert told([0, 2], cell="rnn") == (
        "Memory alone puts Camera (20 %) first; the state after click 2, Mug, puts Lens (30 %) first."
        + nothing_else
    )
    assert told([0, 2], before=0.0, cell="rnn") == (
        "Before click 2, Mug, the memory is empty and puts Camera (20 %) first, in this session as in any; "
        "the state after it puts Lens (30 %) first." + nothing_else
    )
    trace = Trace(CATALOG, np.array([0]), np.zeros((1, 4)), ())
    value = Lens(np.array([[0, 1], [2, 3]]), np.array([[0.2, 0.01], [0.3, 0]]), 0, "rnn")
    assert [plain(lens_list(trace, value, row)).replace("\u00a0", " ") for row in range(2)] == [
        "From the memory alone: Camera (20 %), Mug (1 %).",
        "From the state after the click: Lens (30 %), Bag (0 %).",
    ]


def test_a_tie_is_no_favourite() -> None:
    assert told([0, 2, 3], second=0.4).endswith("; the blend puts no single item first.")


def test_an_empty_memory() -> None:
    assert told([0, 2, 3], before=0.0) == (
        "Before click 2, Mug, the memory is empty and puts Camera (20 %) first, in this session as in any; "
        "the click alone puts Lens (30 %) first; the blend puts Bag (40 %) first, which neither does."
    )
    assert told([2, 2, 2], before=0.0).endswith("; the blend puts Lens (40 %) first, as both do.")


def test_an_empty_memory_without_biases_has_no_favourite() -> None:
    trace, weights = recorded("reset before", [2])
    even = replace(weights, output_bias=np.zeros(N_ITEMS))
    said = plain(lens_sentence(trace, lens(trace, even)))
    assert "the memory is empty and puts no single item first, in this session as in any" in said


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("session", SESSIONS)
def test_sentences_of_every_kind(kind: str, session: str) -> None:
    trace, weights = recorded(kind, SESSIONS[session], double=False)
    for step in range(0, len(trace), 7):
        parts = lens_sentence(trace, lens(trace, weights, step=step))
        said = plain(parts)
        assert not [word for word in BANNED if word in said.lower()]
        assert len(said.split()) <= 48
        assert {p.text for p in parts if p.kind == "item"} <= set(trace.catalog.titles)
        assert ("empty" in said) == (step == 0)


def test_the_top_layer_of_several_is_said() -> None:
    trace, weights = recorded("two layers", [2, 4, 1])
    for step in range(3):
        assert plain(lens_sentence(trace, lens(trace, weights, step=step))).count("in the top layer") == 1
