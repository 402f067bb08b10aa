"""Which size have the shop's cells, where does the GRU's reset act, and what did that change?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from gru_viz.explain.cell_studies import SIZES, CellStudies
from gru_viz.explain.cell_switches import switched_sentence
from gru_viz.ui import state
from gru_viz.ui.cells.loaded import Choice
from gru_viz.ui.fields import follow
from gru_viz.ui.said import said
from gru_viz.ui.view import View

_SIZE, _RESET = "gru_viz.cells.size", "gru_viz.cells.reset"
BEFORE, AFTER = "before", "after"


def chosen(view: View) -> tuple[Choice, tuple[str, ...]]:
    """What the view asks for, and a note where there is no such size."""
    units = view.size or SIZES[0]
    if units in SIZES:
        return Choice(units, view.after), ()
    listed = ", ".join(map(str, SIZES))
    return Choice(SIZES[0], view.after), (f"The shop's cells have {listed} units, not {units:,}.",)


def switches(choice: Choice, studies: CellStudies | None) -> None:
    """Two switches, and beside them what the choice came to."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        _switch("Hidden units", SIZES, choice.units, _SIZE, _sized)
        _switch("GRU's reset", (BEFORE, AFTER), AFTER if choice.after else BEFORE, _RESET, _reset)
        if studies is not None and choice.units in studies.by_size:
            with st.container(key="gru_viz_switched"):
                said(switched_sentence(studies, (choice.units, choice.gru)))


def _switch(
    label: str,
    options: tuple[int, ...] | tuple[str, ...],
    now: int | str,
    key: str,
    change: Callable[[], None],
) -> None:
    """A label and its switch in one line."""
    follow(key, now)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        st.caption(label, width="content")
        st.segmented_control(
            label,
            options,
            key=key,
            on_change=change,
            label_visibility="collapsed",
            required=True,
        )


def _sized() -> None:
    units = st.session_state[_SIZE]
    state.put(replace(state.held(), size=None if units == SIZES[0] else units))


def _reset() -> None:
    state.put(replace(state.held(), after=st.session_state[_RESET] == AFTER))
