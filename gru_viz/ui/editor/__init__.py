"""How does a person change a session, or force a gate, and see what moves?

A components-v2 component without a build step: rows of cards that can be edited, the gates'
presets, and three pictures. Python sends all of it in one payload; what a person does comes
back as one event, `did`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_SHARED = _HERE.parent / "stepper"
# each part needs only those before it
_PARTS = (
    *(_SHARED / name for name in ("tools.js", "edges.js", "heatmap.js")),
    *(
        _HERE / name
        for name in ("cards.js", "force.js", "slope.js", "course.js", "difference.js", "editor.js")
    ),
    _SHARED / "mount.js",
)
_STYLES = (_SHARED / "style.css", _HERE / "editor.css")

_editor = st.components.v2.component(
    "gru_viz_editor",
    js="\n".join([*(part.read_text("utf-8") for part in _PARTS), "export default mounting(Editor);\n"]),
    css="\n".join(style.read_text("utf-8") for style in _STYLES),
)


def editor(data: dict[str, Any], key: str, on_did: Callable[[], None]) -> None:
    """Mount the editor. `data` is {place, start, heard, asking, undo, picture}; see editor.js.

    The callback finds in ``st.session_state[key]["did"]`` what the person did: {"do": …, "n": …}
    and what belongs to it, all of it to be checked; see what_if/acting.py.
    """
    _editor(key=key, data=data, on_did_change=on_did)
