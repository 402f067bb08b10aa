"""What does every page about a session begin with?"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gru_viz.trace import Trace
from gru_viz.ui.chooser import chooser
from gru_viz.ui.current import Current, current
from gru_viz.ui.frame import facts, frame, remarks
from gru_viz.ui.text import escape_markdown


@dataclass(frozen=True, eq=False)
class Opening:
    """What the page is about, and the end of the title's row for its own buttons."""

    now: Current
    trace: Trace
    buttons: DeltaGenerator


def opening(title: str, watch: bool = False) -> Opening:
    """Draw title, chooser, remarks and the session's story. Stops the page where there is no click yet.

    watch: also say what to look for while stepping
    """
    source, head = frame(title)
    now = current(source)
    with head:
        chooser(now)
    remarks(now.notes)
    if not now.session.items:
        facts(source, now.loaded)
        st.info("Nothing to step through yet: choose a session above, or one item to start from.")
        st.stop()
    if now.session.story:
        looking = (
            f" **Watch for:** {escape_markdown(now.session.watch)}" if watch and now.session.watch else ""
        )
        st.caption(escape_markdown(now.session.story) + looking)
    head.space("stretch")
    return Opening(now, source.record(now.session.items), head)
