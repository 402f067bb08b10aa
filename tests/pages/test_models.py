"""Does the Models page show what the result file says, and lists of the session in view?

Oracles: the shipped file, read here; baselines fitted here; the table's own cells.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import gru_viz
from gru_viz.baselines import Markov
from gru_viz.compare.document import read_comparison, to_document
from gru_viz.compare.names import short_name
from gru_viz.compare.next_items import next_items, scores_after
from gru_viz.compare.words import lead
from gru_viz.data import shop
from gru_viz.data.reader import read_log
from gru_viz.explain.cell_studies import read as read_studies
from gru_viz.explain.words import NBSP, plain
from gru_viz.ui import navigation
from gru_viz.ui.models import counted, results
from gru_viz.ui.text import WORD_JOINER
from tests.compare.values import comparison
from tests.pages.browsing import notes, squeezed, texts

ROOT = Path(__file__).parents[2]
DETOUR = shop.scenarios(ROOT / "sample_data")[0]


@pytest.fixture
def models(start, monkeypatch) -> AppTest:
    """The Models page by itself: AppTest knows no links between pages."""
    monkeypatch.setattr(navigation, "_routed", True)
    monkeypatch.setattr(navigation, "links", lambda: None)
    return AppTest.from_file(str(ROOT / "pages" / "models.py"), default_timeout=60)


@pytest.fixture(scope="module")
def shipped():
    return read_comparison((ROOT / "sample_data" / "models.json").read_bytes())


def body(app: AppTest, mark: str) -> str:
    """The HTML element with this class in it, and no style."""
    found = [e.proto.body for e in app.get("html") if mark in e.proto.body and "<style>" not in e.proto.body]
    (one,) = found
    return one


def opened(app: AppTest, content: bytes, name: str = "mine.json") -> AppTest:
    return app.file_uploader(key="gru_viz.models.file").upload(name, content, "application/json").run()


def test_the_first_sentence_and_the_table_are_the_shipped_file(models, shipped):
    app = models.run()
    assert not app.exception
    assert squeezed(plain(lead(shipped))) in squeezed(texts(app))
    names = re.findall(r'class="gm-name[^"]*">([^<]*)<', body(app, "gm-table"))
    assert names == [short_name(model.name) for model in shipped.whole.ranked]
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("best", "GRU4Rec was trained “best”, for 14 epochs. Small"),
        (
            "quick",
            "GRU4Rec was trained “quick”, for 4 epochs only; with “best”, 14 epochs, it may do better.",
        ),
        ("mine", None),
    ],
)
def test_how_long_gru4rec_learned_is_said(models, settings, said):
    found = comparison({"gru": 0.5, "markov": 0.6}, limit=None)
    own = replace(found, about=replace(found.about, settings=settings))
    app = opened(models.run(), json.dumps(to_document(own)).encode())
    assert not app.exception
    small = " ".join(one.value for one in app.caption).replace("\\", "").replace(WORD_JOINER, "")
    assert ("GRU4Rec was trained" in small) is (said is not None)
    assert said is None or said in small


def test_hostile_words_of_a_result_stay_text(models, shipped):
    """Oracle: no surface that reads Markdown gets an image that the file made up."""
    image = "![](https://evil.example/a.png)"
    document = to_document(shipped)
    document["log"] = document["test"] = image
    app = opened(models.run(), json.dumps(document).encode())
    assert not app.exception
    shown = [*app.caption, *app.markdown, *app.info, *app.warning, *app.subheader]
    assert not [one.value for one in shown if "![](" in one.value]
    assert any("evil" in one.value for one in app.caption)


def test_lists_are_those_of_the_session_in_view(models):
    """Oracle: GRU4Rec recorded, and a Markov chain that counted the earlier nine tenths, here."""
    model = gru_viz.load(ROOT / "sample_data")
    models.query_params.update({"session": "story:detour", "step": "7"})
    found = body(models.run(), "gm-lists")
    trace = gru_viz.record(model, DETOUR.items)
    log, _ = read_log(str(ROOT / "sample_data" / "sessions.csv.gz"), catalog=model.catalog)
    markov = Markov().fit(log.select(np.arange(18_000)))
    clicked = int(trace.items[7])
    for name, scores in (
        ("GRU4Rec", trace.scores[6]),
        ("Markov chain", scores_after(markov, model.catalog, trace.items[:7].tolist())),
    ):
        expected = next_items(name, np.asarray(scores), 8, clicked)
        (section,) = [part for part in found.split("<section")[1:] if f"<h4>{name}</h4>" in part]
        titles = re.findall(r"<span>([^<]*?)(?: ✓)?</span>", section)
        assert titles[:8] == [model.catalog.titles[item].replace("'", "&#x27;") for item in expected.items]
        assert f"<b>{expected.rank}</b><span>{model.catalog.titles[clicked]} ✓" in section


def test_the_cells_that_ship_stand_beside_the_shops_gru(models):
    """Oracle: the shipped vanilla RNN, recorded here."""
    models.query_params.update({"session": "story:detour", "step": "7"})
    app = models.run()
    app.button_group(key="gru_viz.models.lists").set_value(["loaded", "lstm", "rnn"]).run()
    names = re.findall(r"<h4>([^<]*)</h4>", body(app, "gm-lists"))
    assert names == ["GRU4Rec", "GRU4Rec (LSTM)", "GRU4Rec (RNN)"]
    trace = gru_viz.record(gru_viz.load(ROOT / "sample_data" / "cells" / "rnn_64.safetensors"), DETOUR.items)
    expected = next_items("", np.asarray(trace.scores[6]), 8, int(trace.items[7]))
    rnn = body(app, "gm-lists").split("<section")[3]
    assert f"<b>1</b><span>{trace.catalog.titles[expected.items[0]]}" in rnn
    assert f"<b>{expected.rank}</b><span>{trace.catalog.titles[int(trace.items[7])]} ✓" in rnn


def test_a_huge_log_is_not_counted_while_somebody_waits(models, monkeypatch):
    monkeypatch.setattr(counted, "MOST_CLICKS", 1000)
    app = models.run()
    assert not app.exception
    assert re.findall(r"<h4>([^<]*)</h4>", body(app, "gm-lists")) == ["GRU4Rec", "GRU4Rec (RNN)"]
    assert any("more than 1,000 clicks" in caption.value for caption in app.caption)


def test_chosen_models_and_the_further_questions(models):
    app = models.run()
    app.button_group(key="gru_viz.models.lists").set_value(["markov"]).run()
    assert body(app, "gm-lists").count("<section") == 1
    app.button_group(key="gru_viz.models.lists").set_value([]).run()
    assert "Choose a model." in [caption.value for caption in app.caption]
    for panel, charts in (("where", 3), ("data", 2)):
        app.button_group(key="gru_viz.models.panel").set_value(panel).run()
        assert not app.exception
        assert len(app.get("plotly_chart")) == charts
    app.button_group(key="gru_viz.models.curves").set_value([]).run()
    assert not app.exception


def test_one_model_beside_another_and_never_itself(models):
    app = models.run()
    app.button_group(key="gru_viz.models.panel").set_value("where").run()
    model, beside = (app.selectbox(key=f"gru_viz.models.by_{name}") for name in ("model", "beside"))
    assert (model.value, beside.value) == ("gru", "markov")
    model.select("markov").run()
    assert not app.exception
    assert "Markov chain" not in app.selectbox(key="gru_viz.models.by_beside").options


def test_ones_own_result_is_opened_and_closed_again(models, shipped):
    own = comparison({"gru": 0.5, "markov": 0.6}, log="<b>mine</b> $x$", limit=None)
    app = opened(models.run(), json.dumps(to_document(own)).encode())
    assert not app.exception
    assert "On <b>mine</b> $x$ GRU4Rec reaches" in re.sub(r"\s+", " ", texts_unescaped(app))
    assert "of the limit" not in body(app, "gm-table")
    app.button_group(key="gru_viz.models.panel").set_value("data").run()
    assert not app.exception
    assert any("Only the whole log" in caption.value for caption in app.caption)
    app.file_uploader(key="gru_viz.models.file").set_value(None).run()
    assert squeezed(plain(lead(shipped))) in squeezed(texts(app))


def texts_unescaped(app: AppTest) -> str:
    """The first sentence as a reader sees it."""
    (one,) = [e.proto.body for e in app.get("html") if 'class="gv-lead"' in e.proto.body]
    return html.unescape(re.sub(r"</?(?:p|b|strong)\b[^>]*>", "", one))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"<html>", b"[" * 50_000])
def test_a_file_that_is_no_result_is_refused_in_a_line(models, shipped, content):
    app = opened(models.run(), content, "**bad**.json")
    assert not app.exception
    assert "'**bad**.json' is no" in notes(app)
    assert squeezed(plain(lead(shipped))) in squeezed(texts(app))


def test_without_a_shipped_file_the_lists_stay(models, tmp_path, monkeypatch):
    monkeypatch.setattr(results, "SHIPPED", tmp_path / "missing.json")
    app = models.run()
    assert not app.exception
    assert "cannot read 'missing.json'" in notes(app)
    assert body(app, "gm-lists")


# --- the sessions that are counted


def with_log(app: AppTest, sessions: list[list[str]], name: str = "my.csv") -> AppTest:
    """A log of one's own, its sessions one after another and called s0, s1, …"""
    rows = [
        f"s{number},{item},{1_700_000_000 + 1000 * number + place}"
        for number, items in enumerate(sessions)
        for place, item in enumerate(items)
    ]
    content = "\n".join(["SessionId,ItemId,Time", *rows]).encode()
    app.file_uploader(key="gru_viz.log_file").upload(name, content, "text/csv").run()
    assert not app.exception
    return app


