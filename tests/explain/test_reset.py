"""The reset gate forced open at one click.

Oracles: the model's own cell with r replaced by 1, decoded by the model's own head; one unit
written out.
"""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.explain import reset as module
from gru_viz.explain.reset import ResetEffect, no_reset_sentence, reset_effect, reset_sentence
from gru_viz.explain.words import plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.trace import LayerTrace, Trace
from gru_viz.weights import LayerWeights, Weights
from tests.explain.cases import SESSIONS, one_unit, recorded, scaled, traced
from tests.models import KINDS, N_ITEMS, random_model

BANNED = ("caus", "because", "think", "due to", "nan", "inf", "\n")
BOTH = ["reset before", "reset after"]
FIELDS = ("distance", "relative", "rank", "overlap", "moved", "openness")


def by_torch(model: GRU4Rec, trace: Trace, t: int) -> tuple[np.ndarray, np.ndarray]:
    """(candidate, scores) at click t with r ≡ 1, from the cell's parameters."""
    cell, top = model.layers[-1], trace.layers[-1]
    if len(trace.layers) > 1:
        x = torch.from_numpy(trace.layers[-2].h[t].copy())
    elif model.embedding is None:
        x = torch.eye(N_ITEMS, dtype=torch.float64)[int(trace.items[t])]
    else:
        x = model.embedding[int(trace.items[t])]
    H = top.units
    h_prev, z = (torch.from_numpy(values[t].copy()) for values in (top.h_prev, top.z))
    with torch.no_grad():
        looked = cell.U[2 * H :] @ h_prev + (0 if cell.c is None else cell.c)
        candidate = torch.tanh(cell.W[2 * H :] @ x + looked + cell.b[2 * H :])
        scores = model.score(model.head(((1 - z) * h_prev + z * candidate)[None]))[0]
    return candidate.numpy(), scores.numpy()


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("session", ["one click", "a return"])
def test_it_is_the_cell_with_its_reset_gate_open(kind: str, session: str) -> None:
    model = random_model(kind, double=True)
    trace = record(model, SESSIONS[session])
    effect = reset_effect(trace, model.weights(), 3)
    for t in range(len(trace)):
        candidate, scores = by_torch(model, trace, t)
        was = trace.layers[-1].candidate[t]
        distance = np.sqrt(((candidate - was) ** 2).sum())
        assert effect.distance[t] == pytest.approx(distance, abs=1e-12)
        assert effect.relative[t] == pytest.approx(distance / np.sqrt((was**2).sum()), abs=1e-12)
        order = np.argsort(-scores, kind="stable").tolist()
        best = trace.ranking(t, 3).tolist()
        assert effect.rank[t] == order.index(best[0]) + 1
        assert effect.overlap[t] == pytest.approx(len(set(order[:3]) & set(best)) / 3)
        moved = np.abs(softmax(scores) - softmax(trace.scores[t])).sum() / 2
        assert effect.moved[t] == pytest.approx(moved, abs=1e-12)
        assert effect.openness[t] == pytest.approx(trace.layers[-1].r[t].mean())
    assert effect.k == 3


@pytest.mark.parametrize("c", [None, 0.3])
def test_one_unit_by_hand(c: float | None) -> None:
    """Oracle: the second of two clicks written out; z is ¼ and r ¾ there, scores are 2h + ½ and ¼ − h."""
    Wh, Uh, bh, h0, inside = 0.9, 1.5, -0.2, 0.4, c or 0.0
    trace = traced(one_unit(Wh, Uh, bh, c), [0, 1], np.array([h0]))
    h1 = 0.25 * h0 + 0.75 * np.tanh(Wh + 0.25 * (Uh * h0 + inside) + bh)
    was, opened = (np.tanh(-Wh + r * (Uh * h1 + inside) + bh) for r in (0.75, 1))
    h2, other = (0.75 * h1 + 0.25 * candidate for candidate in (was, opened))

    effect = reset_effect(trace, one_unit(Wh, Uh, bh, c), 1)
    assert effect.distance[1] == pytest.approx(abs(opened - was))
    assert effect.relative[1] == pytest.approx(abs(opened - was) / abs(was))
    first, second = (1 / (1 + np.exp(-(3 * h + 0.25))) for h in (h2, other))
    assert effect.moved[1] == pytest.approx(abs(first - second))
    assert effect.openness.tolist() == pytest.approx([0.25, 0.75])


