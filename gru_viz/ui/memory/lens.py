"""What would be recommended from memory alone, from the click alone, from the blend?"""

from __future__ import annotations

import streamlit as st

from gru_viz.explain.lens import Lens, lens, lens_list, lens_sentence
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said


def lens_panel(answer: Answer) -> None:
    """The lists side by side; page.css puts them under one another where titles would not fit."""
    value = answer.value("lens", lambda: lens(answer.trace, answer.weights, step=answer.step))
    said(lens_sentence(answer.trace, value))
    with st.container(key="gru_viz_lens"):
        for row, column in enumerate(st.columns(len(value.states), gap="medium")):
            with column:
                _list(answer, value, row)


def _list(answer: Answer, value: Lens, row: int) -> None:
    from gru_viz.figures.lens import lens_figure

    trace, state = answer.trace, value.states[row]
    words = lens_list(trace, value, row)
    answer.draw("lens", lambda theme: lens_figure(value, trace.catalog, theme, state), words, row)
