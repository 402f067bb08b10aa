"""Oracle: recordings made here, and what explain/changes.py says of them."""

from __future__ import annotations

import base64
import json
import re
from functools import partial

import numpy as np
import pytest

from gru_viz.explain.changes import changes, held_differences
from gru_viz.explain.words import plain
from gru_viz.interventions import from_text, to_text, words
from gru_viz.interventions import keep_everything as keep
from gru_viz.record import record
from gru_viz.ui.editor.payload import payload
from gru_viz.ui.editor.scene import counterpart, scene, scene_sentence
from gru_viz.ui.view import Variant, View

CLICKS = [2, 0, 0, 5, 2, 6, 1, 3]
SHORTER = [2, 0, 5, 2, 6, 1, 3]


def ids(items):
    return tuple(f"id-{n}" for n in items)


HELD = Variant(ids(CLICKS), to_text([keep(clicks=(2, 4))]))
VIEW = View(variants=(Variant(ids(SHORTER)), HELD), shown=1)


def made(model, view=VIEW):
    return scene(view, record(model, CLICKS), partial(record, model))


def test_one_trace_a_variant_as_recording_it_alone_gives(any_model):
    found = made(any_model)
    wanted = [
        record(any_model, CLICKS),
        record(any_model, SHORTER),
        record(any_model, CLICKS, from_text(HELD.forced)),
    ]
    for ours, theirs in zip(found.traces, wanted, strict=True):
        assert np.array_equal(ours.scores, theirs.scores)
        assert ours.interventions == theirs.interventions


def test_it_is_json_and_all_that_is_named_is_described(any_model):
    for shown in (0, 1, 2):
        data = payload(made(any_model, View(variants=VIEW.variants, shown=shown, pinned=2)), 0)
        assert json.dumps(data, allow_nan=False)
        named = {i for v in data["variants"] for i in v["clicks"]} | {
            *data["list"]["items"],
            data["followed"],
        }
        assert {str(i) for i in named} <= set(data["items"])


def test_the_list_and_the_course_are_the_recordings_own(model):
    data = payload(made(model), 0)
    plain_trace, shorter = record(model, CLICKS), record(model, SHORTER)
    expected = changes(plain_trace, shorter)
    assert data["list"]["items"] == expected.items.tolist()
    for side, trace in enumerate((plain_trace, shorter)):
        assert data["list"]["ranks"][side] == [trace.rank(i) for i in expected.items]
        assert data["list"]["probabilities"][side] == pytest.approx(trace.probability(expected.items))
    assert data["followed"] == int(plain_trace.ranking(-1, 1)[0])
    for trace, course in zip(made(model).traces, data["courses"], strict=True):
        alone = [trace.probability(np.array([data["followed"]]), t)[0] for t in range(len(trace))]
        assert course == pytest.approx(alone)


def test_the_difference_of_the_states_digit_for_digit(any_model):
    data = payload(made(any_model), 0)["held"]
    expected = held_differences(record(any_model, CLICKS), record(any_model, SHORTER), 0)
    assert data["clicks"] == expected.clicks[:, 1].tolist()
    values = np.frombuffer(base64.b64decode(data["values"]), dtype="<f4")
    assert np.array_equal(values.reshape(-1, data["units"]), expected.values["h"].astype("<f4"))


def differs(data):
    return np.frombuffer(base64.b64decode(data["values"]), dtype="<f4").reshape(-1, data["units"])


@pytest.mark.parametrize("quantity", ["z", "r", "candidate", "h"])
def test_the_difference_of_every_quantity(any_model, quantity):
    data = payload(made(any_model), 0, quantity=quantity)["held"]
    expected = held_differences(record(any_model, CLICKS), record(any_model, SHORTER), 0)
    assert data["quantity"] == quantity
    assert [choice["name"] for choice in data["choices"]] == list(expected.values)
    assert np.array_equal(differs(data), expected.values[quantity].astype("<f4"))


def test_where_z_keeps_it_differs_the_other_way(model):
    writes, keeps = (payload(made(model), 0, name, "z") for name in ("writes", "keeps"))
    assert differs(writes["held"]).any()
    assert np.array_equal(differs(writes["held"]), -differs(keeps["held"]))
    assert (writes["offered"]["keeps"], keeps["offered"]["keeps"]) == (False, True)
    assert keeps["held"]["keeps"]
    assert (
        payload(made(model), 0, "keeps", "r")["held"]["values"]
        == payload(made(model), 0, "writes", "r")["held"]["values"]
    )


def test_a_quantity_that_the_cell_has_not_is_the_state(model):
    assert payload(made(model), 0, quantity="<b>")["held"]["quantity"] == "h"


def test_where_only_the_best_scores_are_kept(any_model, monkeypatch):
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 3)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 3)
    data = payload(made(any_model), 0)
    json.dumps(data, allow_nan=False)
    ranks = [rank for row in data["list"]["ranks"] for rank in row]
    assert {rank for rank in ranks if rank is not None} == {1, 2, 3}


def test_what_is_changed_and_what_is_forced_is_marked(model):
    data = payload(made(model), 0)
    session, shorter, held = data["variants"]
    assert not any(session["changed"] + shorter["changed"] + held["changed"])
    assert held["touched"] == [2 <= t <= 4 for t in range(8)]
    assert held["forced"] == [words(keep(clicks=(2, 4)))]
    assert not any(shorter["touched"])
    replaced = View(variants=(Variant(ids([2, 0, 4, *CLICKS[3:]])),), shown=1)
    assert payload(made(model, replaced), 0)["variants"][1]["changed"] == [t == 2 for t in range(8)]


def test_compared_after_another_click_than_the_last(model):
    found = made(model, View(variants=VIEW.variants, shown=1, at=5))
    assert found.steps == (4, 3)  # one click less before it
    assert plain(scene_sentence(found)).startswith("Variant 1 against the session, after click 4: ")
    assert max(payload(found, 0)["held"]["clicks"]) == 3
    assert plain(scene_sentence(made(model))).startswith(
        "Variant 1 against the session, after the last click: "
    )


def test_the_plain_claim_comes_first_and_the_divergence_below_the_lists(model):
    found = made(model)
    kl = changes(record(model, CLICKS), record(model, SHORTER)).kl
    said, below = plain(scene_sentence(found)), payload(found, 0)["distance"]
    assert "best items stay." in said
    assert not re.search(r"\bKL\b|nats", said)
    assert f"KL divergence {kl:.2f} nats" in below


def test_with_itself_nothing_is_compared(model):
    said = plain(scene_sentence(made(model, View())))
    best = int(record(model, CLICKS).ranking(-1, 1)[0])
    assert said.startswith(f"The session, after the last click: {model.catalog.titles[best]} comes first (")
    both = plain(scene_sentence(made(model, View(variants=VIEW.variants, shown=2, pinned=2))))
    assert "This is the reference" in both


@pytest.mark.parametrize(
    ("reference", "variant", "click", "stands"),
    [
        ([1, 2, 3], [1, 2, 3], 1, 1),
        ([1, 2, 3], [1, 3], 2, 1),  # click 2 deleted: the last one is still the last
        ([1, 2, 3], [1, 3], 1, 0),  # the deleted one: as many clicks after it
        ([1, 2, 3], [4, 1, 2, 3], 0, 1),
        ([1, 2, 3], [3], 0, 0),
        ([1, 2, 3], [5, 6, 7], 1, 1),
    ],
)
def test_which_click_stands_for_which(reference, variant, click, stands):
    assert counterpart(np.array(reference), np.array(variant), click) == stands
