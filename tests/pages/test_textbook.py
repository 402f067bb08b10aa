"""Does "Do the textbooks hold?" show a card for each claim of the result in view, with its chart and words?

Oracles: the claims of the shipped file, and of a result with every experiment, made of plain numbers.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gru_viz.compare.document import read_comparison, to_document
from gru_viz.compare.experiments.values import Experiments
from gru_viz.explain.claims import claims
from gru_viz.explain.words import plain
from gru_viz.ui import navigation
from gru_viz.ui.models.textbook import NOTHING, VERDICTS, missing_words
from tests.compare.experiments.values import EVERY
from tests.compare.values import comparison

ROOT = Path(__file__).parents[2]
MODELS = {"markov": 0.8, "fpmc": 0.85, "sasrec": 0.7, "lstm": 0.9, "rnn": 0.7, "gru": 0.9}
ALL = replace(comparison(MODELS, {0.1: MODELS}), experiments=EVERY)


@pytest.fixture
def models(start, monkeypatch) -> AppTest:
    """The Models page by itself: AppTest knows no links between pages."""
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return AppTest.from_file(str(ROOT / "pages" / "models.py"), default_timeout=60)


def textbook(app: AppTest, found=None) -> AppTest:
    """The question open, of this result or of the shipped one."""
    app.run()
    if found is not None:
        content = json.dumps(to_document(found)).encode()
        app.file_uploader(key="gru_viz.models.file").upload("mine.json", content, "application/json").run()
    app.button_group(key="gru_viz.models.panel").set_value("claims").run()
    assert not app.exception
    return app


def cards(app: AppTest) -> list[tuple[str, str, str]]:
    """Claim, verdict and figures of each card, as a reader sees them."""
    parts = [element.proto.body for element in app.get("html") if "gm-claim" in element.proto.body]
    parts = [part for part in parts if "<style>" not in part]
    heads, bodies = parts[::2], parts[1::2]
    found = []
    for head, body in zip(heads, bodies, strict=True):
        (claim,), (verdict,) = re.findall("<h4>(.*)</h4>", head), re.findall(r'">([^<]*)</span>', head)
        figures = re.sub("</?b>", "", re.findall("<p>(.*?)</p>", body)[0])
        found.append((html.unescape(claim), verdict, html.unescape(figures)))
    return found


def expected(found) -> list[tuple[str, str, str]]:
    return [(one.claim, VERDICTS[one.verdict], plain(one.figures)) for one in claims(found)]


def charts(app: AppTest) -> int:
    """Beside the leaderboard's own."""
    return len(app.get("plotly_chart")) - 1


def test_the_shipped_results_have_their_cards(models):
    shipped = read_comparison((ROOT / "sample_data" / "models.json").read_bytes())
    app = textbook(models)
    assert cards(app) == expected(shipped)
    assert charts(app) == sum(one.chart is not None for one in claims(shipped))


def test_all_twelve_each_with_its_chart_that_says_its_figures(models):
    app = textbook(models, ALL)
    assert cards(app) == expected(ALL)
    assert charts(app) == 12
    said = [chart.proto.alt for chart in app.get("plotly_chart")]
    assert {plain(one.figures) for one in claims(ALL)} <= set(said)
    assert not any(caption.value.startswith("Not measured") for caption in app.caption)
    assert any("Of 12 sentences" in element.proto.body for element in app.get("html"))


def test_no_chart_is_drawn_while_the_question_is_closed(models):
    assert len(models.run().get("plotly_chart")) == 1


def test_the_rule_and_the_experiment_are_on_the_card(models):
    bodies = [e.proto.body for e in textbook(models, ALL).get("html") if "gm-how" in e.proto.body]
    for one, body in zip(claims(ALL), [b for b in bodies if "<style>" not in b], strict=True):
        assert one.rule in html.unescape(body)
        assert one.experiment in html.unescape(body)


def test_what_was_not_measured_is_one_quiet_line(models):
    app = textbook(models, comparison(MODELS))
    (line,) = [caption.value for caption in app.caption if caption.value.startswith("Not measured")]
    assert "“Clip gradients.” “Tune the hidden size.” “Reset the state between sessions.” needs" in line
    assert "--claims" in line


def test_a_log_that_was_too_small_has_a_card_without_a_chart(models):
    small = replace(comparison(MODELS), experiments=Experiments(left_out=("gradients",)))
    app = textbook(models, small)
    assert charts(app) == len(claims(small)) - 1
    assert cards(app)[0][1] == "Cannot tell"


def test_of_models_without_a_claim_it_is_said(models):
    app = textbook(models, comparison({"markov": 0.5}))
    assert NOTHING in [caption.value for caption in app.caption]
    assert charts(app) == 0


def test_the_words_of_what_is_missing():
    assert missing_words({"gru": ("A.", "B."), "mf": ("C.",)}) == (
        "Not measured here: “A.” “B.” needs gru · “C.” needs mf (`python -m gru_viz compare`)."
    )
