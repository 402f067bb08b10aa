"""Does the browser get all three cells as they were recorded? Oracle: the traces of the payload."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from gru_viz.explain.beside import beside_sentence
from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import plain
from gru_viz.record import record
from gru_viz.ui.cells.payload import TOP, Shown, beside_payload
from tests.models import random_model

NAMES = {"rnn": "the vanilla RNN", "lstm": "the LSTM", "gru": "the GRU"}
CLICKS = ["id-2", "id-0", "id-0", "id-5"]


KINDS = {"rnn": "rnn", "lstm": "lstm", "gru": "reset before"}


def traces(clicks=CLICKS):
    return {cell: record(random_model(kind), clicks) for cell, kind in KINDS.items()}


def sent(recorded):
    boards = [Shown(NAMES[c], trace, random_model(KINDS[c]).weights()) for c, trace in recorded.items()]
    return beside_payload(boards)


def decoded(text):
    return np.frombuffer(base64.b64decode(text), dtype="<f4")


def test_values_arrive_digit_for_digit():
    recorded = traces()
    for board in sent(recorded)["boards"]:
        layer = recorded[board["cell"]].layers[-1]
        assert board["quantities"] == list(layer.quantities())
        for name, values in layer.quantities().items():
            assert np.array_equal(decoded(board["values"][name]).reshape(values.shape), values)
        assert board["state"] in board["quantities"]


def test_lists_ranks_and_sentences():
    recorded = traces()
    data = sent(recorded)
    for board in data["boards"]:
        trace = recorded[board["cell"]]
        for step, top in enumerate(board["tops"]):
            assert top["items"] == trace.ranking(step, TOP).tolist()
            assert top["probabilities"] == trace.probability(trace.ranking(step, TOP), step).tolist()
            assert set(map(str, top["items"])) <= data["items"].keys()
            if step + 1 < len(CLICKS):
                clicked = int(trace.items[step + 1])
                assert (top["clicked"], top["rank"]) == (clicked, trace.rank(clicked, step))
        assert "clicked" not in board["tops"][-1]
    named = {NAMES[cell]: trace for cell, trace in recorded.items()}
    for step, parts in enumerate(data["sentences"]):
        assert "".join(text for _, text in parts) == plain(beside_sentence(named, step))


def test_units_stand_by_how_slowly_they_forget():
    recorded = traces()
    boards = {board["cell"]: board for board in sent(recorded)["boards"]}
    for cell in ("lstm", "gru"):
        lives = half_lives(recorded[cell].layers[-1])[boards[cell]["order"]]
        assert (np.diff(lives) <= 0).all()
        assert boards[cell]["unit"] == boards[cell]["order"][0]  # of five units the slowest eighth is one
    assert boards["rnn"]["order"] == list(range(5))


@pytest.mark.parametrize("clicks", [CLICKS[:1], CLICKS])
def test_it_is_json_and_the_same_every_time(clicks):
    first, again = (json.dumps(sent(traces(clicks)), allow_nan=False) for _ in range(2))
    assert first == again


def test_candidates_have_the_names_of_the_equations():
    symbols = {b["cell"]: b["symbols"].get("candidate") for b in sent(traces())["boards"]}
    assert symbols == {"rnn": None, "lstm": "c̃", "gru": "h̃"}


def test_where_the_reset_acts_is_said_and_decides_the_diagram():
    """Oracle: r ⊙ (U h + c) computed here from the weights, unit by unit."""
    model = random_model("reset after")
    trace, weights = record(model, CLICKS), model.weights()
    (board,) = beside_payload([Shown("the GRU", trace, weights, "<b>mine</b>")])["boards"]
    assert (board["cell"], board["plan"], board["gates"]) == ("gru", "gru_after", "2 gates, reset after")
    assert board["of"] == "<b>mine</b>"
    layer, w = trace.layers[-1], weights.layers[-1]
    before = np.vstack([layer.h0, layer.h[:-1]])
    rows = w.rows("candidate")
    expected = layer.r * (before @ w.U[rows].T + w.c)
    assert np.allclose(decoded(board["values"]["pulled"]).reshape(expected.shape), expected, atol=1e-6)
    others = {board["cell"]: board for board in sent(traces())["boards"]}
    assert {cell: one["plan"] for cell, one in others.items()} == {cell: cell for cell in KINDS}
    gates = {"rnn": "no gate", "lstm": "3 gates", "gru": "2 gates, reset before"}
    assert {cell: one["gates"] for cell, one in others.items()} == gates
    assert not any("pulled" in one["values"] for one in others.values())


def test_of_several_layers_the_top_one_is_shown():
    model = random_model("two layers")
    trace = record(model, CLICKS)
    assert len(trace.layers) == 2
    (board,) = beside_payload([Shown("the GRU", trace, model.weights())])["boards"]
    assert np.array_equal(decoded(board["values"]["h"]), trace.layers[1].h.ravel())