def small_print(app: AppTest) -> str:
    (line,) = [one.value for one in app.caption if "the leaderboard" in one.value.replace("\\", "")]
    return line.replace("\\", "").replace(WORD_JOINER, "").replace(NBSP, " ")


def listed(app: AppTest, name: str) -> list[str]:
    (section,) = [part for part in body(app, "gm-lists").split("<section")[1:] if f"<h4>{name}</h4>" in part]
    return [html.unescape(one) for one in re.findall(r"<b>\d+</b><span>([^<]*?)(?: ✓)?</span>", section)]


def at(app: AppTest, session: str, step: int) -> AppTest:
    app.query_params.update({"session": session, "step": str(step)})
    app.run()
    assert not app.exception
    return app


def test_the_session_shown_is_not_among_the_counted_ones(models):
    """Oracle: by hand. In s0 alone item 5 follows item 0, often; elsewhere item 1 does, once a session."""
    catalog = gru_viz.load(ROOT / "sample_data").catalog
    item = list(catalog.ids)
    sessions = [
        [item[0], item[5]] * 40,
        *[[item[0], item[1], item[2]]] * 17,
        [item[3], item[4]],
        [item[3], item[6]],
    ]
    app = at(with_log(models.run(), sessions), "log:s0", 1)
    assert listed(app, "Markov chain")[0] == catalog.titles[1]
    assert "the earlier 90 % of the 20 sessions in my.csv, without the one shown." in small_print(app)
    # counted where another one is shown: the leaving out follows the session in view
    assert listed(at(app, "log:s1", 1), "Markov chain")[0] == catalog.titles[5]
    assert "without the one shown" in small_print(app)
    at(app, "log:s19", 1)
    assert "sessions in my.csv; the one shown is a later one." in small_print(app)


