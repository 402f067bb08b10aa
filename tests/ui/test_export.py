"""Oracle: the trace's own table; a spreadsheet's formula characters."""

from __future__ import annotations

import io
import json
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.ui import export


def test_parquet_is_lossless(model, clicks):
    trace = record(model, clicks)
    again = pd.read_parquet(io.BytesIO(export.parquet(trace)))
    pd.testing.assert_frame_equal(again, trace.to_frame(), check_dtype=False)


def test_csv_has_no_formulas():
    catalog = Catalog(("=1+1", "@x", "-2", "plain"))
    frame = pd.read_csv(io.BytesIO(export.csv(record(GRU4Rec(catalog), [0, 1, 2, 3]))))
    assert set(frame["item"]) == {"'=1+1", "'@x", "'-2", "plain"}


def test_recommendations_by_click(model, clicks):
    steps = json.loads(export.recommendations(record(model, clicks), k=3))
    assert [step["item_id"] for step in steps] == [f"id-{i}" for i in clicks]
    assert [len(step["next"]) for step in steps] == [3] * len(clicks)


def test_html_stands_alone(model, clicks):
    page = export.html(record(model, clicks), layer=0, keeps=True, step=2, title="<Detour> & back").decode()
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "<title>&lt;Detour&gt; &amp; back</title>" in page
    assert '"active":2' in page
    assert "<script src=" not in page.replace('<script src="data:', "")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Detour: a camera body", "detour-a-camera-body"),
        ("Detour: a camera body, then back to its lens", "detour-a-camera-body-then-back-to-its"),
        ("Session ../../etc/passwd", "session-etc-passwd"),
        ("C:\\con\x00.html", "c-con-html"),
        ("Čaj's café", "cajs-cafe"),
        ("茶", "session"),
        ("", "session"),
        ("x" * 99, "x" * 40),
    ],
)
def test_a_title_becomes_part_of_a_file_name(title, expected):
    assert export.slug(title) == expected


@given(st.text())
def test_a_file_name_is_never_a_path(title):
    """Oracle: ascii letters, digits and inner '-', 1 to 40 of them."""
    assert re.fullmatch("(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*", export.slug(title))
