"""The three answers side by side. Oracles: each answer alone; sentences spelled out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.explain.click_ledger import click_ledger
from gru_viz.explain.deletion import Deletion, deletion
from gru_viz.explain.ledger import Ledger, write_ledger
from gru_viz.explain.why import Why, _adds_up, _one_ledger, _pointing, top_click, why
from gru_viz.explain.words import NBSP, plain
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.trace import Trace
from gru_viz.weights import LayerWeights, Weights
from tests.explain.cases import LINEAR, NON_LINEAR, SESSIONS, traced
from tests.models import random_model

ROOT = Path(__file__).parents[2]
BANNED = ("caus", "because", "think", "due to", "nan", "\n")


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("session", SESSIONS)
@pytest.mark.parametrize("against", [None, 4])
def test_it_is_the_three_answers(kind: str, session: str, against: int | None) -> None:
    model, items = random_model(kind, double=True), SESSIONS[session]
    trace, weights, rerun = record(model, items), model.weights(), partial(last_clicks, model)
    found = why(trace, weights, 1, rerun, against)
    assert found.write is not None
    assert found.click is not None
    np.testing.assert_array_equal(found.write.clicks, write_ledger(trace, weights, 1, against).clicks)
    np.testing.assert_array_equal(found.click.clicks, click_ledger(trace, weights, 1, against).clicks)
    np.testing.assert_array_equal(found.deletion.score_drop, deletion(trace, 1, rerun, against).score_drop)
    assert len(found) == len(items)
    assert max(abs(found.write.residual), abs(found.click.residual)) < 1e-10
    assert found.write.score == found.click.score == pytest.approx(found.score, abs=1e-12)
    said = plain(found.sentence)
    assert not [word for word in BANNED if word in said.lower()]
    assert {p.text for p in found.sentence if p.kind == "item"} <= set(trace.catalog.titles)


@pytest.mark.parametrize("kind", NON_LINEAR)
def test_a_non_linear_top_leaves_deletion(kind: str, clicks: list[int]) -> None:
    model = random_model(kind)
    found = why(record(model, clicks), model.weights(), 1, partial(last_clicks, model))
    assert (found.write, found.click, found.write_agrees, found.click_agrees) == (None,) * 4
    assert plain(found.sentence).endswith("only deletion applies.")
    assert np.isfinite(found.deletion.score_drop).all()


def test_top_click_by_hand() -> None:
    assert top_click(np.array([1.0, 3.0, -9.0])) == 1
    assert top_click(np.array([-1.0, 0.0])) is None
    assert top_click(np.array([np.nan])) is None


# --- sentences

CATALOG = Catalog(("a", "b", "c"), ("Camera", "Mug", "Lens"))


def told(score: float, without: list[float], z: list[float], candidate: float = 0.8) -> Why:
    """Camera, Mug, … and what is said of Lens, which scores 4 times the state of one unit.

    No gate and no candidate looks at the state, so both ledgers follow from z and candidate:
    the click ledger's entries are the write ledger's.
    """
    raw = np.log(np.array(z) / (1 - np.array(z)))
    layer = LayerWeights(
        np.array([raw, np.zeros(len(z)), np.full(len(z), np.arctanh(candidate))]),
        np.zeros((3, 1)),
        np.zeros(3),
        None,
    )
    items = np.array([0, 1, 2][: len(z)])
    weights = Weights(
        np.eye(3)[:, : len(z)], (layer,), (), "identity", np.array([[0.0], [0], [4]]), np.zeros(3)
    )
    trace = traced(weights, items.tolist(), np.zeros(1))
    scores = np.zeros((len(z), 3))
    scores[:, 2] = score
    trace = Trace(CATALOG, items, scores, trace.layers)

    def rerun(sessions: list[np.ndarray]) -> list[Trace]:
        assert len(sessions) == 1 + len(without)
        scored = np.zeros((1 + len(without), 1, 3))
        scored[:, 0, 2] = [score, *without]
        return [Trace(CATALOG, items[:1], row, ()) for row in scored]

    return why(trace, weights, 2, rerun)


def said(found: Why) -> str:
    return plain(found.sentence).replace(NBSP, " ")


def test_all_agree() -> None:
    """Oracle: click 1 leaves 4 · 0.5 · 0.9 · 0.8 = 1.44, 2 writes 0.32; e^1.76 / (2 + e^1.76) = 74 %."""
    found = told(1.76, [0.5, 1.5], [0.5, 0.1])
    assert (found.write_agrees, found.click_agrees) == (True, True)
    assert said(found) == (
        "Lens scores 1.76. Its probability falls most, from 74 % to 45 %, when click 1, Camera, is deleted. "
        "Both point to it, too: 1.44 was written at it and 1.44 is carried from it."
    )


def test_no_ledger_agrees() -> None:
    found = told(1.76, [1.5, 0.5], [0.5, 0.1])
    assert (found.write_agrees, found.click_agrees) == (False, False)
    assert said(found) == (
        "Lens scores 1.76. Its probability falls most, from 74 % to 45 %, when click 2, Mug, is deleted. "
        "Written at and Carried from both point to another click."
    )


@pytest.mark.parametrize(
    ("write", "click", "expected"),
    [
        ([1, 2], [2, 1], "Only Written at points to the same click."),
        ([2, 1], [1, 2], "Only Carried from points to the same click."),
        ([-1, 2], [-1, -2], "Only Written at points to the same click."),
        ([0, -2], [2, 1], "No click has written for it; Carried from points to another click."),
        ([2, 1], [0, 0], "Written at points to another click; nothing for it is carried from any."),
        ([0, 0], [0, 0], "No click has written for it, and nothing for it is carried from any."),
    ],
)
def test_where_the_ledgers_point(write: list[float], click: list[float], expected: str) -> None:
    """Oracle: click 2 is the one whose deletion matters most."""
    ledgers = (Ledger(np.array(values, dtype=float), 0, 0, 0) for values in (write, click))
    assert plain(_pointing(*ledgers, 1)).strip() == expected


@pytest.mark.parametrize(
    ("click", "deleted", "expected"),
    [
        ([1, 2], 1, "Carried from points to the same click."),
        ([2, 1], 1, "Carried from points to another click."),
        ([0, -1], 1, "Nothing for it is carried from any."),
        ([2, 1], None, "Most is carried from click 1, Camera (2.00)."),
        (None, 1, "Carried from cannot be told: its entries cancel beyond what numbers here can hold."),
    ],
)
def test_where_the_one_ledger_of_a_vanilla_rnn_points(
    click: list[float] | None, deleted: int | None, expected: str
) -> None:
    trace = Trace(CATALOG, np.array([0, 1]), np.zeros((2, 3)), ())
    ledger = None if click is None else Ledger(np.array(click, dtype=float), 0, 0, 0)
    nothing = "Written at is always the last click in a vanilla RNN and says nothing about memory;"
    does = "deletion does." if click is None else "Carried from and deletion do."
    assert plain(_one_ledger(trace, ledger, deleted)).strip() == f"{expected} {nothing} {does}"


def test_a_vanilla_rnn_is_told_apart(clicks: list[int]) -> None:
    for kind, apart in (("rnn", True), ("lstm", False), ("reset before", False)):
        model = random_model(kind, double=True)
        found = why(record(model, clicks), model.weights(), 3, partial(last_clicks, model))
        assert ("says nothing about memory" in plain(found.sentence)) == apart


def test_agreement_is_with_what_a_reader_sees() -> None:
    """Oracle: without click 1 the score falls most, and yet the probability rises."""
    drops = np.array([[2.0, 1.0], [-0.5, 0.7]])
    removed = Deletion(1.0, *drops, 0.25, 0.25 * np.exp(-drops[1]), 1, np.ones(2))
    written, carried = (Ledger(np.array(clicks), 0, 0, 0) for clicks in ([1.0, 2.0], [2.0, 1.0]))
    found = Why(0, None, written, carried, removed, ())
    assert (found.write_agrees, found.click_agrees) == (True, False)


def test_deleting_never_lowers_it() -> None:
    found = told(1.76, [1.8, 1.76], [0.5, 0.1])
    assert (found.write_agrees, found.click_agrees) == (None, None)
    assert "Deleting a click never lowers its probability. Most was written at click 1" in said(found)
    found = told(-1.76, [-1.5, -1.76], [0.5, 0.1], -0.8)
    assert said(found) == (
        "Lens scores −1.76. Deleting a click never lowers its probability. "
        "Nothing was written for it; nothing is carried for it."
    )


def test_one_click() -> None:
    found = told(1.6, [], [0.5])
    assert (found.write_agrees, found.click_agrees) == (None, None)
    assert said(found) == (
        "Lens scores 1.60. There is only one click, so none can be deleted. "
        "1.60 of it was written at that click."
    )


def test_all_items_alike() -> None:
    assert said(told(0, [0.5, 0.5], [0.5, 0.1])) == (
        "Lens scores 0.00. All items score the same, so there is nothing to explain."
    )


def test_a_and_b(model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: the sign of the difference of the recorded scores."""
    trace, rerun = record(model, clicks), partial(last_clicks, model)
    best, *_, worst = trace.ranking().tolist()
    titles = trace.catalog.titles
    for item, against, where in ((best, worst, "above"), (worst, best, "below")):
        said = plain(why(trace, model.weights(), item, rerun, against).sentence)
        gap = float(trace.scores[-1, best] - trace.scores[-1, worst])
        assert said.startswith(f"{titles[item]} scores {gap:.2f} {where} {titles[against]}. ")
        assert "It falls back most, by" in said


