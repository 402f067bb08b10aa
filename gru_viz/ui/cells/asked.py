"""Is this question one click deeper open, as the link says, and what is its answer?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from gru_viz.ui import state
from gru_viz.ui.fields import follow
from gru_viz.ui.view import DEEPER


def asked(question: str, name: str, answer: Callable[[], None]) -> None:
    """The question; its answer only where it is open: typesetting takes as long as drawing a chart.

    name: one of DEEPER
    """
    key = f"gru_viz.cells.{name}"
    follow(key, name in state.get().deeper)
    place = st.expander(question, key=key, on_change=lambda: _turn(name, st.session_state[key]))
    if place.open:
        with place:
            answer()


def _turn(name: str, is_open: bool) -> None:
    held = state.held()
    others = set(held.deeper) - {name}
    opened = others | {name} if is_open else others
    state.put(replace(held, deeper=tuple(one for one in DEEPER if one in opened)))