@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12),
    st.integers(1, 12),
    st.booleans(),
)
def test_every_number_stays_in_its_range(kind: str, items: list[int], k: int, double: bool) -> None:
    trace, weights = recorded(kind, items, double=double)
    effect = reset_effect(trace, weights, k)
    for name in FIELDS:
        values = getattr(effect, name)
        assert values.shape == (len(items),)
        assert np.isfinite(values).all()
    assert ((effect.rank >= 1) & (effect.rank <= N_ITEMS)).all()
    assert effect.k == min(k, N_ITEMS)
    kept = effect.overlap * effect.k
    assert kept == pytest.approx(np.round(kept))
    for share in (effect.overlap, effect.moved, effect.openness):
        assert ((share >= 0) & (share <= 1)).all()
    if k >= N_ITEMS:
        assert (effect.overlap == 1).all()
    if weights.layers[-1].reset == "before":
        assert effect.distance[0] == 0  # nothing to reset in an empty memory


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("double", [True, False])
@pytest.mark.parametrize("session", ["a return", "200 clicks"])
def test_an_open_gate_held_open_changes_exactly_nothing(kind: str, double: bool, session: str) -> None:
    """Oracle: 0 and not a rounding; also where U_h and c are 0 and the gate is not open."""
    trace, weights = recorded(kind, SESSIONS[session], double=double)
    top, layer = trace.layers[-1], weights.layers[-1]
    H = top.units
    opened = LayerTrace("gru", top.h0, {"z": top.z, "r": np.ones_like(top.r)}, top.candidate, top.h)
    U = np.concatenate([layer.U[: 2 * H], np.zeros_like(layer.U[2 * H :])])
    blind = LayerWeights(layer.W, U, layer.b, None if layer.c is None else np.zeros_like(layer.c))
    for one, layers in (
        (replace(trace, layers=(*trace.layers[:-1], opened)), weights.layers),
        (trace, (*weights.layers[:-1], blind)),
    ):
        effect = reset_effect(one, replace(weights, layers=layers), 5)
        assert (effect.distance == 0).all()
        assert (effect.relative == 0).all()
        assert (effect.moved == 0).all()
        assert (effect.rank == 1).all()
        assert (effect.overlap == 1).all()


def test_ties_go_by_item_index() -> None:
    """Oracle: with equal rows of the output every item ties, before and after: item 0 stays first."""
    trace, weights = recorded("reset before", [2, 0, 5])
    even = replace(
        weights, output_embedding=np.ones_like(weights.output_embedding), output_bias=np.zeros(N_ITEMS)
    )
    effect = reset_effect(trace, even, 3)
    assert effect.rank.tolist() == [1, 1, 1]
    assert effect.overlap.tolist() == [1, 1, 1]
    assert effect.distance[1] > 0
    assert effect.moved == pytest.approx(0)