# --- ledgers that cannot be added up, scores that are none


def exploding(clicks: int) -> tuple[Trace, Weights, partial]:
    """Recurrent weights so large that frozen gates multiply what no state ever holds."""
    model = random_model(double=True)
    cell = model.layers[0]
    cell.U.data[: 2 * cell.units] = 0
    cell.U.data[2 * cell.units :] *= 6
    cell.b.data[: cell.units] = 0
    cell.b.data[cell.units : 2 * cell.units] = 3
    trace = record(model, SESSIONS["200 clicks"][:clicks])
    return trace, model.weights(), partial(last_clicks, model)


def test_a_click_ledger_that_cancels_is_not_shown() -> None:
    """Oracle: its entries, which are far beyond any score."""
    trace, weights, rerun = exploding(120)
    entries = np.abs(click_ledger(trace, weights, 1).clicks)
    assert not entries.max() < 1e3
    found = why(trace, weights, 1, rerun)
    assert found.click is None
    assert found.write is not None
    assert abs(found.write.residual) < 1e-9
    assert "Carried from cannot be told: its entries cancel beyond" in said(found)
    told = found.to_dict()
    assert told["click"] is None
    assert told["write"] is not None
    assert "cancel" in told["note"]
    frame = found.to_frame(trace)
    assert frame["carried_from"].isna().all()
    assert frame["written_at"].notna().all()


