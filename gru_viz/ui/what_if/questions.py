"""The further questions of the What-if page, one open at a time and only that one computed."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.editor.scene import Scene
from gru_viz.ui.fields import follow
from gru_viz.ui.view import View
from gru_viz.ui.what_if.flips import flips
from gru_viz.ui.what_if.units import units

QUESTIONS = {
    "units": ("Which units matter here?", units),
    "flip": ("What is the smallest change that flips it?", flips),
}
_QUESTION = "gru_viz.what_if.question"


def questions(now: Current, scene: Scene, view: View) -> None:
    """The switch between the questions, and the one that is open."""
    follow(_QUESTION, view.question)
    st.segmented_control(
        "Look deeper",
        list(QUESTIONS),
        key=_QUESTION,
        format_func=lambda name: QUESTIONS[name][0],
        on_change=lambda: state.put(replace(state.held(), question=st.session_state[_QUESTION])),
    )
    if view.question is not None:
        QUESTIONS[view.question][1](now, scene, view)
