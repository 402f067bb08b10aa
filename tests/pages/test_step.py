"""Does the Step page show what it is asked for, and react to what the stepper reports?

Oracles: the payload against a recording made here; the address against the view. Only the
drawing needs a browser.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.ui.view import SessionRef, View
from tests.pages.browsing import notes, report, stepper, trigger, view_of

ROOT = Path(__file__).parents[2]
DETOUR = shop.scenarios(ROOT / "sample_data")[0]


def test_the_first_page_shows_the_first_story_at_its_first_click(app):
    data = stepper(app.run())
    assert [data["trace"]["items"][str(i)]["id"] for i in data["trace"]["clicks"]] == list(DETOUR.items)
    assert data["start"]["step"] == 1
    assert not app.error
    assert not app.info


def test_the_lists_are_those_of_a_recording_made_here(app):
    data = stepper(app.run())
    trace = gru_viz.record(gru_viz.load(ROOT / "sample_data" / "model.safetensors"), DETOUR.items)
    for step, top in enumerate(data["trace"]["tops"]):
        table = trace.top(10, step)
        assert [data["trace"]["items"][str(i)]["id"] for i in top["items"]] == list(table["item_id"])
        assert top["probabilities"] == pytest.approx(list(table["probability"]))


def test_a_link_restores_the_view(app):
    app.query_params.update(
        {"session": "story:detour", "keep": "6", "add": "tripod", "step": "7", "unit": "3"}
    )
    app.query_params["add"] = DETOUR.items[0]
    data = stepper(app.run())
    assert len(data["trace"]["clicks"]) == 7
    assert data["start"] == {"step": 7, "unit": 3, "keeps": False, "sort": "half-life"}
    assert data["edits"] == {"own": 6, "added": 1, "set_aside": 3, "nothing": False}


def test_a_session_of_the_log(app):
    app.query_params["session"] = "log:s00007"
    data = stepper(app.run())
    log = shop.sessions()
    expected = [log.catalog.ids[i] for i in log.find("s00007")]
    assert [data["trace"]["items"][str(i)]["id"] for i in data["trace"]["clicks"]] == expected


def test_a_session_from_one_item(app):
    app.query_params.update({"session": "items", "add": DETOUR.items[0]})
    assert len(stepper(app.run())["trace"]["clicks"]) == 1


def test_a_session_from_nothing_waits_for_an_item(app):
    app.query_params["session"] = "items"
    app.run()
    assert not app.exception
    assert not app.get("bidi_component")
    assert "Nothing to step through yet" in notes(app)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"session": "story:no"}, "What the address names is not here"),
        ({"session": "log:no"}, "What the address names is not here"),
        ({"model": "0123456789ab"}, "that the address names is not loaded"),
        ({"step": "99"}, "became 9"),
        ({"step": "x"}, "step must be a whole number"),
        ({"unit": "9999"}, "no unit is opened"),
        ({"layer": "5"}, "no layer 5"),
        ({"add": "no%2Dsuch,%3Cscript%3E"}, "2 of the added items"),
        ({"session": "![x](https://evil.example/a.png)"}, "session must be"),
    ],
)
def test_a_link_that_does_not_fit_is_said_and_the_page_works(app, query, said):
    app.query_params.update(query)
    stepper(app.run())
    assert said in notes(app)


def test_a_reported_step_goes_into_the_address_and_the_trace_stays_the_same(app):
    before = stepper(app.run())
    report(app, view={"key": before["key"], "step": 5, "unit": 7, "keeps": False, "sort": "index"})
    assert view_of(app) == View(session=SessionRef(), step=5, unit=7, sort="index")
    after = stepper(app)
    # AppTest reruns the whole page, after which a browser that mounts anew begins at the step
    assert after.pop("start") == {"step": 5, "unit": 7, "keeps": False, "sort": "index"}
    assert before.pop("start")["step"] == 1
    assert after == before


def test_a_report_about_another_trace_is_ignored(app):
    app.run()
    report(app, view={"key": "of another trace", "step": 5})
    assert view_of(app).step == 1


def test_odd_reports_change_nothing(app):
    key = stepper(app.run())["key"]
    report(app, view={"key": key, "step": "<b>", "unit": [1], "keeps": "yes", "sort": "x"})
    assert view_of(app) == View()
    trigger(app, "append", {"item_id": 5, "step": -3})
    trigger(app, "append", "nonsense")
    assert view_of(app) == View()
    assert not app.exception


def test_appending_undoing_and_resetting(app):
    stepper(app.run())
    trigger(app, "append", {"item_id": DETOUR.items[0], "step": 6})
    assert view_of(app) == View(session=SessionRef(keep=6, added=(DETOUR.items[0],)), step=7)
    assert len(stepper(app)["trace"]["clicks"]) == 7
    trigger(app, "append", {"item_id": DETOUR.items[1], "step": 7})
    trigger(app, "undo", 1)
    assert view_of(app).session.added == (DETOUR.items[0],)
    trigger(app, "reset", 2)
    assert view_of(app) == View(step=6)
    assert len(stepper(app)["trace"]["clicks"]) == len(DETOUR.items)


def test_every_story_can_be_stepped_through(app):
    for story in shop.scenarios(ROOT / "sample_data"):
        app.query_params.clear()
        app.query_params["session"] = f"story:{story.key}"
        assert len(stepper(app.run())["trace"]["clicks"]) == len(story.items)


def test_the_sidebar_says_what_model_it_is_and_how_far_it_was_checked(app):
    app.run()
    facts = " ".join(caption.value for caption in app.sidebar.caption)
    assert "240 items" in facts
    assert "reset before" in facts
    assert "recomputed to" in facts
    assert "of the limit** · Markov" in facts
