"""The three answers side by side. Oracles: each answer alone; sentences spelled out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.catalog import Catalog
from gru_viz.explain.click_ledger import click_ledger
from gru_viz.explain.deletion import deletion
from gru_viz.explain.ledger import write_ledger
from gru_viz.explain.why import Why, top_click, why
from gru_viz.explain.words import plain
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
    assert found.score == found.write.score == found.click.score
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
        assert len(sessions) == len(without)
        scored = np.zeros((len(without), 1, 3))
        scored[:, 0, 2] = without
        return [Trace(CATALOG, items[:1], row, ()) for row in scored]

    return why(trace, weights, 2, rerun)


def test_all_agree() -> None:
    """Oracle: click 1 leaves 4 · 0.5 · 0.9 · 0.8 = 1.44, click 2 writes 0.32."""
    found = told(1.6, [0.5, 1.5], [0.5, 0.1])
    assert (found.write_agrees, found.click_agrees) == (True, True)
    assert plain(found.sentence) == (
        "Lens scores 1.60. That falls most, by 1.10, when click 1, Camera, is deleted. "
        "Both ledgers agree: 1.44 was written at it and 1.44 is carried from it."
    )


def test_no_ledger_agrees() -> None:
    found = told(1.6, [1.5, 0.5], [0.5, 0.1])
    assert (found.write_agrees, found.click_agrees) == (False, False)
    assert plain(found.sentence) == (
        "Lens scores 1.60. That falls most, by 1.10, when click 2, Mug, is deleted. "
        "Most was written at click 1, Camera (1.44); most is carried from click 1, Camera (1.44): "
        "neither ledger agrees with deletion."
    )


def test_deleting_never_lowers_it() -> None:
    found = told(1.6, [1.7, 1.6], [0.5, 0.1])
    assert (found.write_agrees, found.click_agrees) == (None, None)
    assert "Deleting a click never lowers that. Most was written at click 1" in plain(found.sentence)
    assert plain(told(-1.6, [-1.7, -1.6], [0.5, 0.1], -0.8).sentence) == (
        "Lens scores −1.60. That falls most, by 0.10, when click 1, Camera, is deleted. "
        "Most was written at no click; most is carried from no click: neither ledger agrees with deletion."
    )


def test_one_click() -> None:
    found = told(1.6, [], [0.5])
    assert (found.write_agrees, found.click_agrees) == (None, None)
    assert plain(found.sentence) == (
        "Lens scores 1.60. There is only one click, so none can be deleted. "
        "1.60 of it was written at that click."
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
