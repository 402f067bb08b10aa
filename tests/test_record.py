"""Is what was recorded what was computed?

Oracles: `model.forward`, bit for bit; `tests.oracles` in float64; a single recording for a
batched one; the full score table for a cut one.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.model import GRU4Rec
from gru_viz.record import record, record_batch
from gru_viz.sessions import Session
from gru_viz.trace import Trace
from tests import oracles
from tests.models import EVERY, random_model, tensors_of

SESSIONS = st.lists(st.integers(0, 6), min_size=1, max_size=10)
FLOAT32 = {"rtol": 0, "atol": 1e-6}
FLOAT64 = {"rtol": 0, "atol": 1e-12}


def assert_same(ours: Trace, other: Trace, *, rtol: float, atol: float) -> None:
    np.testing.assert_array_equal(ours.items, other.items)
    np.testing.assert_allclose(ours.scores, other.scores, rtol=rtol, atol=10 * atol)
    for layer, expected in zip(ours.layers, other.layers, strict=True):
        np.testing.assert_array_equal(layer.h0, expected.h0)
        for name, values in layer.quantities().items():
            np.testing.assert_allclose(values, expected.quantities()[name], rtol=rtol, atol=atol)


# --- one path: recording is computing


def test_recording_changes_no_score(every_model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the scores of `forward`, bit for bit."""
    with torch.inference_mode():
        scores = every_model(torch.tensor(clicks), [1] * len(clicks))
    assert torch.equal(torch.from_numpy(record(every_model, clicks).scores.copy()), scores)


@pytest.mark.parametrize("training", [True, False])
def test_recording_leaves_the_model_as_it_was(training: bool, clicks: list[int]) -> None:
    """Oracle: mode, weights and gradients before it."""
    model = random_model("two layers").train(training)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    record(model, clicks)
    assert model.training == training
    assert all(weight.requires_grad and weight.grad is None for weight in model.parameters())
    assert all(torch.equal(before[name], weight) for name, weight in model.state_dict().items())


