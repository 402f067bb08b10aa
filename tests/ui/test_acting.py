"""Oracle: the views written out by hand; what is odd changes nothing or is said in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.anatomy import CELLS
from gru_viz.errors import InputError
from gru_viz.interventions import (
    Intervention,
    ablate,
    forget,
    freeze,
    from_text,
    keep_everything,
    no_memory,
    quantities,
    reset_closed,
    to_text,
)
from gru_viz.ui.editor.forcing import offered
from gru_viz.ui.variants import show
from gru_viz.ui.view import Variant, View
from gru_viz.ui.what_if.acting import Setting, acted
from gru_viz.ui.what_if.forcing import Forceable, asked
from tests.models import small_catalog

CATALOG = small_catalog()
OWN = ("id-0", "id-1", "id-2")
EVERY = {"first": 1, "last": 3, "units": "", "layer": 0}


FORM = {**EVERY, "do": "force", "quantity": "z", "action": "clamp", "value": 0.25, "keeps": False}


def matter(layer, most):
    """The units that matter most: the last ones."""
    return tuple(range(5 - most, 5))


def after(view, **event):
    return acted(view, Setting(OWN, CATALOG, "gru", (5,), matter), event)


def one(event, units=(5,), cell="gru"):
    (found,) = asked(event, Forceable(cell, units, 3, matter))
    return found


@pytest.mark.parametrize(
    ("event", "items"),
    [
        ({"action": "delete", "click": 1}, ("id-0", "id-2")),
        ({"action": "repeat", "click": 0}, ("id-0", *OWN)),
        ({"action": "move", "click": 0, "other": 2}, ("id-1", "id-2", "id-0")),
        ({"action": "swap", "click": 0, "other": 2}, ("id-2", "id-1", "id-0")),
        ({"action": "replace", "click": 1, "item": "id-6"}, ("id-0", "id-6", "id-2")),
        ({"action": "insert", "click": 3, "item": "id-6"}, (*OWN, "id-6")),
    ],
)
def test_every_edit_makes_a_variant(event, items):
    assert after(View(), do="edit", **event) == View(variants=(Variant(items),), shown=1)


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        ({"preset": "z0"}, keep_everything()),
        ({"preset": "z1", "first": 3}, no_memory(clicks=(2, 2))),
        ({"preset": "r0", "units": "3 0-1"}, reset_closed([0, 1, 3])),
        ({"preset": "forget", "first": 2}, forget(1)),
        ({"preset": "ablate", "units": "4"}, ablate([4])),
        ({"preset": "freeze", "units": "0,2", "last": 2}, freeze([0, 2], (0, 1))),
    ],
)
def test_presets(wanted, made):
    assert one({**EVERY, **wanted}) == made
    view = after(View(), do="force", **{**EVERY, **wanted})
    assert from_text(view.variants[0].forced) == (made,)
    assert after(view, do="force", **{**EVERY, **wanted}) == view
    assert after(view, do="release", place=0) == View(variants=(Variant(OWN),), shown=1)


def test_a_layer_below_the_top_is_named():
    assert one({**EVERY, "preset": "z0", "layer": 0}, (5, 3)).layer == 0
    assert one({**EVERY, "preset": "z0", "layer": 1}, (5, 3)).layer == -1


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        ({}, Intervention("z", "clamp", 0.25)),
        ({"keeps": True, "value": 0.7}, Intervention("z", "clamp", 0.3)),  # 1 − 0.7, without a tail of digits
        ({"keeps": True, "action": "scale", "value": 2}, Intervention("z", "scale", 2)),
        ({"quantity": "r", "keeps": True}, Intervention("r", "clamp", 0.25)),
        ({"quantity": "h", "value": -1, "units": "1-2"}, Intervention("h", "clamp", -1, (1, 2))),
        (
            {"quantity": "h_prev", "action": "scale", "first": 2, "last": 2},
            Intervention("h_prev", "scale", 0.25, None, (1, 1)),
        ),
        ({"units": "Top 2"}, Intervention("z", "clamp", 0.25, (3, 4))),
    ],
)
def test_any_value(wanted, made):
    view = after(View(), **{**FORM, **wanted})
    assert from_text(view.variants[0].forced) == (made,)
    assert view.variants[0].forced == to_text([made])


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_all_that_is_offered_can_be_asked_for_and_nothing_beyond_its_ends(cell, keeps):
    """Oracle: what `Intervention` takes."""
    given = offered(cell, keeps)
    for preset in given["presets"]:
        assert asked({**EVERY, "preset": preset["key"], "units": "1"}, Forceable(cell, (5,), 3, matter))
    assert tuple(row["name"] for row in given["quantities"]) == quantities(cell)
    for row in given["quantities"]:
        for action in ("clamp", "scale"):
            event = {**FORM, "keeps": keeps, "quantity": row["name"], "action": action}
            low, high = row[action]["range"]
            for value in (low, high, row[action]["start"]):
                assert one({**event, "value": value}, cell=cell).quantity == row["name"]
            for value in (low - 0.01, high + 0.01):
                with pytest.raises(InputError, match="can be"):
                    one({**event, "value": value}, cell=cell)


def test_an_lstm_freezes_by_two_gates():
    frozen = asked({**EVERY, "preset": "freeze", "units": "1"}, Forceable("lstm", (5,), 3, matter))
    assert frozen == (Intervention("f", "clamp", 1, (1,)), Intervention("i", "clamp", 0, (1,)))
    with pytest.raises(InputError, match="no z to force"):
        one({**EVERY, "preset": "z0"}, cell="lstm")
    with pytest.raises(InputError, match="unknown preset"):  # without gates nothing keeps
        one({**EVERY, "preset": "freeze", "units": "1"}, cell="rnn")


def test_presets_are_named_as_z_is_read():
    written, kept = ({p["key"]: p for p in offered("gru", keeps)["presets"]} for keeps in (False, True))
    assert (written["z0"]["symbol"], kept["z0"]["symbol"]) == ("z ≡ 0", "z ≡ 1")
    assert written["z0"]["words"] == kept["z0"]["words"] == "writes nothing"
    assert written["r0"] == kept["r0"]
    assert "(z keeps)" in kept["z0"]["title"]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"do": "edit", "action": "delete", "click": 3}, "outside"),
        ({"do": "edit", "action": "burn", "click": 0}, "unknown edit"),
        ({"do": "edit", "action": "replace", "click": 0, "item": "<b>"}, "not in this model"),
        ({"do": "edit", "action": "delete", "click": True}, "whole number"),
        ({"do": "force", **EVERY, "preset": "z0", "last": 4}, "within 1 to 3"),
        ({"do": "force", **EVERY, "preset": "z0", "first": 0}, "whole number|within"),
        ({"do": "force", **EVERY, "preset": "z0", "units": "5"}, "outside the layer"),
        ({"do": "force", **EVERY, "preset": "z0", "units": "a"}, "no unit"),
        ({"do": "force", **EVERY, "preset": "z0", "units": "7-3"}, "do not rise"),
        ({"do": "force", **EVERY, "preset": "ablate"}, "say which units"),
        ({"do": "force", **EVERY, "preset": "x"}, "unknown preset"),
        ({"do": "force", **EVERY, "preset": "z0", "layer": 1}, "no layer 2"),
        ({"do": "force", **EVERY, "preset": "z2"}, "unknown preset"),
        ({"do": "force", **EVERY, "preset": "h0"}, "unknown preset"),
        ({"do": "force", **EVERY, "preset": "z0", "units": "top 6"}, "top 1 to top 5"),
        ({"do": "force", **EVERY, "preset": "z0", "units": "top 0"}, "top 1 to top 5"),
        ({**FORM, "value": None}, "give a number"),
        ({**FORM, "value": True}, "give a number"),
        ({**FORM, "value": 1.5}, "0 to 1"),
        ({**FORM, "keeps": True, "value": 1.5}, "0 to 1"),
        ({**FORM, "quantity": "q"}, "unknown quantity"),
        ({**FORM, "quantity": 3}, "say what to force"),
        ({**FORM, "action": "burn"}, "unknown action"),
    ],
)
def test_what_cannot_be_done_is_said(event, said):
    with pytest.raises(InputError, match=said):
        after(View(), **event)


def test_z_is_read_as_it_writes_or_keeps():
    assert after(View(), do="read", keeps=True) == View(keeps=True)
    assert after(View(keeps=True), do="read", keeps=1) == View(keeps=True)


def test_show_pin_copy_drop_follow_and_compare():
    view = View(variants=(Variant(("id-0", "id-2")),))
    assert after(view, do="show", number=1) == show(view, 1)
    assert after(view, do="pin", number=1).pinned == 1
    assert len(after(view, do="duplicate", number=1).variants) == 2
    assert after(view, do="drop", number=1) == View()
    assert after(view, do="follow", item=3).item == "id-3"
    assert after(show(view, 1), do="compare", click=0).at == 1
    assert after(show(view, 1), do="compare", click=1).at is None


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"do": "no such"},
        {"do": ["edit"]},
        {"do": "drop", "number": 0},
        {"do": "show", "number": 2},
        {"do": "follow", "item": 99},
        {"do": "compare", "click": 99},
    ],
)
def test_what_is_none_of_its_events_changes_nothing(event):
    assert after(View(), **event) == View()


odd = (
    st.none() | st.booleans() | st.integers(-3, 9) | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
)
names = st.sampled_from(
    [
        "action",
        "click",
        "other",
        "item",
        "number",
        "preset",
        "first",
        "last",
        "units",
        "layer",
        "place",
        "quantity",
        "action",
        "value",
        "keeps",
    ]
)


@given(
    st.sampled_from(
        ["edit", "force", "release", "show", "pin", "drop", "duplicate", "follow", "compare", "read"]
    ),
    st.dictionaries(names, odd | st.sampled_from(["delete", "insert", "z0", "ablate", "id-1", "z", "clamp"])),
)
def test_nothing_but_an_input_error_comes_of_odd_events(do, event):
    view = View(variants=(Variant(OWN[:2]),), shown=1)
    try:
        found = after(view, do=do, **event)
    except InputError:
        return
    assert max(found.shown, found.pinned) <= len(found.variants) <= 3
