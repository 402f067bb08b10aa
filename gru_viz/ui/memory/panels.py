"""The further questions of the Memory page, one open at a time and only that one computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from gru_viz.ui import state
from gru_viz.ui.fields import follow
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.memory.carried import carried
from gru_viz.ui.memory.forgets import forgets
from gru_viz.ui.memory.gradient import gradient
from gru_viz.ui.memory.lens import lens_panel
from gru_viz.ui.memory.maths import maths
from gru_viz.ui.memory.remembers import remembers
from gru_viz.ui.memory.reset import reset
from gru_viz.ui.memory.whole_log import whole_log

_PANEL = "gru_viz.memory.panel"


@dataclass(frozen=True)
class Panel:
    """One question as the switch names it, and how its answer is drawn."""

    label: str
    draw: Callable[[Answer], None]


# by their names in view.PANELS
PANELS = {
    "carried": Panel("What is carried?", carried),
    "remembers": Panel("Does it remember?", remembers),
    "forgets": Panel("How fast does it forget?", forgets),
    "lens": Panel("Memory alone, click alone?", lens_panel),
    "reset": Panel("Does the reset gate matter?", reset),
    "gradient": Panel("Where do gradients flow?", gradient),
    "log": Panel("And over the whole log?", whole_log),
}


def panels(answer: Answer) -> None:
    """The switch between the questions, and the one that is open: at first none, the page is full enough."""
    follow(_PANEL, answer.now.view.panel)
    st.segmented_control(
        "Look deeper",
        list(PANELS),
        key=_PANEL,
        format_func=lambda name: PANELS[name].label,
        on_change=lambda: state.put(replace(state.held(), panel=st.session_state[_PANEL])),
    )
    name = answer.now.view.panel
    if name is None:
        return
    PANELS[name].draw(answer)
    worked_out = maths(name, answer.cell)
    if worked_out is None:
        return
    # closed it is empty: typesetting formulas takes the browser as long as drawing a chart
    below = st.expander("How this is worked out", key="gru_viz.memory.maths", on_change="rerun")
    if below.open:
        below.markdown(worked_out)
