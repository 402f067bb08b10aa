"""Start the app: which pages are there?"""

from __future__ import annotations

import streamlit as st

from gru_viz.ui.frame import configure

configure()
st.navigation([st.Page("pages/step.py", title="Step", icon="👣", default=True)]).run()
