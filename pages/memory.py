"""What is carried, and why this recommendation?"""

from __future__ import annotations

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.verdict import verdict
from gru_viz.ui.frame import facts
from gru_viz.ui.memory.answer import answered
from gru_viz.ui.memory.export import export
from gru_viz.ui.memory.memory_or_click import memory_or_click
from gru_viz.ui.memory.panels import panels
from gru_viz.ui.memory.walk import walk_view
from gru_viz.ui.memory.which_click import which_click
from gru_viz.ui.opening import opening
from gru_viz.ui.said import said
from gru_viz.ui.text import escape_markdown

page = opening("What is remembered, and why this item?", late=True)
now, trace = page.now, page.trace
walk_view(now, trace)
try:
    answer = answered(now, trace)
    with page.buttons:
        export(answer)
    lead = st.container()
    with st.container(key="gru_viz_first"):
        left, right = st.columns([5, 7], gap="large")
    with left:  # needs no deletions, so the browser loads Plotly while these are worked out
        memory_or_click(answer)
    with lead:
        said(verdict(trace, answer.why, answer.step), kind="lead")
except InputError as error:  # scores that are no numbers
    st.error(escape_markdown(str(error)))
    st.stop()
with right:
    which_click(answer)
facts(now.source, now.loaded, answer.trust.error)
panels(answer)
