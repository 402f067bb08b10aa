"""How do the explanations of this page leave it?"""

from __future__ import annotations

import json

import streamlit as st

from gru_viz.explain.verdict import verdict
from gru_viz.explain.words import plain
from gru_viz.ui.export import neutralised, slug
from gru_viz.ui.memory.answer import Answer


def export(answer: Answer) -> None:
    """A button that opens the downloads of what is explained."""
    name = slug(answer.now.session.title)
    with st.popover("Export"):
        st.download_button(
            "The three answers, CSV",
            lambda: csv(answer),
            f"why-{name}.csv",
            "text/csv",
            on_click="ignore",
            help="One row a click. Written at and carried from are in scores; drop, what the item loses when "
            "the click is deleted, is in log-probability (nats), of two items in their log-odds. Text cells "
            "that a spreadsheet would take for a formula are prefixed with an apostrophe.",
        )
        st.download_button(
            "The same, JSON (exact)",
            lambda: document(answer),
            f"why-{name}.json",
            "application/json",
            on_click="ignore",
            help="As `python -m gru_viz explain --json` prints it; its deletion is in scores.",
        )
        st.download_button(
            "The picture, HTML",
            lambda: html(answer),
            f"why-{name}.html",
            "text/html",
            on_click="ignore",
            help="Opens in any browser without this app and without a network.",
        )


def csv(answer: Answer) -> bytes:
    """The table of the three answers with texts safe to open in a spreadsheet."""
    frame = answer.why.to_frame(answer.trace)
    for column in frame.select_dtypes(exclude="number"):
        frame[column] = neutralised(frame[column].fillna("").astype(str))
    return frame.to_csv(index=False).encode("utf-8")


def document(answer: Answer) -> bytes:
    """The fixed JSON of an explanation, the document that the command line prints."""
    return json.dumps(answer.why.to_dict(answer.trace), allow_nan=False).encode("utf-8")


def html(answer: Answer) -> bytes:
    """The three answers as one page, under the sentences that the app's page says of them."""
    from gru_viz.figures.export import figure_html
    from gru_viz.figures.three_ways import three_ways

    why, trace = answer.why, answer.trace
    words = [plain(sentence) for sentence in (verdict(trace, why, answer.step), why.sentence)]
    title = f"Which click is behind {trace.catalog.titles[why.item]}?"
    return figure_html(three_ways(why, trace, "light"), title, words).encode("utf-8")
