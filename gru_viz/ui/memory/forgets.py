"""How fast is a click forgotten: as the gates foretell, and as measured?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.explain.forgetting import forgetting, forgetting_sentence
from gru_viz.explain.why import top_click
from gru_viz.ui import state
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said
from gru_viz.ui.text import cut

_CLICK = "gru_viz.memory.click"


def forgets(answer: Answer) -> None:
    """What is left of one click up to the click in view."""
    from gru_viz.figures.forgetting import forgetting_figure

    trace, step, click = answer.trace, answer.step, _click(answer)
    rerun, weights = answer.now.source.states, answer.weights
    value = answer.value(
        "forgetting", lambda: forgetting(trace, rerun, click, step=step, weights=weights), click
    )
    words = forgetting_sentence(trace, value)
    said(words)
    answer.draw("forgetting", lambda theme: forgetting_figure(value, trace, theme), words, click)


def _click(answer: Answer) -> int:
    """The click chosen, else the one before this that matters most."""
    matters = top_click(answer.why.deletion.drop[: answer.step]) if answer.step > 0 else None
    asked = answer.now.view.click
    chosen = (matters or 0) if asked is None or asked > answer.step + 1 else asked - 1
    titles = [answer.trace.catalog.titles[item] for item in answer.trace.items]
    st.session_state[_CLICK] = chosen
    st.selectbox(
        "Click",
        range(answer.step + 1),
        key=_CLICK,
        format_func=lambda click: f"click {click + 1} · {cut(titles[click])}",
        on_change=lambda: state.put(replace(state.held(), click=st.session_state[_CLICK] + 1)),
        width=360,
        label_visibility="collapsed",
    )
    return chosen