@pytest.mark.parametrize(
    ("entry", "residual", "kept"),
    [(900.0, 0, True), (1100.0, 0, False), (1.0, 9e-4, True), (1.0, 2e-3, False), (np.nan, 0, False)],
)
def test_when_entries_cancel(entry: float, residual: float, kept: bool) -> None:
    assert _adds_up(Ledger(np.array([entry, -entry]), 0, 0, residual)) == kept
    assert _adds_up(Ledger(np.array([2 * entry, -entry]), 0, 0, entry + residual)) == (kept or entry == 1100)


@pytest.mark.filterwarnings("error")
def test_absurd_weights_are_an_input_error() -> None:
    """Oracle: five times 1e38 is beyond float32."""
    model = random_model()
    for parameter in model.parameters():
        parameter.data[:] = 1e38
    with pytest.raises(InputError, match="scores after click 2 are not numbers"):
        why(record(model, [2, 0, 5]), model.weights(), 1, partial(last_clicks, model), step=1)


@pytest.mark.parametrize("kind", ["reset before", "two layers", "feed-forward, relu"])
@pytest.mark.filterwarnings("error")
def test_saturated_gates_give_an_answer(kind: str) -> None:
    """The recurrent weights alone are absurd: states are 1 or −1 and scores are numbers."""
    model = random_model(kind)
    for layer in model.layers:
        layer.W.data *= 1e38
        layer.U.data *= 1e38
    trace = record(model, [2, 0, 5])
    if not np.isfinite(trace.scores).all():
        pytest.skip("the model itself overflows")
    found = why(trace, model.weights(), 1, partial(last_clicks, model))
    assert not [word for word in ("nan", "inf") if word in said(found)]


