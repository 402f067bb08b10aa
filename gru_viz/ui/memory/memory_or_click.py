"""How much of each recommendation was carried, and how much is this click's?"""

from __future__ import annotations

import streamlit as st

from gru_viz.explain.split import split, split_sentence
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said

ITEMS = 6  # of the recommended ones; those that are explained stand among them or below


def memory_or_click(answer: Answer) -> None:
    """The exact split of each score into memory, click and bias."""
    st.subheader("Memory or click?", anchor=False)
    if not answer.weights.linear_top:
        st.caption("This model's top is not linear, so a score is no sum of memory and click.")
        return
    from gru_viz.figures.memory_or_click import memory_or_click as figure

    item, against = answer.item, answer.against
    also = (item,) if against is None else (item, against)
    parts = split(answer.trace, answer.weights, ITEMS, answer.step, also)
    words = split_sentence(answer.trace, parts)
    said(words)
    catalog = answer.trace.catalog
    answer.draw("split", lambda theme: figure(parts, catalog, theme, item), words, item, against)
