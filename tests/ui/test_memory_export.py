"""What leaves the Memory page. Oracles: the value's own table; the command line's document; a spreadsheet's
formula characters."""

from __future__ import annotations

import argparse
import csv
import io
import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.checkpoint import save
from gru_viz.commands import explain
from gru_viz.explain.verdict import verdict
from gru_viz.explain.why import Why, why
from gru_viz.explain.words import plain
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.record import record
from gru_viz.rerun import last_clicks
from gru_viz.ui.memory import export
from tests.models import random_model

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def answered(model: GRU4Rec, clicks: list[int], item: int, against: int | None = None) -> SimpleNamespace:
    """What of a page's answer its export looks at."""
    trace = record(model, clicks)
    answer: Why = why(trace, model.weights(), item, lambda sessions: last_clicks(model, sessions), against)
    return SimpleNamespace(trace=trace, why=answer, step=len(trace) - 1)


def of_items(ids: tuple[str, ...], titles: tuple[str, ...], against: int | None) -> SimpleNamespace:
    return answered(GRU4Rec(Catalog(ids, titles), ModelConfig(units=(3,))), [0, 1, 0], 0, against)


def rows(answer: SimpleNamespace) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export.csv(answer).decode("utf-8"), newline="")))


@pytest.mark.parametrize("against", [None, 1])
def test_no_cell_of_the_table_is_a_formula(against: int | None) -> None:
    found = rows(of_items(("=1+1", "@sum"), ("-2", "+3"), against))
    assert [row["item_id"] for row in found[:3]] == ["'=1+1", "'@sum", "'=1+1"]
    assert [row["title"] for row in found[:3]] == ["'-2", "'+3", "'-2"]
    assert {row["explained_item"] for row in found} == {"'=1+1"}
    assert {row["against"] for row in found} == {"" if against is None else "'@sum"}


letters = st.text(st.sampled_from("=+-@ab1,\"' "), min_size=1, max_size=4).map(str.strip).filter(bool)


@given(st.lists(letters, min_size=2, max_size=2, unique=True), st.lists(letters, min_size=2, max_size=2))
def test_no_text_is_a_formula_whatever_it_is(ids: list[str], titles: list[str]) -> None:
    for row in rows(of_items(tuple(ids), tuple(titles), 1)):
        for name in ("item_id", "title", "explained_item", "against"):
            assert not row[name].startswith(FORMULAS)


def test_numbers_are_those_of_the_table() -> None:
    """A falling score is a number with a minus, not a formula."""
    answer = answered(random_model(), [2, 0, 5], 1, 4)
    frame = answer.why.to_frame(answer.trace)
    for name in ("written_at", "carried_from"):
        assert [float(row[name]) for row in rows(answer)] == frame[name].tolist()
    assert [float(row["drop"]) for row in rows(answer)[:3]] == frame["drop"].tolist()[:3]


@pytest.mark.parametrize("against", [None, "id-4"])
@pytest.mark.parametrize("kind", ["reset before", "feed-forward, relu"])
def test_the_json_is_what_the_command_line_prints(kind, against, tmp_path, capsys) -> None:
    model = random_model(kind)
    save(model, tmp_path / "model.safetensors")
    parser = argparse.ArgumentParser()
    explain.add_parser(parser.add_subparsers())
    more = [] if against is None else ["--against", against]
    args = ["explain", str(tmp_path), "id-2,id-0,id-5", "--item", "id-1", "--json", *more]
    assert explain.run(parser.parse_args(args)) == 0
    answer = answered(model, [2, 0, 5], 1, None if against is None else 4)
    assert export.document(answer).decode("utf-8") == capsys.readouterr().out.rstrip("\n")
    assert set(json.loads(export.document(answer))) >= {"item", "against", "after_click"}


def test_the_page_has_the_whole_of_both_sentences_as_text() -> None:
    title = "<b>A camera</b> whose title is long & goes on"
    answer = of_items(("a", "b"), (title, "B" * 60), 1)
    page = export.html(answer).decode("utf-8")
    assert "<b>A camera" not in page.partition("<div>")[0]
    for sentence in (verdict(answer.trace, answer.why, 2), answer.why.sentence):
        said = plain(sentence).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert f"<p>{said.replace(chr(39), '&#x27;')}</p>" in page
    assert "<h1>Which click is behind &lt;b&gt;A camera&lt;/b&gt;" in page
