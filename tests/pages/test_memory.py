"""Does the Memory page explain what it is asked about, and follow the step?

Oracles: the three answers computed here; the address against the view; sentences against the
functions that make them, which have tests of their own.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.data import shop
from gru_viz.explain.trust import trust, trust_sentence
from gru_viz.explain.verdict import verdict
from gru_viz.explain.why import why
from gru_viz.explain.words import plain
from gru_viz.rerun import last_clicks
from gru_viz.ui.view import PANELS, View
from tests.pages.browsing import notes, report, squeezed, stepper, texts, typed, view_of

ROOT = Path(__file__).parents[2]
DETOUR = shop.scenarios(ROOT / "sample_data")[0]
FIRST_TWO = 2  # charts above the panels


@pytest.fixture(scope="module")
def model():
    return gru_viz.load(ROOT / "sample_data")


def charts(app) -> int:
    return len(app.get("plotly_chart"))


def test_it_speaks_of_the_first_recommended_item_after_the_click(memory, model):
    memory.query_params.update({"session": "story:detour", "step": "7"})
    data = stepper(memory.run())
    assert data["start"]["step"] == 7
    trace = gru_viz.record(model, DETOUR.items)
    first = int(trace.ranking(6, 1)[0])
    answer = why(trace, model.weights(), first, partial(last_clicks, model), step=6)
    said = squeezed(texts(memory))
    assert squeezed(plain(verdict(trace, answer, 6))) in said
    assert squeezed(plain(answer.sentence)) in said
    assert charts(memory) == FIRST_TWO
    ledgers = trust(trace, model.weights(), answer)
    assert squeezed("✓ " + plain(trust_sentence(ledgers))) in said


def test_an_item_and_another_to_compare_with(memory, model):
    memory.query_params.update(
        {"session": "story:detour", "step": "7", "item": "halden-45", "against": "sarno-55"}
    )
    memory.run()
    assert not memory.exception
    trace = gru_viz.record(model, DETOUR.items)
    item, against = model.catalog.indices(["halden-45", "sarno-55"])
    answer = why(trace, model.weights(), item, partial(last_clicks, model), against, 6)
    assert squeezed(plain(answer.sentence)) in squeezed(texts(memory))
    memory.selectbox(key="gru_viz.memory.against").set_value(None).run()
    assert view_of(memory) == View(step=7, item="halden-45")


def test_a_step_moves_the_whole_page_and_nothing_else(memory):
    memory.query_params.update({"session": "story:detour", "unit": "5", "sort": "index", "panel": "carried"})
    data = stepper(memory.run())
    assert data["start"] == {"step": 7}
    before = texts(memory)
    report(memory, view={"key": data["key"], "step": 6})
    assert view_of(memory) == View(step=6, unit=5, sort="index", panel="carried")
    assert texts(memory) != before
    assert "unit 5's memory after click 6" in " ".join(texts(memory).split())
    assert stepper(memory)["key"] == data["key"]


def test_typing_finds_an_item(memory, model):
    memory.run()
    typed(memory, "gru_viz.memory.item", "sarno 55")
    assert view_of(memory).item == "sarno-55"
    typed(memory, "gru_viz.memory.item", "<b>no such</b>")
    assert view_of(memory).item == "sarno-55"
    assert "No item's title" in notes(memory)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("step", [1, 9])
def test_every_panel_draws(memory, panel, step):
    memory.query_params.update({"session": "story:detour", "step": str(step), "panel": panel})
    stepper(memory.run())
    expected = {"log": 0, "carried": 2, "lens": 3}.get(panel, 1)
    assert charts(memory) == FIRST_TWO + expected
    assert not re.search(r"\b(nan|inf)\b", texts(memory))


def test_changing_the_panel_goes_into_the_address(memory):
    memory.run()
    memory.segmented_control(key="gru_viz.memory.panel").set_value("reset").run()
    assert view_of(memory).panel == "reset"
    assert charts(memory) == FIRST_TWO + 1


def test_the_storys_own_question(memory):
    memory.run()
    (ask,) = [button for button in memory.button if button.label.startswith("Ask at click 7")]
    ask.click().run()
    assert view_of(memory) == View(step=7, item="halden-45", against="sarno-55")
    assert not [button for button in memory.button if button.label.startswith("Ask")]


def test_every_story_at_its_end(memory):
    for story in shop.scenarios(ROOT / "sample_data"):
        memory.query_params.clear()
        memory.query_params.update({"session": f"story:{story.key}", "step": str(len(story.items))})
        stepper(memory.run())
        assert charts(memory) == FIRST_TWO


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"item": "no-such"}, "not in this model's catalogue"),
        ({"against": "<b>"}, "not in this model's catalogue"),
        ({"panel": "x"}, "panel must be"),
        ({"click": "0"}, "click must be a whole number"),
    ],
)
def test_a_link_that_does_not_fit_is_said_and_the_page_works(memory, query, said):
    memory.query_params.update(query)
    stepper(memory.run())
    assert said in notes(memory)


def test_one_click(memory):
    memory.query_params.update({"session": "items", "add": DETOUR.items[0]})
    stepper(memory.run())
    assert "only one click" in texts(memory)


def test_no_click(memory):
    memory.query_params["session"] = "items"
    memory.run()
    assert not memory.exception
    assert "Nothing to step through yet" in notes(memory)


def test_the_whole_log_is_measured_when_asked_and_kept(memory, monkeypatch):
    small = shop.sessions().select(np.arange(60))
    monkeypatch.setattr(type(small), "fingerprint", property(lambda log: "same"))
    from gru_viz.ui import sources

    real = sources.sessions_of
    monkeypatch.setattr(
        "gru_viz.ui.current.sessions_of",
        lambda source: sources.LoadedLog("small.csv", small, real(source).lines),
    )
    memory.query_params.update({"panel": "log", "session": "story:detour"})
    memory.run()
    (measure,) = [button for button in memory.button if button.label.startswith("Measure over the 60")]
    measure.click().run()
    assert not memory.exception
    assert "Recall@20" in texts(memory)
    assert charts(memory) == FIRST_TWO + 1
    memory.run()
    assert charts(memory) == FIRST_TWO + 1
