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
from gru_viz.ui.cells.payload import TOP, beside_payload
from tests.models import random_model

NAMES = {"rnn": "the vanilla RNN", "lstm": "the LSTM", "gru": "the GRU"}
CLICKS = ["id-2", "id-0", "id-0", "id-5"]


def traces(clicks=CLICKS):
    kinds = {"rnn": "rnn", "lstm": "lstm", "gru": "reset before"}
    return {cell: record(random_model(kind), clicks) for cell, kind in kinds.items()}


def test_values_arrive_digit_for_digit():
    recorded = traces()
    for board in beside_payload(recorded, NAMES)["boards"]:
        layer = recorded[board["cell"]].layers[-1]
        assert board["quantities"] == list(layer.quantities())
        for name, values in layer.quantities().items():
            sent = np.frombuffer(base64.b64decode(board["values"][name]), dtype="<f4")
            assert np.array_equal(sent.reshape(values.shape), values)
        assert board["state"] in board["quantities"]


def test_lists_ranks_and_sentences():
    recorded = traces()
    data = beside_payload(recorded, NAMES)
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
    boards = {board["cell"]: board for board in beside_payload(recorded, NAMES)["boards"]}
    for cell in ("lstm", "gru"):
        lives = half_lives(recorded[cell].layers[-1])[boards[cell]["order"]]
        assert (np.diff(lives) <= 0).all()
        assert boards[cell]["unit"] == boards[cell]["order"][0]  # of five units the slowest eighth is one
    assert boards["rnn"]["order"] == list(range(5))


@pytest.mark.parametrize("clicks", [CLICKS[:1], CLICKS])
def test_it_is_json_and_the_same_every_time(clicks):
    first, again = (json.dumps(beside_payload(traces(clicks), NAMES), allow_nan=False) for _ in range(2))
    assert first == again


def test_candidates_have_the_names_of_the_equations():
    symbols = {b["cell"]: b["symbols"].get("candidate") for b in beside_payload(traces(), NAMES)["boards"]}
    assert symbols == {"rnn": None, "lstm": "c̃", "gru": "h̃"}