@pytest.mark.parametrize("reset", BOTH)
@pytest.mark.parametrize("at_once", [1, 14, 21])
def test_a_few_clicks_at_a_time_are_all_clicks(
    reset: str, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: all at once; 1, 2 and 3 of 8 clicks at a time."""
    trace, weights = recorded(reset, SESSIONS["a return"])
    whole = reset_effect(trace, weights, 3)
    monkeypatch.setattr(module, "SCORES_AT_ONCE", at_once)
    parts = reset_effect(trace, weights, 3)
    for name in FIELDS:
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=0, atol=1e-12)


def test_a_large_catalogue_stays_small(rng: np.random.Generator) -> None:
    """Oracle: all at once, 30 clicks of 200,000 items are 48 MB of scores, and several times that in all."""
    n, H, T = 200_000, 8, 30
    output = rng.normal(0, 1, (n, H)).astype(np.float32)
    layer = LayerWeights(*(rng.normal(0, 1, shape) for shape in ((3 * H, H), (3 * H, H), (3 * H,))), None)
    weights = Weights(output, (layer,), (), "identity", output, np.zeros(n, np.float32))
    held = traced(weights, rng.integers(0, n, T).tolist(), np.zeros(H))
    kept = np.zeros((T, 10))
    trace = Trace(held.catalog, held.items, kept, held.layers, kept.astype(np.int64), np.zeros(T))
    tracemalloc.start()
    effect = reset_effect(trace, weights)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6
    assert effect.moved[1:].min() > 0


@pytest.mark.parametrize("factor", [0.0, 1e-9, 50.0])
@pytest.mark.parametrize("reset", BOTH)
def test_idle_and_saturated_gates(factor: float, reset: str) -> None:
    """Oracle: with all weights 0 candidates are 0 and so is every change."""
    weights = scaled(random_model(reset, double=True).weights(), factor)
    effect = reset_effect(traced(weights, [2, 0, 5], np.linspace(-1, 1, 5)), weights, 3)
    assert all(np.isfinite(getattr(effect, name)).all() for name in FIELDS)
    if factor == 0:
        assert (effect.distance == 0).all()
        assert (effect.relative == 0).all()


# --- words

FEW = Catalog(tuple("abcd"), ("Camera", "Mug", "Lens", "Bag"))
CATALOG = Catalog(tuple(map(str, range(30))), (*FEW.titles, *map(str, range(4, 30))))


def told(
    distance: float, relative: float, rank: int, overlap: float, before: float = 0.5, few: bool = False
) -> str:
    """What is said of click 2, whose first item is Lens and whose state before is `before`."""
    column = np.full((2, 1), before)
    layer = LayerTrace("gru", np.zeros(1), {"z": column, "r": column}, column, column)
    scores = np.zeros((2, 4 if few else 30))
    scores[1, 2] = 3
    trace = Trace(FEW if few else CATALOG, np.array([0, 1]), scores, (layer,))
    values = (np.array([0, value]) for value in (distance, relative, rank, overlap, 0.1, 0.5))
    return plain(reset_sentence(trace, ResetEffect(*values, k=10), -1)).replace("\u00a0", " ")


def test_the_sentence() -> None:
    assert told(2.31, 0.45, 4, 0.6) == (
        "With the reset gate held open at click 2, the candidate would change by 45 %, "
        "Lens would fall from rank 1 to 4, and 6 of 10 recommendations would stay."
    )


def test_a_list_that_stays() -> None:
    assert told(0.02, 0.004, 1, 1.0).endswith(
        "the candidate would change by under 1 %, Lens would stay first, "
        "and all 10 recommendations would stay."
    )
    assert told(0.02, 0.0, 1, 0.7).endswith(
        "would no longer be zero, Lens would stay first, and 7 of 10 recommendations would stay."
    )


def test_of_a_small_catalogue_only_the_rank_is_said() -> None:
    assert told(0.02, 0.3, 2, 0.7, few=True).endswith("by 30 %, Lens would fall from rank 1 to 2.")


def test_the_top_layer_of_several_is_said() -> None:
    trace, weights = recorded("two layers", [2, 4, 1])
    said = plain(reset_sentence(trace, reset_effect(trace, weights), 2))
    assert said.count("in the top layer") == 1


def test_nothing_to_reset() -> None:
    assert told(0, 0, 1, 1, 0.0) == "Before click 2 the memory is empty: there is nothing to reset."
    assert told(0, 0, 1, 1) == "Holding the reset gate open at click 2 would change nothing."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("session", SESSIONS)
def test_sentences_of_every_kind(kind: str, session: str) -> None:
    trace, weights = recorded(kind, SESSIONS[session], double=False)
    effect = reset_effect(trace, weights)
    for step in range(len(trace)):
        parts = reset_sentence(trace, effect, step)
        said = plain(parts)
        assert not [word for word in BANNED if word in said.lower()]
        assert len(said.split()) <= 40
        assert {p.text for p in parts if p.kind == "item"} <= set(trace.catalog.titles)
    empty = plain(reset_sentence(trace, effect, 0)).endswith("nothing to reset.")
    assert empty == (weights.layers[-1].reset == "before")


def test_cells_that_have_none() -> None:
    assert plain(no_reset_sentence("lstm")) == (
        "An LSTM has no reset gate; its output gate decides what of the memory is shown."
    )
    assert [part.text for part in no_reset_sentence("lstm") if part.kind == "o"] == ["output gate"]
    assert plain(no_reset_sentence("rnn")) == "A vanilla RNN has no reset gate, and no other."
