"""Does the Cells page open with what ships, and say what is true of it?

Oracles: sentences against the functions that make them, from models recorded here.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import gru_viz
from gru_viz.checkpoint import save
from gru_viz.data import shop
from gru_viz.errors import InputError
from gru_viz.explain.beside import beside_sentence
from gru_viz.explain.cell_sizes import by_size, sizes_sentence
from gru_viz.explain.cell_studies import FILE, FOLDER, SIZES, model_file, read
from gru_viz.explain.cell_switches import switched_sentence
from gru_viz.explain.cell_words import named
from gru_viz.explain.detours import detours_claim, detours_sentence
from gru_viz.explain.leftover import leftover_sentence
from gru_viz.explain.words import plain
from gru_viz.ui import navigation
from gru_viz.ui.cells import loaded
from gru_viz.ui.cells import own as own_cells
from gru_viz.ui.launch import launch
from gru_viz.ui.sources import Source
from gru_viz.ui.train import as_source
from gru_viz.ui.train.reading import Wish
from tests.models import random_model
from tests.pages.browsing import notes, report, squeezed, stepper, texts, view_of

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
CELLS = ("rnn", "lstm", "gru")
PICKED = "gru_viz.train.picked"
SIZE, RESET = "gru_viz.cells.size", "gru_viz.cells.reset"
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


def boards(page: AppTest) -> dict[str, dict]:
    return {board["cell"]: board for board in stepper(page)["trace"]["boards"]}


def sentence_after(step: int, models: dict) -> str:
    """Oracle: the sentence of these models, recorded here."""
    traces = {named(cell): gru_viz.record(model, DETOUR.items) for cell, model in models.items()}
    return plain(beside_sentence(traces, step))


def shown_sentence(page: AppTest, step: int) -> str:
    return "".join(text for _, text in stepper(page)["trace"]["sentences"][step])


def test_it_opens_at_the_question_of_the_story(page):
    data = stepper(page.run())
    assert data["start"] == {"step": 7, "keeps": False, "gates": False}
    assert [board["cell"] for board in data["trace"]["boards"]] == list(CELLS)
    models = {cell: gru_viz.load(model_file(SAMPLE, cell, 64)) for cell in CELLS}
    said = shown_sentence(page, 6)
    assert said == sentence_after(6, models)
    assert "1st for the LSTM and the GRU, " in said
    assert not page.error
    assert not page.info


@pytest.mark.parametrize(("units", "after"), [(64, False), (64, True), (SIZES[-1], False), (SIZES[1], True)])
def test_sentences_table_and_charts(page, units, after):
    page.query_params.update({"size": str(units), "reset": "after" if after else "before"})
    page.run()
    assert notes(page) == ""
    studies, said = read(SAMPLE / FILE), squeezed(texts(page))
    study, gru = studies.by_size[units], "gru_after" if after else "gru"
    cells = (gru, "lstm", "rnn")
    curves = {named(cell): study.detours[cell] for cell in (*cells, "sasrec", "markov")}
    for sentence in (
        switched_sentence(studies, (units, gru)),
        detours_claim(curves, study.chance),
        detours_sentence(curves, study.chance),
        leftover_sentence({named(cell): study.leftover[cell] for cell in cells}),
        sizes_sentence({named(cell): by_size(studies, cell) for cell in cells}, study.chance),
    ):
        assert squeezed(plain(sentence)) in said
    for cell in cells:
        facts = study.facts[cell]
        assert f"{facts.parameters:,}" in said
        assert f"{100 * facts.recall:.1f}%" in said
    captions = " ".join(caption.value for caption in page.caption)
    assert study.machine in captions
    assert f"Cells of {units} units." in captions
    assert "Each was trained alike, for 16 epochs, each once and from one seed: another" in captions


def test_switches_put_other_models_on_the_boards(page):
    """Oracle: the same session recorded here with the models of the files."""
    page.run()
    page.button_group(key=SIZE).set_value(16).run()
    assert view_of(page).size == 16
    models = {cell: gru_viz.load(model_file(SAMPLE, cell, 16)) for cell in CELLS}
    assert shown_sentence(page, 6) == sentence_after(6, models)
    assert {board["units"] for board in boards(page).values()} == {16}
    assert boards(page)["gru"]["gates"] == "2 gates, reset before"
    page.button_group(key=RESET).set_value("after").run()
    assert (view_of(page).size, view_of(page).after) == (16, True)
    models["gru"] = gru_viz.load(model_file(SAMPLE, "gru_after", 16))
    assert shown_sentence(page, 6) == sentence_after(6, models)
    assert boards(page)["gru"]["gates"] == "2 gates, reset after"
    page.button_group(key=SIZE).set_value(64).run()
    page.button_group(key=RESET).set_value("before").run()
    assert (view_of(page).size, view_of(page).after) == (None, False)
    assert not page.exception


def test_a_step_outlives_a_switch(page):
    data = stepper(page.run())
    report(page, view={"key": data["key"], "step": 3, "keeps": True, "gates": True})
    page.button_group(key=SIZE).set_value(16).run()
    again = stepper(page)
    assert again["key"] != data["key"]
    assert again["start"] == {"step": 3, "keeps": True, "gates": True}


def test_a_size_that_there_is_not(page):
    page.query_params.update({"size": "63"})
    assert {board["units"] for board in boards(page.run()).values()} == {64}
    assert "64, 32, 16 units, not 63" in notes(page)


def test_steps_are_kept_and_nothing_else_reruns(page):
    data = stepper(page.run())
    report(page, view={"key": data["key"], "step": 3, "keeps": True, "gates": True})
    view = view_of(page)
    assert (view.step, view.keeps, view.gates) == (3, True, True)
    assert stepper(page)["key"] == data["key"]


@pytest.mark.parametrize("name", ["exploding", "equations", "conventions", "both_ways"])
def test_one_click_deeper(page, name):
    page.run()
    before = len(page.markdown)
    states = page._tree.get_widget_states()
    (place,) = [one for one in page.expander if one.proto.id and one.proto.id.endswith(f".{name}")]
    states.widgets.add(id=place.proto.id, bool_value=True)
    page._run(states)
    assert not page.exception
    assert len(page.markdown) > before
    assert view_of(page).deeper == (name,)


def test_a_link_opens_what_was_open(page):
    page.query_params.update({"deeper": "equations,conventions", "reset": "after"})
    said = " ".join(markdown.value for markdown in page.run().markdown)
    assert r"r_t \odot (U_h h_{t-1} + c_h)" in said
    assert "The shop's own GRU has reset before." in said
    opened = {one.proto.id.split("-")[-1]: one.proto.expanded for one in page.expander if one.proto.id}
    assert [name for name, is_open in opened.items() if is_open] == [
        "gru_viz.cells.equations",
        "gru_viz.cells.conventions",
    ]


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
    model_file(elsewhere, "lstm", 64).unlink()
    data = stepper(page.run())
    assert [board["cell"] for board in data["trace"]["boards"]] == ["rnn", "gru"]
    assert "`python -m gru_viz cells` trains it" in notes(page)
    assert notes(page).count("`python -m gru_viz") == 1
    assert "check the path" not in notes(page)


@pytest.mark.parametrize("text", [None, "{}"])
def test_without_the_study(page, elsewhere, text):
    (elsewhere / FILE).unlink()
    if text is not None:
        (elsewhere / FILE).write_text(text)
    data = stepper(page.run())
    assert len(data["trace"]["boards"]) == 3
    assert "`python -m gru_viz cells` writes one" in notes(page)
    assert "Which cell remembers the camera?" not in " ".join(one.value for one in page.markdown)


def test_figures_of_other_weights_are_said_to_be(page, elsewhere):
    file = elsewhere / FILE
    digest = read(file).by_size[64].facts["rnn"].digest
    file.write_text(file.read_text().replace(digest, "0" * 64))
    page.run()
    assert "The figures are of other weights of the vanilla RNN" in notes(page)


def test_a_cell_of_another_shop(page, elsewhere):
    save(random_model("lstm"), model_file(elsewhere, "lstm", 64))
    data = stepper(page.run())
    assert [board["cell"] for board in data["trace"]["boards"]] == ["rnn", "gru"]
    assert "knows other items" in notes(page)


def test_nothing_of_a_size(page, elsewhere):
    for cell in (*CELLS, "gru_after"):
        model_file(elsewhere, cell, 16).unlink()
    page.query_params.update({"size": "16"})
    page.run()
    assert not page.exception
    assert notes(page).count("`python -m gru_viz cells` trains it") == 3


# --- other models than the shop's


def uploaded(kind_of: str, key: str, name: str = "mine.safetensors", seed: int = 0) -> Source:
    return Source(key, name, key * 8, random_model(kind_of, seed=seed))


@pytest.fixture
def own(page) -> AppTest:
    """A page on which three models of a person's own are loaded, the second a newer LSTM."""
    found = [
        uploaded("lstm", "aaaa"),
        uploaded("lstm", "bbbb", "newer <b>.safetensors", seed=1),
        uploaded("two layers", "cccc"),
        Source("dddd", "other items", "dddd", random_model("rnn", n_items=5)),
    ]
    page.session_state["gru_viz.uploaded_models"] = {source.key: source for source in found}
    page.query_params.update({"model": "cccc", "session": "items", "add": "id-2,id-0,id-5"})
    return page


