"""Oracle: the views written out by hand; what is odd changes nothing or is said in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.interventions import ablate, forget, freeze, from_text, keep_everything, no_memory, reset_closed
from gru_viz.ui.variants import show
from gru_viz.ui.view import Variant, View
from gru_viz.ui.what_if.acting import acted, preset
from tests.models import small_catalog

CATALOG = small_catalog()
OWN = ("id-0", "id-1", "id-2")
EVERY = {"first": 1, "last": 3, "units": "", "layer": 0}


def after(view, **event):
    return acted(view, OWN, CATALOG, (5,), event)


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
    assert preset({**EVERY, **wanted}, (5,), 3) == made
    view = after(View(), do="force", **{**EVERY, **wanted})
    assert from_text(view.variants[0].forced) == (made,)
    assert after(view, do="force", **{**EVERY, **wanted}) == view
    assert after(view, do="release", place=0) == View(variants=(Variant(OWN),), shown=1)


def test_a_layer_below_the_top_is_named():
    made = preset({**EVERY, "preset": "z0", "layer": 0}, (5, 3), 3)
    assert made.layer == 0
    assert preset({**EVERY, "preset": "z0", "layer": 1}, (5, 3), 3).layer == -1


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
    ],
)
def test_what_cannot_be_done_is_said(event, said):
    with pytest.raises(InputError, match=said):
        after(View(), **event)


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
    ["action", "click", "other", "item", "number", "preset", "first", "last", "units", "layer", "place"]
)


@given(
    st.sampled_from(["edit", "force", "release", "show", "pin", "drop", "duplicate", "follow", "compare"]),
    st.dictionaries(names, odd | st.sampled_from(["delete", "insert", "z0", "ablate", "id-1"])),
)
def test_nothing_but_an_input_error_comes_of_odd_events(do, event):
    view = View(variants=(Variant(OWN[:2]),), shown=1)
    try:
        found = after(view, do=do, **event)
    except InputError:
        return
    assert max(found.shown, found.pinned) <= len(found.variants) <= 3
