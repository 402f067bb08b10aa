"""Does the Cells page open with what ships, and say what is true of it?

Oracles: sentences against the functions that make them, from models recorded here.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import gru_viz
from gru_viz.checkpoint import save
from gru_viz.data import shop
from gru_viz.explain.beside import beside_sentence
from gru_viz.explain.cell_study import FILE, FOLDER, read
from gru_viz.explain.detours import detours_sentence
from gru_viz.explain.leftover import leftover_sentence
from gru_viz.explain.words import plain
from gru_viz.ui import navigation
from gru_viz.ui.cells import loaded
from gru_viz.ui.launch import launch
from tests.models import random_model
from tests.pages.browsing import notes, report, squeezed, stepper, texts, view_of

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
CELLS = ("rnn", "lstm", "gru")
DETOUR = shop.scenarios(SAMPLE)[0]


@pytest.fixture
def page(start, monkeypatch) -> AppTest:
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return AppTest.from_file(str(ROOT / "pages" / "cells.py"), default_timeout=60)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Iterator[Path]:
    """A copy of the shipped study, which the page reads instead."""
    shutil.copytree(SAMPLE / FOLDER, tmp_path / FOLDER)
    shutil.copy(SAMPLE / FILE, tmp_path / FILE)
    monkeypatch.setattr(loaded, "SAMPLE_DATA", tmp_path)
    loaded._cells.clear()
    yield tmp_path
    loaded._cells.clear()


def test_it_opens_at_the_question_of_the_story(page):
    data = stepper(page.run())
    assert data["start"] == {"step": 7, "keeps": False}
    assert [board["cell"] for board in data["trace"]["boards"]] == list(CELLS)
    models = {cell: gru_viz.load(SAMPLE / FOLDER / f"{cell}.safetensors") for cell in CELLS[:2]}
    models["gru"] = gru_viz.load(SAMPLE)
    traces = {loaded.NAMES[cell]: gru_viz.record(models[cell], DETOUR.items) for cell in CELLS}
    said = "".join(text for _, text in data["trace"]["sentences"][6])
    assert said == plain(beside_sentence(traces, 6))
    assert "1st for the LSTM and the GRU, " in said
    assert not page.error
    assert not page.info


def test_sentences_table_and_charts(page):
    page.run()
    study, said = read(SAMPLE / FILE), squeezed(texts(page))
    curves = {"the GRU": "gru", "the LSTM": "lstm", "the vanilla RNN": "rnn", "a Markov chain": "markov"}
    sentence = detours_sentence({name: study.detours[key] for name, key in curves.items()}, study.chance)
    assert squeezed(plain(sentence)) in said
    lost = leftover_sentence({name: study.leftover[key] for name, key in list(curves.items())[:3]})
    assert squeezed(plain(lost)) in said
    for facts in study.facts.values():
        assert f"{facts.parameters:,}" in said
        assert f"{100 * facts.recall:.1f}%" in said
    assert len(page.get("plotly_chart")) == 3
    assert study.machine in " ".join(caption.value for caption in page.caption)


def test_steps_are_kept_and_nothing_else_reruns(page):
    data = stepper(page.run())
    report(page, view={"key": data["key"], "step": 3, "keeps": True})
    assert (view_of(page).step, view_of(page).keeps) == (3, True)
    assert stepper(page)["key"] == data["key"]


@pytest.mark.parametrize("name", ["equations", "conventions", "both_ways"])
def test_one_click_deeper(page, name):
    page.run()
    before = len(page.markdown)
    states = page._tree.get_widget_states()
    (place,) = [one for one in page.expander if one.proto.id and name in one.proto.id]
    states.widgets.add(id=place.proto.id, bool_value=True)
    page._run(states)
    assert not page.exception
    assert len(page.markdown) > before


@pytest.mark.parametrize("session", [{"session": "items"}, {"session": "items", "add": "mug-blue"}])
def test_a_session_that_is_nearly_empty(page, session):
    page.query_params.update(session)
    page.run()
    assert not page.exception


def test_one_click(page):
    page.query_params.update({"session": "items", "add": "lighthouse"})
    data = stepper(page.run())
    assert "where the session ends" in "".join(text for _, text in data["trace"]["sentences"][0])


def test_without_a_cell(page, elsewhere):
    (elsewhere / FOLDER / "lstm.safetensors").unlink()
    data = stepper(page.run())
    assert [board["cell"] for board in data["trace"]["boards"]] == ["rnn", "gru"]
    assert "`python -m gru_viz cells` trains it" in notes(page)


@pytest.mark.parametrize("text", [None, "{}"])
def test_without_the_study(page, elsewhere, text):
    (elsewhere / FILE).unlink()
    if text is not None:
        (elsewhere / FILE).write_text(text)
    data = stepper(page.run())
    assert len(data["trace"]["boards"]) == 3
    assert "`python -m gru_viz cells` writes one" in notes(page)
    assert not page.get("plotly_chart")


def test_figures_of_other_weights_are_said_to_be(page, elsewhere):
    file = elsewhere / FILE
    digest = read(file).facts["rnn"].digest
    file.write_text(file.read_text().replace(digest, "0" * 64))
    page.run()
    assert "The figures are of other weights of the vanilla RNN" in notes(page)


def test_a_cell_of_another_shop(page, elsewhere):
    save(random_model("lstm"), elsewhere / FOLDER / "lstm.safetensors")
    data = stepper(page.run())
    assert [board["cell"] for board in data["trace"]["boards"]] == ["rnn", "gru"]
    assert "knows other items" in notes(page)


def test_another_model_is_led_to_the_shop(page, tmp_path, monkeypatch):
    save(random_model("lstm"), tmp_path / "model.safetensors")
    monkeypatch.setattr(sys, "argv", ["app.py", "--model", str(tmp_path)])
    launch.cache_clear()
    page.query_params.update({"session": "items", "add": "id-2"})
    page.run()
    assert not page.exception
    assert "not on this model's log" in re.sub(r"\\", "", notes(page))
    page.button[-1].click().run()
    assert len(stepper(page)["trace"]["boards"]) == 3
    assert view_of(page).model == "sample"