# --- documents


@pytest.mark.parametrize("against", [None, 4])
def test_the_frame_adds_up(model: GRU4Rec, clicks: list[int], against: int | None) -> None:
    """Oracle: each ledger's column, summed but for its last row, which is the score."""
    trace = record(model, clicks)
    found = why(trace, model.weights(), 1, partial(last_clicks, model), against, 3)
    frame = found.to_frame(trace)
    assert frame["step"].tolist()[:4] == [1, 2, 3, 4]
    assert frame["step"].isna().sum() == 4
    assert frame["title"].tolist()[4:] == [
        "before the first click",
        "bias of the candidates",
        "bias of the item",
        "score",
    ]
    for name in ("written_at", "carried_from"):
        assert frame[name][:-1].sum() == pytest.approx(frame[name].iloc[-1], abs=1e-5)
        assert frame[name].iloc[-1] == pytest.approx(found.score, abs=1e-5)
    np.testing.assert_array_equal(frame["drop"][:4], found.deletion.drop)
    np.testing.assert_array_equal(frame["probability_without"][:4], found.deletion.probability_without)
    np.testing.assert_array_equal(frame["rank_without"][:4], found.deletion.rank_without)
    assert (frame["explained_item"] == trace.catalog.ids[1]).all()
    assert (frame["after_click"] == 4).all()
    other = None if against is None else trace.catalog.ids[against]
    assert set(frame["against"]) == {other}
    assert set(found.to_dict()) == {"score", "write", "click", "deletion"}
    told = found.to_dict(trace)
    assert (told["item"], told["against"], told["after_click"]) == (trace.catalog.ids[1], other, 4)


def test_a_frame_without_ledgers_has_clicks_alone(clicks: list[int]) -> None:
    model = random_model("feed-forward, relu")
    trace = record(model, clicks)
    frame = why(trace, model.weights(), 1, partial(last_clicks, model)).to_frame(trace)
    assert frame["step"].tolist() == list(range(1, len(clicks) + 1))
    assert frame["written_at"].isna().all()


# --- the shipped model


def test_a_detours_first_click_stands_out_in_all_three() -> None:
    """Oracle: the process, in which the camera body alone decides which lens fits.

    Which lens: against one that fits another camera. The cue just before says that it is a lens.
    """
    model = gru_viz.load(ROOT / "sample_data")
    between = ["chef-knife", "paring-knife", "string-lights", "hammock", "lighthouse", "memory-card"]
    trace = record(model, ["halden-h60", *between])
    lens, other = model.catalog.indices(["halden-45", "sarno-55"])
    found = why(trace, model.weights(), lens, partial(last_clicks, model), other)
    assert found.write is not None
    assert found.click is not None
    for values in (found.write.clicks, found.click.clicks, found.deletion.score_drop):
        others = np.abs(values[1:-1])
        assert values[0] > 4 * others.max()
