"""Which click is behind an item: deletion and the two ledgers, side by side."""

from __future__ import annotations

import streamlit as st

from gru_viz.explain.trust import trust_sentence
from gru_viz.explain.words import Part
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.memory.choices import choices
from gru_viz.ui.said import said

ROWS = 12  # clicks shown one by one; the figure says what the others come to together


def which_click(answer: Answer) -> None:
    """The item to explain, the three answers, and how far they can be trusted."""
    from gru_viz.figures.three_ways import three_ways

    st.subheader("Which click is behind it?", anchor=False)
    choices(answer)
    why = answer.why
    said(why.sentence)
    answer.draw(
        "why", lambda theme: three_ways(why, answer.trace, theme, ROWS), why.sentence, why.item, why.against
    )
    said((Part("✓ " if answer.trust.holds else "⚠ "), *trust_sentence(answer.trust)), kind="trust")
