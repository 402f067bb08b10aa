"""How does what is on the page leave it? As a table, as numbers, as a picture that still steps."""

from __future__ import annotations

import io
import json
import re
import unicodedata

import pandas as pd
import streamlit as st

from gru_viz.trace import Trace
from gru_viz.ui.current import Current

# A cell that starts with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SLUG = 40  # characters of a session's title in a file's name


def export(now: Current, trace: Trace) -> None:
    """A button that opens the downloads of this trace, the page starting at the click in view."""
    layer, keeps, step, title = now.view.layer, now.view.keeps, now.step, now.session.title
    assert layer is not None
    name = slug(title)
    with st.popover("Export"):
        st.download_button(
            "Every gate and state, CSV",
            lambda: csv(trace),
            f"trace-{name}.csv",
            "text/csv",
            on_click="ignore",
            help="One row a step, layer, unit and quantity. Steps count from 1, layers and units from 0, the "
            "layer on the input side first; z writes. Text cells that a spreadsheet would take for a formula "
            "are prefixed with an apostrophe.",
        )
        st.download_button(
            "The same, Parquet (exact)", lambda: parquet(trace), f"trace-{name}.parquet", on_click="ignore"
        )
        st.download_button(
            "Recommendations at every click, JSON",
            lambda: recommendations(trace),
            f"recommendations-{name}.json",
            "application/json",
            on_click="ignore",
        )
        st.download_button(
            "A page that steps on its own, HTML",
            lambda: html(trace, layer, keeps, step, title),
            f"session-{name}.html",
            "text/html",
            on_click="ignore",
            help="Opens in any browser without this app and without a network.",
        )


def slug(title: str) -> str:
    """A title as part of a file's name: lower case a-z, 0-9 and '-', 1 to 40 characters, never a path."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")
    if len(words) > SLUG:
        words = words[: SLUG + 1].rpartition("-")[0] or words[:SLUG]
    return words or "session"


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


def html(trace: Trace, layer: int, keeps: bool, step: int, title: str) -> bytes:
    """The Plotly twin of the stepper as one file, opening at `step` (0-based) under `title`."""
    from gru_viz.figures import figure_html, walk

    figure = walk(trace, step, layer, "keeps" if keeps else "writes")
    return figure_html(figure, title).encode("utf-8")
