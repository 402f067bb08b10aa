"""What is carried, and why this recommendation?"""

from __future__ import annotations

import streamlit as st

from gru_viz.explain.verdict import verdict
from gru_viz.ui.frame import facts
from gru_viz.ui.memory.answer import answered
from gru_viz.ui.memory.export import export
from gru_viz.ui.memory.first import memory_or_click, which_click
from gru_viz.ui.memory.panels import panels
from gru_viz.ui.memory.walk import walk_view
from gru_viz.ui.opening import opening
from gru_viz.ui.said import said

page = opening("What is remembered, and why this item?")
now, trace = page.now, page.trace
walk_view(now, trace)
answer = answered(now, trace)
with page.buttons:
    export(answer)
said(verdict(trace, answer.why, answer.step), kind="lead")
left, right = st.columns([5, 7], gap="large")
with left:
    memory_or_click(answer)
with right:
    which_click(answer)
facts(now.source, now.loaded, answer.trust.error)
panels(answer)
