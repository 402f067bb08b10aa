"""Oracle: the trace the payload was made from."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from gru_viz.explain.arithmetic import arithmetic
from gru_viz.explain.push import pushes
from gru_viz.record import record
from gru_viz.ui.stepper.digits import digits
from gru_viz.ui.stepper.payload import payload, walk_payload


def decoded(text):
    return np.frombuffer(base64.b64decode(text), dtype="<f4")


@pytest.fixture
def made(every_model, clicks):
    trace = record(every_model, clicks)
    weights = every_model.weights()
    return trace, weights, payload(trace, weights, len(trace.layers) - 1, pushes(weights))


def test_it_is_json_and_the_same_every_time(made):
    trace, weights, first = made
    again = payload(trace, weights, len(trace.layers) - 1, pushes(weights))
    assert json.dumps(first, allow_nan=False) == json.dumps(again, allow_nan=False)


def test_values_arrive_digit_for_digit(made):
    trace, weights, data = made
    layer = trace.layers[-1]
    for name, values in layer.quantities().items():
        assert np.array_equal(decoded(data["values"][name]).reshape(values.shape), values)
    sums = arithmetic(trace, weights, len(trace.layers) - 1)
    assert np.array_equal(decoded(data["input"]), sums.input.astype("<f4").ravel())
    assert np.array_equal(decoded(data["recurrent"]), sums.recurrent.astype("<f4").ravel())


def test_the_lists_are_the_traces_own(made):
    trace, _, data = made
    for step, top in enumerate(data["tops"]):
        table = trace.top(10, step)
        assert [data["items"][str(i)]["id"] for i in top["items"]] == list(table["item_id"])
        assert top["probabilities"] == pytest.approx(list(table["probability"]))
        if step > 0:
            assert top["before"] == [trace.rank(i, step - 1) for i in top["items"]]


def test_the_click_that_came_is_marked_with_its_rank(made):
    trace, _, data = made
    for step in range(len(trace) - 1):
        clicked = data["tops"][step]["clicked"]
        assert clicked["item"] == trace.items[step + 1]
        assert clicked["rank"] == trace.rank(trace.items[step + 1], step)
    assert "clicked" not in data["tops"][-1]


def test_every_item_that_is_named_is_described(made):
    _, _, data = made
    named = {str(i) for i in data["clicks"]} | {str(i) for top in data["tops"] for i in top["items"]}
    assert named <= set(data["items"])


def test_shares_of_units_only_where_they_add_up(every_model, clicks):
    trace, weights = record(every_model, clicks), every_model.weights()
    top = payload(trace, weights, len(trace.layers) - 1, pushes(weights))
    assert (top["readout"] is not None) == weights.linear_top
    if weights.linear_top:
        rows = decoded(top["readout"]["rows"]).reshape(len(top["readout"]["items"]), -1)
        item = top["tops"][-1]["items"][0]
        row = rows[top["readout"]["items"].index(item)]
        constant = trace.scores[-1, item] - row @ trace.layers[-1].h[-1]
        # what is left after the units' shares is the same for another state: a bias
        assert constant == pytest.approx(trace.scores[0, item] - row @ trace.layers[-1].h[0], abs=1e-5)
    if len(trace.layers) > 1:
        assert payload(trace, weights, 0, pushes(weights))["readout"] is None


def test_the_digits_to_show_travel_as_bytes(made):
    trace, weights, data = made
    layer = len(trace.layers) - 1
    expected = digits(trace.layers[layer], arithmetic(trace, weights, layer))
    assert set(data["digits"]) == set(vars(expected))
    for name, counts in vars(expected).items():
        sent = np.frombuffer(base64.b64decode(data["digits"][name]), dtype=np.uint8)
        assert np.array_equal(sent.reshape(counts.shape), counts)


def test_what_a_gate_is_stands_above_the_heatmaps(every_model, clicks):
    trace = record(every_model, clicks)
    read = payload(trace, every_model.weights(), 0, None)["reading"]
    units = trace.layers[0].units
    rows = "the memory's one unit" if units == 1 else f"one of {units} units of memory"
    assert read.startswith(f"A row is {rows}, a column one click.")
    assert ("A gate is a number from 0 to 1" in read) == bool(trace.layers[0].anatomy.gates)


def test_no_step_travels_in_it(made):
    _, _, data = made
    assert "step" not in data


def test_the_walk_gets_the_same_clicks_items_and_colours_and_nothing_else(made):
    trace, _, data = made
    walked = walk_payload(trace)
    assert set(walked) == {"clicks", "items", "legend"}
    assert walked["clicks"] == data["clicks"] == trace.items.tolist()
    assert walked["items"] == {str(i): data["items"][str(i)] for i in data["clicks"]}
    assert walked["legend"] == data["legend"]
    first = walked["items"][str(walked["clicks"][0])]
    assert first["title"] == trace.catalog.titles[trace.items[0]]
    assert json.dumps(walked, allow_nan=False) == json.dumps(walk_payload(trace), allow_nan=False)


def test_what_the_cell_is_made_of(every_model, clicks):
    trace = record(every_model, clicks)
    data = payload(trace, every_model.weights(), 0, None)
    assert data["blocks"] == trace.layers[0].anatomy.blocks
    assert data["quantities"] == list(data["values"]) == list(trace.layers[0].quantities())
    assert set(data["quantities"]) | set(data["blocks"]) <= set(data["legend"]["quantities"])
    assert ("What of it is shown." in str(data["legend"])) == (data["cell"] == "lstm")
