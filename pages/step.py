"""Step through a session click by click: what is remembered, and what comes next?"""

from __future__ import annotations

import streamlit as st

from gru_viz.explain.verify import largest_error
from gru_viz.ui.chooser import chooser
from gru_viz.ui.current import current
from gru_viz.ui.export import export
from gru_viz.ui.frame import facts, frame, remarks
from gru_viz.ui.session_view import session_view
from gru_viz.ui.text import escape_markdown

source, head = frame("Step through a session")
now = current(source)
with head:
    chooser(now)
remarks(now.notes)

if not now.session.items:
    facts(source, now.loaded)
    st.info("Nothing to step through yet: choose a session above, or one item to start from.")
    st.stop()

if now.session.story:
    watch = f" **Watch for:** {escape_markdown(now.session.watch)}" if now.session.watch else ""
    st.caption(escape_markdown(now.session.story) + watch)
trace = source.record(now.session.items)
with head:
    st.space("stretch")
    export(now, trace)
session_view(now, trace)
facts(source, now.loaded, largest_error(trace, source.weights))
