"""What does the Cells page do where another model than the shop's is in view?"""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.frame import facts
from gru_viz.ui.sources import SAMPLE, Source, sources
from gru_viz.ui.view import SessionRef, choose_model


def require_shop(now: Current) -> Source:
    """The shop's GRU where it is in view. Else offers to go there, and stops the page."""
    if now.source.key != SAMPLE:
        _offer(now)
    return now.source


def _offer(now: Current) -> NoReturn:
    facts(now.source, now.loaded)
    st.info("This page compares three cells that were trained on the sample shop, not on this model's log.")
    if SAMPLE in sources():
        st.button("Show the sample shop", type="primary", on_click=_show_shop)
    st.stop()


def _show_shop() -> None:
    state.jump(choose_model(state.held(), SAMPLE, SessionRef()))
