"""How does a person step through a trace without waiting for the server?

Two components-v2 components, the walk (the session's strip and the controls) and the stepper
(the walk with its board of heatmaps, next items and one unit's sums): the trace goes to the
browser once, every step is drawn there, and what the person did comes back as `view`
(debounced) or as an event.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_STYLE = (_HERE / "style.css").read_text("utf-8")


def _script(shown: str, *parts: str) -> str:
    """One module for the browser that mounts the class `shown`; each part needs only those before it."""
    texts = [(_HERE / part).read_text("utf-8") for part in (*parts, "mount.js")]
    return "\n".join([*texts, f"export default mounting({shown});\n"])


_WALK = ("tools.js", "edges.js", "strip.js", "walk.js")
_walk = st.components.v2.component("gru_viz_walk", js=_script("Walk", *_WALK), css=_STYLE)
_stepper = st.components.v2.component(
    "gru_viz_stepper",
    js=_script("Stepper", *_WALK, "heatmap.js", "cells.js", "panels.js", "board.js"),
    css=_STYLE,
)


def walk(
    data: dict[str, Any],
    key: str,
    on_view: Callable[[], None],
    on_undo: Callable[[], None],
    on_reset: Callable[[], None],
) -> None:
    """Mount the walk. `data` is {key, address, start, trace, edits}; the trace is `payload.walk_payload`'s.

    Two more may be given: `switch`, False to hide the choice of what z means, and `settle`, the
    milliseconds of quiet after which a step is reported (400). The callbacks find in
    ``st.session_state[key]`` the `view` {key, step} and whatever else `start` names.
    """
    _walk(
        key=key,
        data=data,
        on_view_change=on_view,
        on_undo_change=on_undo,
        on_reset_change=on_reset,
    )


def stepper(
    data: dict[str, Any],
    key: str,
    on_view: Callable[[], None],
    on_append: Callable[[], None],
    on_undo: Callable[[], None],
    on_reset: Callable[[], None],
) -> None:
    """Mount the stepper. `data` is the walk's, but for the trace: `payload.payload`'s.

    The callbacks find what was reported in ``st.session_state[key]``:
    `view` {key, step, unit, keeps, sort, layer}, `append` {item_id, step}.
    """
    _stepper(
        key=key,
        data=data,
        on_view_change=on_view,
        on_append_change=on_append,
        on_undo_change=on_undo,
        on_reset_change=on_reset,
    )
