"""Does a trace answer from its arrays what it says it answers?

Oracles: hand-made traces whose ranks and probabilities can be read off; sorting by
(-score, index) in plain Python.
"""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.trace import LayerTrace, Trace
from tests.models import random_model, small_catalog


def layer(h: np.ndarray, z: float = 0.5) -> LayerTrace:
    full = np.full_like(h, z)
    return LayerTrace("gru", np.zeros(h.shape[1]), {"z": full, "r": full}, np.zeros_like(h), h)


def scored(scores: np.ndarray) -> Trace:
    """A trace with these scores and one silent unit."""
    clicks, n_items = scores.shape
    return Trace(
        small_catalog(n_items), np.zeros(clicks, dtype=np.int64), scores, (layer(np.zeros((clicks, 1))),)
    )


# --- ranks


def test_ranking_breaks_ties_by_index() -> None:
    """Oracle: read off."""
    trace = scored(np.array([[1.0, 3.0, 3.0, 0.0, 3.0]]))
    assert trace.ranking().tolist() == [1, 2, 4, 0, 3]
    assert trace.ranking(k=2).tolist() == [1, 2]
    assert [trace.rank(item) for item in range(5)] == [4, 1, 2, 5, 3]


@given(arrays(np.float64, (1, 9), elements=st.sampled_from([-1.0, 0.0, 0.5, 2.0])), st.integers(1, 12))
def test_ranking_and_rank_are_one_order(scores: np.ndarray, k: int) -> None:
    """Oracle: Python's sort by (-score, index)."""
    trace = scored(scores)
    expected = sorted(range(9), key=lambda item: (-scores[0, item], item))
    assert trace.ranking(0).tolist() == expected
    assert trace.ranking(0, k).tolist() == expected[:k]
    assert [trace.rank(item, 0) for item in expected] == list(range(1, 10))


def test_steps_count_from_the_end_too() -> None:
    """Oracle: step -1 is the last click."""
    trace = scored(np.array([[1.0, 0.0], [0.0, 1.0]]))
    assert trace.ranking(0).tolist() == [0, 1]
    assert trace.ranking(-1).tolist() == trace.ranking(1).tolist() == trace.ranking().tolist() == [1, 0]


# --- probabilities and the table of the best


def test_probability_by_hand() -> None:
    """Oracle: softmax of (ln 1, ln 2, ln 5) is (1/8, 2/8, 5/8)."""
    trace = scored(np.log([[1.0, 2.0, 5.0]]))
    np.testing.assert_allclose(trace.probability(np.arange(3)), [1 / 8, 2 / 8, 5 / 8], rtol=1e-14)
    assert trace.log_normalizer[0] == pytest.approx(np.log(8), rel=1e-14)


def test_probability_survives_huge_scores() -> None:
    """Oracle: softmax does not change when all scores move by 10,000."""
    trace = scored(np.log([[1.0, 2.0, 5.0]]) + 10_000)
    np.testing.assert_allclose(trace.probability(np.arange(3)), [1 / 8, 2 / 8, 5 / 8], rtol=1e-10)


def test_top_by_hand() -> None:
    """Oracle: the table, written out."""
    top = scored(np.log([[1.0, 2.0, 5.0]])).top(k=2)
    assert list(top.columns) == ["item_id", "title", "score", "probability", "rank"]
    assert top["item_id"].tolist() == ["id-2", "id-1"]
    assert top["title"].tolist() == ["Item C", "Item B"]
    assert top["rank"].tolist() == [1, 2]
    np.testing.assert_allclose(top["score"], np.log([5, 2]))
    np.testing.assert_allclose(top["probability"], [5 / 8, 2 / 8])


def test_top_of_more_than_there_is() -> None:
    """Oracle: every item once, the probabilities sum to 1."""
    top = scored(np.array([[0.3, -1.0, 2.0]])).top(k=50)
    assert sorted(top["item_id"]) == ["id-0", "id-1", "id-2"]
    assert top["probability"].sum() == pytest.approx(1)


# --- a cut score table, by hand


