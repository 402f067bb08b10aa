"""What is carried: the triangle of shares, and how long units keep what they hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from gru_viz.explain.gradient import gradient_flow, gradient_sentence
from gru_viz.explain.retention import half_life_sentence, half_lives, retention, retention_sentence
from gru_viz.explain.words import KEEPS
from gru_viz.ui import state
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said

_UNIT = "gru_viz.memory.unit"


def carried(answer: Answer) -> None:
    """Both pictures follow the direct path only; the sentence below says how far that misleads here."""
    from gru_viz.figures.half_lives import half_lives_figure
    from gru_viz.figures.retention_triangle import retention_triangle

    top, step, trace = answer.trace.layers[-1], answer.step, answer.trace
    lives = half_lives(top)
    with st.container(key="gru_viz_carried"):
        left, right = st.columns([7, 5], gap="large")
    with left:
        unit = _unit(answer, lives)
        shares = answer.value("shares", lambda: retention(top, unit), unit)
        words = retention_sentence(trace, shares, step)
        said(words)
        answer.draw("triangle", lambda theme: retention_triangle(shares, trace, step, theme), words, unit)
    with right:
        words = half_life_sentence(top, len(trace.layers))
        said(words)
        if answer.cell in KEEPS:
            answer.draw("half-lives", lambda theme: half_lives_figure(lives, theme), words)
    flow = answer.value("gradient", lambda: gradient_flow(trace, answer.weights, step=step))
    said(gradient_sentence(trace, flow), kind="trust")


def _unit(answer: Answer, lives: np.ndarray) -> int | None:
    """Whose memory: the mean over units, or one of them, those that keep longest first."""
    top = len(answer.trace.layers) - 1
    chosen = answer.now.view.unit if answer.now.view.layer == top else None
    st.session_state[_UNIT] = chosen
    st.selectbox(
        "Units",
        np.argsort(-lives, kind="stable").tolist(),
        key=_UNIT,
        index=None,
        placeholder="all units, on average",
        format_func=lambda unit: f"unit {unit}",
        on_change=lambda: state.put(replace(state.held(), unit=st.session_state[_UNIT], layer=None)),
        width=280,
        label_visibility="collapsed",
    )
    return chosen
