"""Whose trainings are these?

A browser keeps a random token (128 bits) in its local storage, which every tab of it shares and no
other site, person or link ever sees. So a training is found again after a refresh and in another
tab, and a link that names it opens nothing for someone else. An address would be passed on with a
link; a cookie would go to every server on this host. `gru_viz.jobs` keeps its hash only.
"""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

_KEY, _OWNER = "gru_viz.owner_component", "gru_viz.owner"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_component = st.components.v2.component(
    "gru_viz_owner", js=(Path(__file__).parent / "owner.js").read_text("utf-8")
)


def owner() -> str:
    """Who is there, a secret between browser and server. Ends the run until the browser has told, once."""
    known = visitor()
    if known is None:
        ask_visitor()
        st.stop()
    return known


def visitor() -> str | None:
    """The same for a page that need not wait for it: None until the browser has told."""
    return st.session_state.get(_OWNER)


def ask_visitor() -> None:
    """Let the browser tell, if it has not; the page is then drawn once more. Comes last on a page."""
    if visitor() is None:
        _component(key=_KEY, on_token_change=_heard)


def _heard() -> None:
    """Take the token over; whatever else a browser may say is not heard."""
    token = st.session_state[_KEY].get("token")
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        st.session_state[_OWNER] = token
