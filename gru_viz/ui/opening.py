"""What does every page about a session begin with?"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gru_viz.trace import Trace
from gru_viz.ui.chooser import chooser
from gru_viz.ui.current import Current, current
from gru_viz.ui.frame import facts, frame, remarks
from gru_viz.ui.resolve import Resolved
from gru_viz.ui.text import escape_markdown


@dataclass(frozen=True, eq=False)
class Opening:
    """What the page is about, and the end of the title's row for its own buttons."""

    now: Current
    trace: Trace
    buttons: DeltaGenerator


def opening(title: str, watch: bool = False, late: bool = False) -> Opening:
    """Draw title, chooser, remarks and the session's story. Stops the page where there is no click yet.

    watch: also say what to look for while stepping
    late:  see `current`
    """
    source, head = frame(title)
    now = current(source, late)
    with head:
        chooser(now)
    remarks(now.notes)
    if not now.session.items:
        facts(source, now.loaded)
        st.info("Nothing to step through yet: choose a session above, or one item to start from.")
        st.stop()
    story = told(now.session, watch)
    if story:
        st.caption(story)
    head.space("stretch")
    return Opening(now, source.record(now.session.items), head)


def told(session: Resolved, watch: bool) -> str:
    """The session's story as Markdown, with what to look for where `watch` asks for it, or ""."""
    story = escape_markdown(session.story)
    if not watch or not session.watch:
        return story
    return f"{story} **Watch for:** {escape_markdown(session.watch)}"