def test_cut_table_by_hand() -> None:
    """Oracle: scores ln 5 and ln 2 kept of a total of 8; item 1 was not kept."""
    trace = Trace(
        small_catalog(3),
        np.array([0]),
        np.log([[5.0, 2.0]]),
        (layer(np.zeros((1, 1))),),
        scored=np.array([[2, 0]]),
        normalizer=np.log([8.0]),
    )
    assert (trace.n_scored, len(trace)) == (2, 1)
    assert trace.ranking().tolist() == [2, 0]
    assert [trace.rank(item) for item in range(3)] == [2, None, 1]
    assert [trace.column(item) for item in range(3)] == [1, None, 0]
    np.testing.assert_allclose(trace.probability(np.arange(3)), [2 / 8, np.nan, 5 / 8])
    assert trace.top(k=9)["item_id"].tolist() == ["id-2", "id-0"]
    assert trace.prefix(1).scored.tolist() == [[2, 0]]


def test_log_normalizer_is_float64_also_when_cut(model: GRU4Rec) -> None:
    """Oracle: what its docstring says."""
    trace = record(model, [0, 1])
    cut = Trace(
        trace.catalog,
        trace.items,
        trace.scores[:, :1],
        trace.layers,
        np.zeros((2, 1), dtype=np.int64),
        np.zeros(2, dtype=np.float32),
    )
    assert trace.log_normalizer.dtype == cut.log_normalizer.dtype == np.float64


# --- layers


def test_common_form_by_hand() -> None:
    """Oracle: h = keep ⊙ h_prev + write with z = ¼: 0.25 · 0.8 = 0.2, then 0.75 · 0.2 + 0.2 = 0.35."""
    z, candidate = np.full((2, 1), 0.25), np.full((2, 1), 0.8)
    trace = LayerTrace("gru", np.zeros(1), {"z": z, "r": z}, candidate, np.array([[0.2], [0.35]]))
    assert (len(trace), trace.units) == (2, 1)
    assert trace.h_prev.tolist() == [[0.0], [0.2]]
    assert trace.keep.tolist() == [[0.75], [0.75]]
    np.testing.assert_allclose(trace.write, [[0.2], [0.2]])
    np.testing.assert_allclose(trace.keep * trace.h_prev + trace.write, trace.h)
    assert list(trace.quantities()) == ["z", "r", "candidate", "h"]


def test_prefix_is_the_first_rows() -> None:
    """Oracle: slices."""
    trace = record(random_model("two layers"), [1, 2, 3, 4])
    start = trace.prefix(2)
    assert len(start) == 2
    np.testing.assert_array_equal(start.scores, trace.scores[:2])
    for short, long in zip(start.layers, trace.layers, strict=True):
        for name, values in short.quantities().items():
            np.testing.assert_array_equal(values, long.quantities()[name][:2])
        np.testing.assert_array_equal(short.h_prev, long.h_prev[:2])


# --- the tidy table


def test_to_frame_holds_every_value() -> None:
    """Oracle: each row looked up in the arrays."""
    items = [3, 1, 3]
    trace = record(random_model("two layers"), items)
    frame = trace.to_frame()
    assert list(frame.columns) == ["step", "item", "layer", "unit", "quantity", "value"]
    assert len(frame) == 3 * 4 * (5 + 3)
    assert not frame.duplicated(["step", "layer", "unit", "quantity"]).any()
    for row in frame.itertuples():
        assert row.item == f"id-{items[row.step - 1]}"
        assert row.value == trace.layers[row.layer].quantities()[row.quantity][row.step - 1, row.unit]


# --- frozen


def arrays_of(trace: Trace) -> list[np.ndarray]:
    layers = [a for part in trace.layers for a in (part.h0, *part.quantities().values())]
    derived = [a for part in trace.layers for a in (part.h_prev, part.keep, part.write)]
    return [trace.items, trace.scores, trace.log_normalizer, *layers, *derived]


def test_arrays_are_read_only(model: GRU4Rec) -> None:
    """Oracle: NumPy's refusal."""
    for array in arrays_of(record(model, [1, 2])):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_pickling_keeps_values_and_keeps_them_read_only(model: GRU4Rec) -> None:
    """Oracle: the trace before it went through a cache."""
    trace = record(model, [1, 2])
    expected = arrays_of(trace)
    back = pickle.loads(pickle.dumps(trace))
    for array, original in zip(arrays_of(back), expected, strict=True):
        np.testing.assert_array_equal(array, original)
        assert not array.flags.writeable
    assert back.catalog == trace.catalog
    assert back.top().equals(trace.top())


def test_fields_cannot_be_replaced(model: GRU4Rec) -> None:
    with pytest.raises(FrozenInstanceError):
        record(model, [1]).items = np.zeros(1)
