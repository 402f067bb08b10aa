"""Does the Cells page say what reading both ways finds, and why it cannot be live?

Oracles: sentences against the functions that make them, from the files that ship.
"""

from __future__ import annotations

import html
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

import gru_viz
from gru_viz.both_ways import BothWays, BothWaysConfig, record_gaps
from gru_viz.both_ways_file import load_both_ways, save_both_ways
from gru_viz.checkpoint import save
from gru_viz.data import shop
from gru_viz.errors import InputError
from gru_viz.explain.gap_study import FILE, MODEL_FILE, gap_study_sentence, read
from gru_viz.explain.gaps import gap_ranks, gap_sentence
from gru_viz.explain.words import plain
from gru_viz.ui import navigation
from gru_viz.ui.cells import both_ways
from gru_viz.ui.launch import launch
from gru_viz.ui.sources import add_model
from gru_viz.ui.text import WORD_JOINER
from tests.models import random_model, small_catalog
from tests.pages.browsing import notes, squeezed, texts

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
DETOUR = shop.scenarios(SAMPLE)[0]


@pytest.fixture
def page(start, monkeypatch) -> AppTest:
    """The Cells page with the section open, as a link opens it."""
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    page = AppTest.from_file(str(ROOT / "pages" / "cells.py"), default_timeout=60)
    page.query_params["deeper"] = "both_ways"
    return page


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Iterator[Path]:
    """A copy of what ships, which the section reads instead."""
    (tmp_path / "cells").mkdir()
    for name in (MODEL_FILE, FILE):
        shutil.copy(SAMPLE / name, tmp_path / name)
    monkeypatch.setattr(both_ways, "SAMPLE_DATA", tmp_path)
    both_ways._loaded.clear()
    yield tmp_path
    both_ways._loaded.clear()


def charts(app: AppTest) -> list:
    """What this section draws of the session: hidden clicks and the two sides."""
    drawn = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
    return [
        [trace.get("name") for trace in figure["data"]]
        for figure in drawn
        if {trace.get("name") for trace in figure["data"]} & {"both", "h→", "h←"}
    ]


def sentence(items) -> str:
    """Oracle: the GRU asked after every prefix by itself, the empty one by its output bias."""
    model, gru = load_both_ways(SAMPLE / MODEL_FILE), gru_viz.load(SAMPLE)
    empty = gru.output_bias.numpy()
    asked = [empty, *(gru_viz.record(gru, list(items[:end])).scores[-1] for end in range(1, len(items)))]
    return plain(gap_sentence(gap_ranks(record_gaps(model, items), np.stack(asked)), model.catalog))


def test_the_session_is_hidden_click_by_click(page):
    page.run()
    assert not page.exception
    said = squeezed(texts(page))
    assert squeezed(sentence(DETOUR.items)) in said
    assert squeezed(plain(gap_study_sentence(read(SAMPLE / FILE)))) in said
    assert charts(page) == [["between", "before", "both", "rows"], ["h→"], ["h←"]]
    assert "Why it cannot recommend the next click live" in " ".join(box.value for box in page.markdown)
    study = read(SAMPLE / FILE)
    table = both_ways._table(study)
    for found in study.found.values():
        assert f"{100 * found.share:.1f}" in said
        assert found.more is None or f">{100 * found.more:+.1f} (".replace("-", "−") in table
    captions = " ".join(caption.value for caption in page.caption)
    assert "trained was chosen on these same sessions" in captions


def test_it_is_computed_only_when_open(page, monkeypatch):
    def never(*_: object) -> None:
        raise AssertionError("computed though closed")

    monkeypatch.setattr(both_ways, "_shipped", never)
    del page.query_params["deeper"]
    page.run()
    assert not page.exception


def test_one_click_alone(page):
    page.query_params.update({"session": "items", "add": "lighthouse"})
    page.run()
    assert not page.exception
    assert "This session has one click." in texts(page)
    assert charts(page) == []


def test_added_clicks_are_read_too(page):
    page.query_params.update({"session": "items", "add": "lighthouse,borel-b1,lighthouse"})
    page.run()
    assert not page.exception
    items = [gru_viz.load(SAMPLE).catalog.index(one) for one in ("lighthouse", "borel-b1", "lighthouse")]
    assert squeezed(sentence(items)) in squeezed(texts(page))


def test_another_model_is_told_that_this_is_of_the_shop(page, tmp_path, monkeypatch):
    save(random_model("lstm"), tmp_path / "model.safetensors")
    monkeypatch.setattr(sys, "argv", ["app.py", "--model", str(tmp_path)])
    launch.cache_clear()
    page.query_params.update({"session": "items", "add": "id-2,id-3"})
    page.run()
    assert not page.exception
    assert any("the items of the model in view it knows nothing" in one.value for one in page.caption)
    assert charts(page) == []


def test_no_other_page_takes_it(start, monkeypatch):
    """Oracle: one line on the Step page, started with it or given it; the shop stays in view."""
    monkeypatch.setattr(sys, "argv", ["app.py", "--model", str(SAMPLE / MODEL_FILE)])
    launch.cache_clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    (said,) = [box.value.replace("\\", "").replace(WORD_JOINER, "") for box in app.error]
    assert said == (
        "'both_ways.safetensors' reads a session from both ends and cannot recommend live; "
        "the Cells page shows it"
    )
    with pytest.raises(InputError, match="the Cells page shows it"):
        add_model((SAMPLE / MODEL_FILE).read_bytes(), "mine.safetensors")


@pytest.mark.parametrize("name", [MODEL_FILE, FILE])
def test_without_a_file(page, elsewhere, name):
    (elsewhere / name).unlink()
    page.run()
    assert not page.exception
    assert notes(page).count("`python -m gru_viz") == 1
    assert "`python -m gru_viz cells`" in notes(page)
    assert len(charts(page)) == (0 if name == MODEL_FILE else 3)


def test_a_model_of_other_items(page, elsewhere):
    save_both_ways(BothWays(small_catalog(), BothWaysConfig(4, 4)), elsewhere / MODEL_FILE)
    page.run()
    assert not page.exception
    assert "knows other items" in notes(page)


def test_figures_of_other_weights(page, elsewhere):
    model = load_both_ways(elsewhere / MODEL_FILE)
    with torch.no_grad():
        model.output_bias += 1
    save_both_ways(model, elsewhere / MODEL_FILE)
    page.run()
    assert not page.exception
    assert "The figures are of other weights" in notes(page)


def test_the_table_is_escaped():
    """Oracle: no other markup than the table's own."""
    table = both_ways._table(read(SAMPLE / FILE))
    assert html.unescape(table).count("<td ") == 25
    assert table.count("<tr>") == 8
