"""Which pages are there, and how does one get from one to the next?"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

PAGES = Path(__file__).parents[2] / "pages"
_routed = False  # once app.py has run in this process, Streamlit runs it for every address


def navigate() -> None:
    """Run the page that the address names."""
    global _routed
    _routed = True
    st.navigation(_pages(), position="hidden").run()


def rejoin() -> None:
    """Start this run again through app.py where Streamlit ran a page's file alone.

    It does that for a direct link to a server that has just been started, because our pages
    lie in a folder called pages/. Calling `st.navigation` ends that habit for good.
    """
    if not _routed:
        st.navigation(_pages(), position="hidden")
        st.rerun()


def links() -> None:
    """A link to every page; the view goes along, see `state.arrive`."""
    for page in _pages():
        if page.visibility == "visible":
            st.page_link(page)


def _pages() -> list[StreamlitPage]:
    """The first one answers to "/"; its file's name is a valid address, too."""
    step = PAGES / "step.py"
    return [
        st.Page(step, title="Step", url_path="home", default=True),
        st.Page(PAGES / "memory.py", title="Memory"),
        st.Page(PAGES / "what_if.py", title="What if"),
        st.Page(PAGES / "models.py", title="Models"),
        st.Page(PAGES / "cells.py", title="Cells"),
        st.Page(PAGES / "train.py", title="Train"),
        st.Page(step, title="Step", url_path="step", visibility="hidden"),
    ]
