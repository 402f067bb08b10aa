"""Does the Cells page show the exploding gradient that ships, and the training that is asked for?

Oracle: the shipped file and the functions that make sentences of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.explain.explosion import FILE, read
from gru_viz.explain.explosion_words import comparison_sentence, longest_step, run_sentence, setting_words
from gru_viz.explain.words import plain
from gru_viz.ui import navigation
from gru_viz.ui.cells import exploding
from tests.pages.browsing import notes, squeezed, texts, view_of

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
HEADING = "### What if the gradient explodes?"
CLIP = "gru_viz.cells.clip"


@pytest.fixture
def page(start, monkeypatch) -> AppTest:
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return AppTest.from_file(str(ROOT / "pages" / "cells.py"), default_timeout=60)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Iterator[Path]:
    """A copy of the shipped experiment, which the page reads instead."""
    shutil.copy(SAMPLE / FILE, tmp_path / FILE)
    monkeypatch.setattr(exploding, "SAMPLE_DATA", tmp_path)
    exploding._read.clear()
    yield tmp_path / FILE
    exploding._read.clear()


def shows(page: AppTest, clipped: bool) -> bool:
    """Is the sentence of this run there, and that of the other not?"""
    said, found = squeezed(texts(page)), read(SAMPLE / FILE)
    one, other = (squeezed(plain(run_sentence(found, way))) for way in (clipped, not clipped))
    return one in said and other not in said


def test_what_came_out_is_said(page):
    page.run()
    assert not page.exception
    found = read(SAMPLE / FILE)
    assert HEADING in [one.value for one in page.markdown]
    assert squeezed(plain(comparison_sentence(found))) in squeezed(texts(page))
    assert setting_words(found) in " ".join(caption.value for caption in page.caption)
    assert shows(page, clipped=False)


def test_the_switch_is_in_the_link(page):
    page.run()
    page.button_group(key=CLIP).set_value("on").run()
    assert shows(page, clipped=True)
    assert view_of(page).clip
    page.button_group(key=CLIP).set_value("off").run()
    assert shows(page, clipped=False)
    assert not view_of(page).clip
    assert "clip" not in page.query_params


def test_a_link_restores_the_switch(page):
    page.query_params["clip"] = "on"
    assert shows(page.run(), clipped=True)


def test_the_equations_have_the_numbers_of_this_start(page):
    page.query_params["deeper"] = "exploding"
    page.run()
    assert not page.exception
    found = read(SAMPLE / FILE)
    (text,) = [one.value for one in page.markdown if "Pascanu" in one.value]
    assert rf"\sigma_{{\max}}(U)$ is {found.stretch:.1f} and" in text
    assert f"had a length of {longest_step(found)}:" in text
    assert not {"STRETCH", "RADIUS", "LARGEST", "STEP"} & set(
        text.replace(":", " ").replace(".", " ").split()
    )


@pytest.mark.parametrize("text", [None, "{}", '{"setting": "<b>![](http://x/y)"}'])
def test_without_the_experiment(page, elsewhere, text):
    elsewhere.unlink()
    if text is not None:
        elsewhere.write_text(text)
    page.run()
    assert not page.exception
    assert HEADING in [one.value for one in page.markdown]
    assert "`python -m gru_viz cells` writes one" in notes(page)
    assert "From the same start" not in texts(page)


def test_an_experiment_that_is_written_anew_is_read(page, elsewhere):
    page.run()
    values = elsewhere.read_text().replace('"seed":0', '"seed":77')
    elsewhere.write_text(values)
    page.run()
    assert "seed 77" in " ".join(caption.value for caption in page.caption)
