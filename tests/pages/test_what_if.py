"""Does the What-if page do to the session what it is asked to, and say what came of it?

Oracles: recordings made here and what explain/changes.py says of them; the address against the view.
"""

from __future__ import annotations

import io
import json
import re
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.explain.ablation import ablation
from gru_viz.explain.changes import changes, changes_sentence
from gru_viz.explain.words import plain
from gru_viz.interventions import Intervention, from_text, keep_everything, no_memory, to_text
from gru_viz.rerun import last_clicks
from gru_viz.ui.editor.scene import scene
from gru_viz.ui.view import NOTHING, QUESTIONS, STORY, SessionRef, Variant, View, to_query
from gru_viz.ui.what_if.demonstration import CUES, demonstration
from gru_viz.ui.what_if.exporting import as_csv, as_json
from tests.pages.browsing import notes, squeezed, texts, trigger, typed, view_of
from tests.pages.browsing import stepper as editor

ROOT = Path(__file__).parents[2]
STORIES = {story.key: story for story in shop.scenarios(ROOT / "sample_data")}
ITEMS = STORIES["detour"].items
WITHOUT_FIRST = Variant(ITEMS[1:])
ITEM = "gru_viz-what_if-item"


@pytest.fixture(scope="module")
def model():
    return gru_viz.load(ROOT / "sample_data")


def did(app, what, **more):
    """The editor reports what a person did."""
    return trigger(app, "did", {"do": what, "n": 1, **more})


def button(app, label):
    (found,) = [one for one in app.button if one.label == label]
    return found


def said(model, reference, variant):
    return plain(changes_sentence(reference, variant, changes(reference, variant)))


def test_it_opens_on_the_session_as_it_is(what_if):
    data = editor(what_if.run())
    assert [v["name"] for v in data["picture"]["variants"]] == ["Session"]
    assert "The session, after the last click:" in texts(what_if)
    assert view_of(what_if) == View()
    assert not data["undo"]


def test_an_edit_makes_a_variant_the_sentence_speaks_of_it_and_undo_takes_it_back(what_if, model):
    what_if.run()
    did(what_if, "edit", action="delete", click=0)
    assert view_of(what_if) == View(variants=(WITHOUT_FIRST,), shown=1)
    expected = said(model, gru_viz.record(model, ITEMS), gru_viz.record(model, ITEMS[1:]))
    assert squeezed(expected) in squeezed(texts(what_if))
    did(what_if, "edit", action="delete", click=0)
    assert view_of(what_if) == View(variants=(Variant(ITEMS[2:]),), shown=1)
    did(what_if, "undo")
    assert view_of(what_if) == View(variants=(WITHOUT_FIRST,), shown=1)
    assert editor(what_if)["undo"]
    did(what_if, "undo")
    assert view_of(what_if) == View()
    assert not editor(what_if)["undo"]


def test_an_edit_of_clicks_that_are_gone_is_left_out(what_if):
    """A slow answer: the browser sent it after its patience had ended, with the old picture before it."""
    assert editor(what_if.run())["heard"] == 0
    did(what_if, "edit", action="delete", click=0, n=5, seen=0)
    did(what_if, "edit", action="delete", click=0, n=6, seen=0)
    assert view_of(what_if).variants == (WITHOUT_FIRST,)
    assert "the clicks it was meant for may have changed" in notes(what_if)
    assert editor(what_if)["heard"] == 6
    did(what_if, "edit", action="delete", click=0, n=7, seen=6)
    assert view_of(what_if).variants == (Variant(ITEMS[2:]),)


@pytest.mark.parametrize(
    ("late", "more"),
    [
        ("release", {"place": 0}),
        ("drop", {"number": 1}),
        ("compare", {"click": 1}),
        ("force", {"preset": "z0", "first": 1, "last": 2, "units": "", "layer": 0}),
    ],
)
def test_whatever_counts_clicks_or_sessions_of_an_earlier_picture_is_left_out(what_if, late, more):
    what_if.run()
    did(what_if, "force", preset="z0", first=2, last=6, units="", layer=0, n=5, seen=0)
    before = view_of(what_if)
    did(what_if, late, n=6, seen=0, **more)
    assert view_of(what_if) == before
    assert "may have changed" in notes(what_if)
    did(what_if, late, n=7, seen=6, **more)
    assert view_of(what_if) != before


