"""How does a person step through a trace without waiting for the server?

A components-v2 component: the trace goes to the browser once, every step is drawn
there, and what the person did comes back as `view` (debounced) or as an event.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
# One module for the browser; the parts are in the order in which they need each other.
_PARTS = ("tools.js", "heatmap.js", "panels.js", "index.js")

_component = st.components.v2.component(
    "gru_viz_stepper",
    js="\n".join((_HERE / part).read_text("utf-8") for part in _PARTS),
    css=(_HERE / "style.css").read_text("utf-8"),
)


def stepper(
    data: dict[str, Any],
    key: str,
    on_view: Callable[[], None],
    on_append: Callable[[], None],
    on_undo: Callable[[], None],
    on_reset: Callable[[], None],
    on_address: Callable[[], None],
) -> None:
    """Mount the stepper. `data` is {key, address, start, trace, edits}; see `payload.payload` for the trace.

    The callbacks find what was reported in ``st.session_state[key]``:
    `view` {key, step, unit, keeps, sort, layer}, `append` {item_id, step}.
    """
    _component(
        key=key,
        data=data,
        on_view_change=on_view,
        on_append_change=on_append,
        on_undo_change=on_undo,
        on_reset_change=on_reset,
        on_address_change=on_address,
    )