def test_recording_leaves_random_numbers_alone(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the generator's state."""
    state = torch.get_rng_state()
    record(model, clicks)
    assert torch.equal(state, torch.get_rng_state())


def test_trace_equals_transcription(every_model64: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the float64 transcription, every gate, candidate and state of every layer."""
    trace, config = record(every_model64, clicks), every_model64.config
    layers, scores = oracles.gru4rec(
        tensors_of(every_model64), len(config.units), config.activation, clicks, cell=config.cell
    )
    np.testing.assert_allclose(trace.scores, scores, **FLOAT64)
    for layer, expected in zip(trace.layers, layers, strict=True):
        for name, values in layer.quantities().items():
            np.testing.assert_allclose(values, expected[name], **FLOAT64, err_msg=name)
        keep, write = {
            "gru": lambda e: (1 - e.z, e.z * e.candidate),
            "lstm": lambda e: (e.f, e.i * e.candidate),
            "rnn": lambda e: (0 * e.h, e.h),
        }[config.cell](expected)
        np.testing.assert_allclose(layer.keep, keep, **FLOAT64)
        np.testing.assert_allclose(layer.write, write, **FLOAT64)
        np.testing.assert_allclose(layer.keep * layer.state_prev + layer.write, layer.state, **FLOAT64)
        np.testing.assert_allclose(layer.shown * layer.state, layer.h, **FLOAT64)


def test_trace_keeps_the_models_precision(clicks: list[int]) -> None:
    """Oracle: float32 from a float32 model, float64 from a float64 one."""
    for double, dtype in ((False, np.float32), (True, np.float64)):
        trace = record(random_model("two layers", double=double), clicks)
        arrays = [
            trace.scores,
            *(a for layer in trace.layers for a in (*layer.quantities().values(), layer.h0)),
        ]
        assert {array.dtype for array in arrays} == {np.dtype(dtype)}


# --- properties


@given(st.sampled_from(sorted(EVERY)), SESSIONS, st.integers(0, 99))
def test_ranges_and_blend(kind: str, items: list[int], seed: int) -> None:
    """Oracle: gates in [0, 1], |h| <= 1 from a zero start, state recomputed from keep and write."""
    for layer in record(random_model(kind, seed), items).layers:
        for gate in (*layer.gates.values(), layer.keep):
            assert ((gate >= 0) & (gate <= 1)).all()
        assert (np.abs(layer.candidate) <= 1).all()
        assert (np.abs(layer.h) <= 1 + 1e-6).all()
        assert not layer.h0.any()
        np.testing.assert_allclose(layer.keep * layer.state_prev + layer.write, layer.state, **FLOAT32)


@given(st.sampled_from(sorted(EVERY)), SESSIONS, st.data(), st.booleans())
def test_prefix_law(kind: str, items: list[int], data: st.DataObject, double: bool) -> None:
    """Oracle: the first k rows of the whole trace."""
    model = random_model(kind, double=double)
    k = data.draw(st.integers(1, len(items)))
    assert_same(record(model, items[:k]), record(model, items).prefix(k), **(FLOAT64 if double else FLOAT32))


@given(st.sampled_from(sorted(EVERY)), st.lists(SESSIONS, min_size=1, max_size=6), st.booleans())
def test_a_batch_records_each_session_as_if_alone(kind: str, sessions: list[list[int]], double: bool) -> None:
    """Oracle: `record`, one session at a time, in the order given."""
    model = random_model(kind, double=double)
    for together, items in zip(record_batch(model, sessions), sessions, strict=True):
        assert_same(together, record(model, items), **(FLOAT64 if double else FLOAT32))


def test_one_hot_equals_embedding_with_identity(clicks: list[int]) -> None:
    """Oracle: the same cell on rows of the identity matrix."""
    one_hot = random_model("one-hot", double=True)
    n = len(one_hot.catalog)
    config = type(one_hot.config)(units=(5,), embedding_dim=n)
    embedded = GRU4Rec(one_hot.catalog, config).double().eval()
    embedded.load_state_dict({**one_hot.state_dict(), "embedding": torch.eye(n).double()})
    assert_same(record(one_hot, clicks), record(embedded, clicks), **FLOAT64)


# --- what a session may be


@pytest.mark.parametrize(
    "session",
    [
        ["id-2", "id-0", "id-2"],
        [2, 0, 2],
        ("id-2", 0, np.int64(2)),
        np.array([2, 0, 2]),
        Session(np.array([2, 0, 2])),
        iter(["id-2", "id-0", "id-2"]),
    ],
    ids=["ids", "indices", "both", "array", "Session", "iterator"],
)
def test_sessions_of_every_kind(model: GRU4Rec, session: Session | Iterable[str | int]) -> None:
    """Oracle: the item indices by hand."""
    assert record(model, session).items.tolist() == [2, 0, 2]


@pytest.mark.parametrize(
    ("session", "fragment"),
    [
        ([], "at least one click"),
        (["id-0", "nowhere"], "'nowhere'"),
        ([7], "outside 0..6"),
        ([-1], "outside 0..6"),
        ("id-0", "not one text"),
        (Session(np.array([0, 7])), "outside the model's 7"),
        (Session(np.array([-1])), "outside the model's 7"),
    ],
)
def test_sessions_that_do_not_fit(
    model: GRU4Rec, session: Session | Iterable[str | int], fragment: str
) -> None:
    """Oracle: one line naming what is wrong."""
    with pytest.raises(InputError, match=fragment):
        record(model, session)


def test_no_sessions_no_traces(model: GRU4Rec) -> None:
    assert record_batch(model, []) == []


# --- large catalogues


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> int:
    """A catalogue of 7 items counts as large: only 4 scores are kept, in parts of 2 clicks."""
    # not by attribute: gru_viz.record may be the function of that name
    module = importlib.import_module("gru_viz.record")
    monkeypatch.setattr(module, "FULL_SCORES", 6)
    monkeypatch.setattr(module, "SCORES_AT_ONCE", 14)
    monkeypatch.setattr(module, "KEPT_SCORES", 4)
    return 4


def test_cut_scores_agree_with_full_ones(
    every_model64: GRU4Rec, clicks: list[int], request: pytest.FixtureRequest
) -> None:
    """Oracle: the trace with every score."""
    full = record(every_model64, clicks)
    kept = request.getfixturevalue("cut")
    trace = record(every_model64, clicks)
    assert trace.scores.shape == (len(clicks), kept)
    assert trace.n_scored == kept
    for step in range(len(clicks)):
        ours, theirs = trace.top(k=3, step=step), full.top(k=3, step=step)
        assert ours["item_id"].tolist() == theirs["item_id"].tolist()
        assert ours["rank"].tolist() == [1, 2, 3]
        np.testing.assert_allclose(ours["score"], theirs["score"], **FLOAT64)
        np.testing.assert_allclose(ours["probability"], theirs["probability"], **FLOAT64)
        for item in range(7):
            rank = full.rank(item, step)
            assert trace.rank(item, step) == (rank if rank <= kept else None)
            probability = trace.probability(np.array([item]), step)[0]
            if rank <= kept:
                assert probability == pytest.approx(full.probability(np.array([item]), step)[0], abs=1e-12)
            else:
                assert np.isnan(probability)
    np.testing.assert_allclose(trace.log_normalizer, full.log_normalizer, **FLOAT64)


@pytest.mark.usefixtures("cut")
def test_cut_scores_in_a_batch(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: each session alone; the cut parts fall across the sessions' borders."""
    sessions = [clicks, clicks[3:], clicks[:3]]
    for together, items in zip(record_batch(model, sessions), sessions, strict=True):
        alone = record(model, items)
        np.testing.assert_array_equal(together.scored, alone.scored)
        np.testing.assert_allclose(together.scores, alone.scores, rtol=0, atol=1e-5)
        np.testing.assert_allclose(together.normalizer, alone.normalizer, rtol=0, atol=1e-5)


@pytest.mark.usefixtures("cut")
def test_cut_scores_keep_ties_in_item_order(model: GRU4Rec) -> None:
    """Oracle: kept items with equal scores stand by their index, as in a full trace."""
    with torch.no_grad():
        model.own_output.zero_()
        model.output_bias.copy_(torch.tensor([0.0, 2.0, 1.0, 2.0, 0.0, 0.0, 2.0]))
    assert record(model, [0, 1, 2]).ranking(step=-1).tolist() == [1, 3, 6, 2]


@pytest.mark.usefixtures("cut")
def test_a_full_table_is_never_built(
    model: GRU4Rec, clicks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: SCORES_AT_ONCE numbers, 2 clicks × 7 items, at a time."""
    rows = []
    score = model.score
    monkeypatch.setattr(model, "score", lambda features: rows.append(len(features)) or score(features))
    record(model, clicks)
    assert rows == [2, 2, 2, 2]


@pytest.mark.usefixtures("cut")
def test_the_prefix_law_holds_for_cut_scores(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the trace of all clicks; whether scores are cut must not depend on how many there are."""
    whole = record(model, clicks)
    for k in range(1, len(clicks)):
        part = record(model, clicks[:k])
        np.testing.assert_array_equal(part.scored, whole.scored[:k])
        np.testing.assert_allclose(part.scores, whole.scores[:k], rtol=0, atol=1e-5)