def test_what_speaks_of_no_place_is_done_however_late(what_if):
    what_if.run()
    did(what_if, "edit", action="delete", click=0, n=5, seen=0)
    did(what_if, "read", keeps=True, n=6, seen=0)
    assert view_of(what_if).keeps
    assert "may have changed" not in notes(what_if)


def test_a_gate_is_held_and_released(what_if, model):
    what_if.run()
    did(what_if, "force", preset="z0", first=2, last=6, units="", layer=0)
    held = keep_everything(clicks=(1, 5))
    assert from_text(view_of(what_if).variants[0].forced) == (held,)
    expected = said(model, gru_viz.record(model, ITEMS), gru_viz.record(model, ITEMS, [held]))
    assert squeezed(expected) in squeezed(texts(what_if))
    did(what_if, "release", place=0)
    assert view_of(what_if).variants == (Variant(ITEMS),)


def test_swapping_two_clicks_on_one_item_is_said_to_change_nothing(what_if):
    what_if.query_params.update({"v1": "halden-h60,chef-knife,halden-h60", "edit": "1"})
    before = view_of(what_if.run())
    did(what_if, "edit", action="swap", click=0, other=2)
    assert view_of(what_if) == before
    assert "changes nothing" in notes(what_if)
    did(what_if, "edit", action="swap", click=0, other=1)
    assert view_of(what_if).variants[0].items == ("chef-knife", "halden-h60", "halden-h60")
    assert "changes nothing" not in notes(what_if)


def test_what_was_forced_at_a_click_that_went_goes_and_that_is_said(what_if):
    what_if.query_params.update({"v1": "halden-h60,chef-knife!z_c0_t2~z_c1_t1", "edit": "1"})
    what_if.run()
    did(what_if, "edit", action="repeat", click=0)
    assert "no longer there" not in notes(what_if)
    did(what_if, "edit", action="delete", click=0)
    did(what_if, "edit", action="delete", click=0)
    assert "no longer there was taken away" in notes(what_if)
    assert view_of(what_if).variants == (Variant(("chef-knife",), "z_c1_t1"),)


def test_what_cannot_be_done_is_said_and_the_page_works(what_if):
    what_if.run()
    did(what_if, "force", preset="ablate", first=1, last=9, units="", layer=0)
    assert "Say which units to ablate" in notes(what_if)
    did(what_if, "duplicate", number=0)
    assert "Say which" not in notes(what_if)
    for _ in range(3):
        did(what_if, "duplicate", number=0)
    assert "drop one to make room" in notes(what_if)
    assert len(view_of(what_if).variants) == 3


def test_an_item_is_found_by_typing(what_if):
    what_if.run()
    did(what_if, "ask", action="replace", click=0)
    assert editor(what_if)["asking"] == {"action": "replace", "click": 0}
    typed(what_if, ITEM, "<b>no such</b>")
    assert "No item's title" in notes(what_if)
    typed(what_if, ITEM, "sarno s10")
    assert view_of(what_if) == View(variants=(Variant(("sarno-s10", *ITEMS[1:])),), shown=1)
    assert editor(what_if)["asking"] is None
    did(what_if, "ask", action="insert", click=8)
    typed(what_if, ITEM, "halden-45")
    assert view_of(what_if).variants[0].items == ("sarno-s10", *ITEMS[1:], "halden-45")
    did(what_if, "ask", action="insert", click=0)
    button(what_if, "Leave it as it is").click().run()
    assert editor(what_if)["asking"] is None


def test_any_value_for_the_units_that_matter_most(what_if, model):
    """Oracle: the answer to "Which units matter here?", made here."""
    trace = gru_viz.record(model, ITEMS)
    item = int(trace.ranking(-1, 1)[0])
    best = ablation(trace, item, partial(last_clicks, model)).units[:3]
    what_if.run()
    where = {"first": 1, "last": 9, "units": "top 3", "layer": 0}
    did(what_if, "force", quantity="h", action="scale", value=0.5, keeps=False, **where)
    wanted = Intervention("h", "scale", 0.5, tuple(sorted(best.tolist())))
    assert from_text(view_of(what_if).variants[0].forced) == (wanted,)
    expected = said(model, trace, gru_viz.record(model, ITEMS, [wanted]))
    assert squeezed(expected) in squeezed(texts(what_if))