def test_own_models_stand_beside_each_other(own):
    """Oracle: the same clicks recorded here; of two LSTMs the newer one; who knows other items stays away."""
    there = boards(own.run())
    assert {cell: board["of"] for cell, board in there.items()} == {
        "lstm": "newer <b>.safetensors",
        "gru": "mine.safetensors",
    }
    clicks = ["id-2", "id-0", "id-5"]
    models = {"lstm": random_model("lstm", seed=1), "gru": random_model("two layers")}
    traces = {named(cell): gru_viz.record(model, clicks) for cell, model in models.items()}
    assert shown_sentence(own, 1) == plain(beside_sentence(traces, 1))
    assert there["gru"]["units"] == traces["the GRU"].layers[-1].units
    assert not own.error
    assert "Train a vanilla RNN" in [button.label for button in own.button]
    assert SIZE not in [group.key for group in own.get("button_group")]


def test_the_model_in_view_is_the_one_of_its_cell(own):
    own.query_params["model"] = "aaaa"
    assert boards(own.run())["lstm"]["of"] == "mine.safetensors"


def test_the_charts_of_the_shop_stay_there(own):
    own.run()
    captions = " ".join(caption.value for caption in own.caption)
    assert "was measured on the sample shop" in captions
    assert not own.get("plotly_chart")
    (back,) = [button for button in own.button if button.label == "Show the sample shop"]
    back.click().run()
    assert len(boards(own)) == 3
    assert view_of(own).model == "sample"


