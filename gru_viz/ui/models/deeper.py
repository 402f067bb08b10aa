"""The further questions of the Models page, one open at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from gru_viz.ui import state
from gru_viz.ui.fields import follow
from gru_viz.ui.models.breakdown import breakdowns
from gru_viz.ui.models.curves import curves
from gru_viz.ui.models.service import Shown
from gru_viz.ui.models.textbook import textbook

_PANEL = "gru_viz.models.panel"
PANELS = {"where": "Where in a session?", "data": "With less data?", "claims": "Do the textbooks hold?"}
DRAW: dict[str, Callable[[Shown], None]] = {
    "where": lambda on: breakdowns(on.comparison),
    "data": lambda on: curves(on.comparison),
    "claims": textbook,
}


def deeper(on: Shown) -> None:
    """The switch, and the question that is open: at first none."""
    name = state.get().look
    follow(_PANEL, name)
    st.segmented_control(
        "Look deeper", list(PANELS), key=_PANEL, format_func=PANELS.__getitem__, on_change=_chosen
    )
    if name is not None:
        DRAW[name](on)


def _chosen() -> None:
    state.put(replace(state.held(), look=st.session_state[_PANEL]))