def test_another_quantity_and_z_as_it_keeps(what_if):
    what_if.query_params.update({"v1": ",".join(ITEMS[1:]), "edit": "1"})
    assert editor(what_if.run())["picture"]["held"]["quantity"] == "h"
    did(what_if, "differ", quantity="z")
    did(what_if, "read", keeps=True)
    held = editor(what_if)["picture"]["held"]
    assert (held["quantity"], held["keeps"]) == ("z", True)
    assert view_of(what_if).keeps
    did(what_if, "differ", quantity="<b>")
    assert editor(what_if)["picture"]["held"]["quantity"] == "z"
    assert to_query(view_of(what_if))["differ"] == "z"  # a link shows it too
    did(what_if, "differ", quantity="h")
    assert "differ" not in to_query(view_of(what_if))


def test_any_item_is_followed_by_its_title(what_if, model):
    what_if.run()
    did(what_if, "ask", action="follow", click=0)
    typed(what_if, ITEM, "sarno 55 mm lens")
    assert view_of(what_if) == View(item="sarno-55")
    assert editor(what_if)["picture"]["followed"] == model.catalog.index("sarno-55")


@pytest.mark.parametrize("key", CUES)
def test_the_demonstration_shows_what_it_promises(what_if, model, key):
    """z ≡ 0 keeps the camera's own lenses on top, z ≡ 1 at the last detour click loses them."""
    what_if.run()
    label = {"long-detour": "Long detour", "detour-twin": "Detour's twin"}[key]
    button(what_if, label).click().run()
    assert not what_if.exception
    expected = demonstration(View(), STORIES[key])
    assert view_of(what_if) == expected
    cue = len(expected.variants[0].items) - 1
    held, anew = (from_text(v.forced) for v in expected.variants)
    assert held == (keep_everything(clicks=(1, cue - 1)),)
    assert anew == (no_memory(clicks=(cue - 1, cue - 1)),)
    assert "stays first" in texts(what_if)
    did(what_if, "show", number=2)
    assert "comes first instead of" in texts(what_if)


def captions(app):
    return " ".join(caption.value for caption in app.caption)


def test_a_demonstration_says_what_to_watch_until_it_is_changed(what_if):
    assert "Watch which" not in captions(what_if.run())
    button(what_if, "Long detour").click().run()
    assert "(z ≡ 0), variant 2 writes all anew at its last click (z ≡ 1). Watch which" in captions(what_if)
    did(what_if, "show", number=2)
    did(what_if, "read", keeps=True)
    assert "(z ≡ 1), variant 2 writes all anew at its last click (z ≡ 0). Watch which" in captions(what_if)
    did(what_if, "drop", number=2)
    assert "Watch which" not in captions(what_if)


def test_the_session_and_its_variants_are_exported(what_if, model):
    """Oracle: recordings made here."""
    traces = (
        gru_viz.record(model, ITEMS),
        gru_viz.record(model, ITEMS[1:], [keep_everything(clicks=(1, 2))]),
    )
    view = View(variants=(Variant(ITEMS[1:], to_text([keep_everything(clicks=(1, 2))])),), shown=1)
    found = scene(view, traces[0], partial(gru_viz.record, model))
    told = json.loads(as_json(found))
    assert told["compared"] == {
        "reference": "Session",
        "after_click": len(ITEMS),
        "with": "Variant 1",
        "after_its_click": len(ITEMS) - 1,
    }
    for one, trace, name in zip(told["sessions"], traces, ("Session", "Variant 1"), strict=True):
        assert one["name"] == name
        assert [click["item_id"] for click in one["clicks"]] == [model.catalog.ids[i] for i in trace.items]
        assert [best["item_id"] for best in one["clicks"][-1]["next"]] == trace.top(20)["item_id"].tolist()
    assert [len(one["forced"]) for one in told["sessions"]] == [0, 1]
    table = pd.read_csv(io.BytesIO(as_csv(found)))
    assert table.groupby("session").size().tolist() == [len(trace.to_frame()) for trace in traces]
    shown = table[(table.session == "Variant 1") & (table.quantity == "h") & (table.step == 3)]
    assert shown.value.to_numpy() == pytest.approx(traces[1].layers[0].h[2], abs=1e-6)
    assert what_if.run().get("popover")[-1].proto.popover.label == "Export"


