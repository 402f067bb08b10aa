"""Where does the view live between two runs of a page?

Under one key that no widget owns, mirrored in the address. Whoever changes it calls
`put`, with a value made by one of view.py's pure transitions.
"""

from __future__ import annotations

import streamlit as st

from gru_viz.ui.sources import default_model
from gru_viz.ui.view import View, from_query, to_query

_VIEW, _WRITTEN, _NOTES = "gru_viz.view", "gru_viz.address", "gru_viz.notes"


def get() -> View:
    """The current view; the address's where it was opened or edited by hand, or by the Back button."""
    address = dict(st.query_params)
    if _VIEW not in st.session_state or (address and address != st.session_state.get(_WRITTEN)):
        if "model" not in address:
            address["model"] = default_model()
        view, notes = from_query(address)
        st.session_state[_VIEW] = view
        st.session_state[_WRITTEN] = dict(st.query_params)
        for note in notes:
            remark(f"The address was not followed in one point: {note}.")
    return st.session_state[_VIEW]


def put(view: View) -> None:
    """Make `view` the current one and write it into the address."""
    st.session_state[_VIEW] = view
    address = to_query(view)
    if address != dict(st.query_params):
        st.query_params.from_dict(address)
    st.session_state[_WRITTEN] = address


def remark(note: str) -> None:
    """Keep a plain-text note for the top of the next page that is drawn."""
    notes = st.session_state.setdefault(_NOTES, [])
    if note not in notes:
        notes.append(note)


def take_remarks() -> list[str]:
    """The notes kept so far; each is shown once."""
    notes = st.session_state.pop(_NOTES, [])
    return list(notes)