def test_a_missing_cell_leads_to_a_training(own, monkeypatch):
    gone = []
    monkeypatch.setattr(st, "switch_page", gone.append)
    own.run()
    assert "one trained on the same log" in " ".join(caption.value for caption in own.caption)
    (train,) = [button for button in own.button if button.label == "Train a vanilla RNN"]
    train.click().run()
    assert [path.name for path in gone] == ["train.py"]
    assert view_of(own).job == "new"
    assert own.session_state["gru_viz.train.changes"] == {"cell": "rnn"}
    assert PICKED not in own.session_state


@pytest.mark.parametrize(
    ("log", "way"), [("Sample shop", "sample"), ("mine.csv", "own"), ("gone.csv", None), (None, None)]
)
def test_beside_a_training_its_own_log_is_chosen(own, monkeypatch, log, way):
    """The Train page opens on what this model learned from, where that is there; else nothing is promised.

    log: the training's; None for one that was removed
    """

    class Trainings:
        def status(self, job: str, person: str) -> SimpleNamespace:
            assert job == "cccc"
            if log is None:
                raise InputError("there is no such training")
            return SimpleNamespace(name=log, kept=1)

    monkeypatch.setattr(own_cells, "jobs", Trainings)
    monkeypatch.setattr(as_source, "jobs", Trainings)
    monkeypatch.setattr(as_source, "load_run", lambda run: None)
    monkeypatch.setattr(st, "switch_page", lambda page: None)
    own.session_state["gru_viz.train.file"] = Wish("own", "mine.csv", b"", "")
    own.session_state[PICKED] = "before"
    own.session_state["gru_viz.owner"] = "0" * 32
    models = own.session_state["gru_viz.uploaded_models"]
    del models["aaaa"]
    models["run-cccc"] = uploaded("two layers", "run-cccc")
    own.query_params["model"] = "run-cccc"
    own.run()
    label = "Train a vanilla RNN on this log" if way else "Train a vanilla RNN"
    (train,) = [button for button in own.button if button.label == label]
    train.click().run()
    assert not own.exception
    assert own.session_state[PICKED] == (way or "before")


def test_a_model_given_at_the_start(page, tmp_path, monkeypatch):
    save(random_model("lstm"), tmp_path / "model.safetensors")
    monkeypatch.setattr(sys, "argv", ["app.py", "--model", str(tmp_path)])
    launch.cache_clear()
    page.query_params.update({"session": "items", "add": "id-2", "size": "16", "deeper": "conventions"})
    assert list(boards(page.run())) == ["lstm"]
    labels = [button.label for button in page.button]
    assert {"Train a vanilla RNN", "Train a GRU"} <= set(labels)
    assert "has reset" not in " ".join(markdown.value for markdown in page.markdown)


def test_an_upload_that_knows_the_shop(page):
    """Then the shop's own GRU stands beside it; it is loaded, and knows the same items."""
    lstm = gru_viz.load(model_file(SAMPLE, "lstm", 64))
    page.session_state["gru_viz.uploaded_models"] = {"eeee": Source("eeee", "my lstm", "eeee", lstm)}
    clicks = ",".join(DETOUR.items[:2])
    page.query_params.update({"model": "eeee", "session": "items", "add": clicks})
    there = boards(page.run())
    assert {cell: board["of"] for cell, board in there.items()} == {"lstm": "my lstm", "gru": "Sample shop"}
