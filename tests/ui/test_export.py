"""Oracle: the trace's own table; a spreadsheet's formula characters."""

from __future__ import annotations

import io
import json

import pandas as pd

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
    page = export.html(record(model, clicks), layer=0, keeps=True).decode()
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert "<script src=" not in page.replace('<script src="data:', "")
