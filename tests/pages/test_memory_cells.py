"""Does the Memory page speak truly of an LSTM and of a vanilla RNN?

Oracles: sentences against the functions that make them, whose tests have their own; what must not be said.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.checkpoint import save
from gru_viz.explain.gradient import gradient_flow, gradient_sentence
from gru_viz.explain.trust import trust, trust_sentence
from gru_viz.explain.why import why
from gru_viz.explain.words import plain
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.ui import navigation
from gru_viz.ui.launch import launch
from gru_viz.ui.view import PANELS
from tests.models import random_model
from tests.pages.browsing import squeezed, stepper, texts

ROOT = Path(__file__).parents[2]
FIRST_TWO = 2  # charts above the panels
CLICKS = ["id-2", "id-0", "id-0", "id-5"]
NOT_THESE = r"\b(update gate|1 − z|z writes|reset before|reset after|nan|inf)\b"
KINDS = ("lstm", "lstm, two layers", "rnn")


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    return request.param


@pytest.fixture
def page(kind, tmp_path, monkeypatch) -> Iterator[AppTest]:
    """The Memory page of a server that was started with such a model, after the last of four clicks."""
    save(random_model(kind), tmp_path / "model.safetensors")
    monkeypatch.setattr(sys, "argv", ["app.py", "--model", str(tmp_path)])
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    launch.cache_clear()
    page = AppTest.from_file(str(ROOT / "pages" / "memory.py"), default_timeout=60)
    page.query_params.update({"session": "items", "add": ",".join(CLICKS), "step": "4"})
    yield page
    launch.cache_clear()


def charts(app) -> int:
    return len(app.get("plotly_chart"))


def test_the_page_itself(page, kind):
    stepper(page.run())
    model = random_model(kind)
    trace = record(model, CLICKS)
    answer = why(trace, model.weights(), int(trace.ranking(-1, 1)[0]), partial(last_clicks, model))
    said = texts(page)
    assert squeezed(plain(answer.sentence)) in squeezed(said)
    assert squeezed(plain(trust_sentence(trust(trace, model.weights(), answer)))) in squeezed(said)
    assert not re.search(NOT_THESE, said)
    nothing = squeezed("says nothing about memory; Carried from and deletion do.")
    assert (nothing in squeezed(said)) == (kind == "rnn")
    assert charts(page) == FIRST_TWO


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel(page, kind, panel):
    page.query_params["panel"] = panel
    stepper(page.run())
    expected = {"log": 0, "reset": 0, "lens": 2 if kind == "rnn" else 3}.get(panel, 1)
    if panel == "carried":
        expected = 1 if kind == "rnn" else 2  # no half-lives
    assert charts(page) == FIRST_TWO + expected
    said = texts(page)
    assert not re.search(NOT_THESE, said)
    trace = record(random_model(kind), CLICKS)
    words = {
        "reset": "has no reset gate",
        "lens": "no list is the click's alone" if kind == "rnn" else "blend",
        "forgets": "has no gate that would keep anything" if kind == "rnn" else "By the gates",
        "carried": "its units have no half-lives" if kind == "rnn" else "By the forget gates , of the memory",
    }
    assert squeezed(words.get(panel, "")) in squeezed(said)
    if panel in ("carried", "gradient"):
        flow = gradient_flow(trace, random_model(kind).weights())
        assert squeezed(plain(gradient_sentence(trace, flow))) in squeezed(said)


@pytest.mark.parametrize("panel", PANELS)
def test_one_click(page, panel):
    page.query_params.update({"add": CLICKS[0], "step": "1", "panel": panel})
    stepper(page.run())
    assert not re.search(NOT_THESE, texts(page))


def test_the_equations_are_the_cells_own(page, kind):
    page.query_params["panel"] = "gradient"
    page.session_state["gru_viz.memory.maths"] = True
    page.run()
    assert not page.exception
    shown = " ".join(element.value for element in page.markdown)
    assert ("diag}(1-h^2)" in shown) == (kind == "rnn")
    assert ("diag}(f)" in shown) == (kind != "rnn")
