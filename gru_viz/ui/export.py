"""How does what is on the page leave it? As a table, as numbers, as a picture that still steps."""

from __future__ import annotations

import io
import json

import pandas as pd
import streamlit as st

from gru_viz.trace import Trace
from gru_viz.ui.view import View

# A cell that starts with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(trace: Trace, view: View) -> None:
    """A button that opens the downloads of this trace."""
    layer, keeps = view.layer, view.keeps
    assert layer is not None
    with st.popover("Export"):
        st.download_button(
            "Every gate and state, CSV",
            lambda: csv(trace),
            "trace.csv",
            "text/csv",
            on_click="ignore",
            help="One row a step, layer, unit and quantity. Text cells that a spreadsheet would take "
            "for a formula are prefixed with an apostrophe; z writes.",
        )
        st.download_button(
            "The same, Parquet (exact)", lambda: parquet(trace), "trace.parquet", on_click="ignore"
        )
        st.download_button(
            "Recommendations at every click, JSON",
            lambda: recommendations(trace),
            "recommendations.json",
            "application/json",
            on_click="ignore",
        )
        st.download_button(
            "A page that steps on its own, HTML",
            lambda: html(trace, layer, keeps),
            "session.html",
            "text/html",
            on_click="ignore",
            help="Opens in any browser without this app and without a network.",
        )


def csv(trace: Trace) -> bytes:
    """The tidy table as CSV with item ids safe to open in a spreadsheet."""
    frame = trace.to_frame()
    frame["item"] = neutralised(frame["item"])
    return frame.to_csv(index=False).encode("utf-8")


def neutralised(texts: pd.Series) -> pd.Series:
    """Texts a spreadsheet would run as formulas, prefixed with an apostrophe."""
    return texts.where(~texts.str.startswith(_FORMULA), "'" + texts)


def parquet(trace: Trace) -> bytes:
    """The tidy table, lossless."""
    file = io.BytesIO()
    trace.to_frame().to_parquet(file, index=False)
    return file.getvalue()


def recommendations(trace: Trace, k: int = 20) -> bytes:
    """After each click its item and the k best next items, as JSON."""
    steps = [
        {
            "step": step + 1,
            "item_id": trace.catalog.ids[item],
            "title": trace.catalog.titles[item],
            "next": trace.top(k, step).to_dict("records"),
        }
        for step, item in enumerate(trace.items)
    ]
    return json.dumps(steps, ensure_ascii=False, indent=1).encode("utf-8")


def html(trace: Trace, layer: int, keeps: bool) -> bytes:
    """The Plotly twin of the stepper as one file."""
    from gru_viz.figures import figure_html, walk

    figure = walk(trace, layer=layer, convention="keeps" if keeps else "writes")
    return figure_html(figure).encode("utf-8")