def test_an_own_session_of_no_log_leaves_nothing_out(models):
    said = small_print(at(models.run(), "story:detour", 2))
    assert "90 % of the 20,000 sessions in sessions.csv.gz." in said
    assert "the one shown" not in said
    assert "session shown" not in said


def test_one_session_alone_leaves_nothing_to_count(models):
    app = with_log(models.run(), [list(DETOUR.items)])
    assert re.findall(r"<h4>([^<]*)</h4>", body(app, "gm-lists")) == ["GRU4Rec", "GRU4Rec (RNN)"]
    assert "need other sessions than the one shown, and the log has none." in small_print(app)


def test_the_origin_of_every_gru4rec_is_named(models):
    """Oracle: the shipped study of the Cells page."""
    said = small_print(models.run())
    epochs = read_studies(ROOT / "sample_data" / "cells.json").by_size[64].facts["rnn"].epochs
    assert (
        "GRU4Rec, GRU4Rec (LSTM) and GRU4Rec (RNN) are the Cells page's, not the leaderboard's: "
        f"64 units, {epochs} epochs, begun from random numbers." in said
    )


def test_whether_the_shops_cells_learned_from_the_session_is_said(models):
    """Oracle: they learned from the first 18,000 sessions of the shop's log."""
    app = models.run()
    assert "They learned from the session shown, too." in small_print(at(app, "log:s00001", 1))
    assert "They did not learn from the one shown." in small_print(at(app, "log:s19999", 1))
    own = with_log(app, [list(DETOUR.items), list(DETOUR.items)])
    assert "Whether they learned from the session shown is not known here." in small_print(own)


# --- a log of one's own that was not compared


def test_of_another_log_it_is_said_whose_results_these_are(models):
    app = models.run()
    assert "Compare the models on a log of your own" in [one.label for one in app.expander]
    app = with_log(app, [list(DETOUR.items)])
    plain = [one.label.replace("\\", "").replace(WORD_JOINER, "") for one in app.expander]
    assert plain.index("Compare the models on my.csv") < plain.index("The sample shop's results")
    assert not app.get("plotly_chart")  # the shop's results are put away
    app.session_state["gru_viz.models.shops"] = True
    app.run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    assert body(app, "gm-table")


def test_the_shops_own_page_leads_with_its_results(models):
    app = models.run()
    assert "has not been compared" not in texts(app)
    assert "The sample shop's results" not in [one.label for one in app.expander]


# --- where things stand


def test_the_session_is_chosen_where_it_is_shown(models):
    """Oracle: the order of what is drawn: the leaderboard, the heading of the lists, the chooser."""
    app = models.run()
    found = [
        one.proto.popover.label if one.type == "popover" else getattr(one, "value", "")
        for one in _flat(app.main)
        if one.type in ("popover", "subheader", "title")
    ]
    heading = found.index("The same session, side by side")
    assert DETOUR.name in found[heading + 1].replace("\\", "").replace(WORD_JOINER, "")


def _flat(block):
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _flat(child)


def test_cost_stands_before_mrr_and_the_table_shows_that_it_goes_on(models):
    table = body(models.run(), "gm-table")
    heads = re.findall(r'<th scope="col">([^<]*)</th>', table)
    assert heads[1:] == [
        *("Recall@20", "of the limit", "against the first"),
        *("parameters", "training", "a prediction", "MRR@20"),
    ]
    assert "overflow-x: auto" in table
    assert "local" in table  # the cover that goes along, see gru_viz.ui.scrolling