def test_what_is_tried_where_something_is_held_is_said_plainly(what_if):
    what_if.query_params.update({"v1": f"{','.join(ITEMS)}!z_c0_t2-3", "edit": "1", "question": "flip"})
    what_if.run()
    assert "To have clicks deleted, swapped and replaced, too, take away what is held" in captions(what_if)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("forced", ["", "z_c0_t2-3"])
def test_every_question_is_answered(what_if, question, forced):
    what_if.query_params.update({"v1": f"halden-h60,chef-knife,memory-card!{forced}", "edit": "1"})
    what_if.run()
    what_if.segmented_control(key="gru_viz.what_if.question").set_value(question).run()
    assert not what_if.exception
    assert view_of(what_if).question == question
    assert not re.search(r"\b(nan|inf)\b", texts(what_if))
    assert len(what_if.get("plotly_chart")) == (question == "units")
    flips = [one.key for one in what_if.button if one.label == "Show it"]
    if question == "flip":
        assert flips
        assert forced == "" or flips == ["gru_viz.what_if.flip.units"]


def test_units_for_one_item_and_not_another(what_if):
    what_if.query_params.update({"question": "units", "session": "story:detour", "item": "halden-45"})
    what_if.query_params["against"] = "sarno-55"
    what_if.run()
    assert not what_if.exception
    assert "Halden 45 mm Lens against Sarno 55 mm Lens most" in " ".join(texts(what_if).split())


@pytest.mark.parametrize("kind", ["deletion", "swap", "replacement", "units"])
def test_the_smallest_change_becomes_a_variant_that_flips(what_if, kind):
    what_if.query_params.update({"question": "flip", "session": "story:detour", "keep": "7"})
    what_if.run()
    what_if.button(key=f"gru_viz.what_if.flip.{kind}").click().run()
    assert view_of(what_if).shown == 1
    assert "comes first instead of" in texts(what_if)


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ({"v1": "no-such,halden-h60"}, "not in this model's catalogue"),
        ({"v1": "halden-h60!z_c0_t9"}, "only 1 click."),
        ({"v1": "halden-h60!h_c0_u999"}, "outside the layer"),
        ({"v1": "halden-h60!<b>"}, "is no intervention"),
        ({"v1": ","}, "v1 must name"),
        ({"edit": "2"}, "edit must be"),
        ({"pin": "x"}, "pin must be"),
        ({"at": "99"}, "no click 99"),
        ({"question": "<b>"}, "question must be"),
    ],
)
def test_a_link_that_does_not_fit_is_said_and_the_page_works(what_if, query, remark):
    what_if.query_params.update(query)
    editor(what_if.run())
    assert remark in notes(what_if)


def test_a_variant_goes_to_the_step_page(what_if, monkeypatch):
    gone = []
    monkeypatch.setattr("streamlit.switch_page", gone.append)
    what_if.query_params.update(
        {"v1": ",".join([*ITEMS[:3], *ITEMS[4:]]), "edit": "1", "session": "story:detour"}
    )
    what_if.run()
    button(what_if, "Step").click().run()
    assert [page.name for page in gone] == ["step.py"]
    assert view_of(what_if) == View(session=SessionRef(STORY, "detour", 3, ITEMS[4:]), step=8)


def test_what_is_forced_does_not_go_along_and_that_is_said(what_if):
    what_if.query_params.update({"v1": f"{','.join(ITEMS)}!z_c0", "edit": "1"})
    what_if.run()
    assert any("what is forced does not" in caption.value for caption in what_if.caption)


def test_every_story_and_one_click(what_if):
    for key in STORIES:
        what_if.query_params.clear()
        what_if.query_params["session"] = f"story:{key}"
        editor(what_if.run())
    what_if.query_params.clear()
    what_if.query_params.update({"session": "items", "add": ITEMS[0]})
    editor(what_if.run())
    did(what_if, "edit", action="delete", click=0)
    assert "only click cannot be deleted" in notes(what_if)
    assert view_of(what_if).session.kind == NOTHING


def test_no_click(what_if):
    what_if.query_params["session"] = "items"
    what_if.run()
    assert not what_if.exception
    assert "Nothing to step through yet" in notes(what_if)
