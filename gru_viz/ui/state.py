"""Where does the view live between two runs of a page?

Under one key that no widget owns, mirrored in the address. Whoever changes it calls
`put` or `jump`, with a value made by one of view.py's pure transitions.
"""

from __future__ import annotations

import streamlit as st

from gru_viz.ui.sources import default_model
from gru_viz.ui.view import View, from_query, to_query

_VIEW, _WRITTEN, _NOTES, _OPENED, _PAGE = (
    f"gru_viz.{name}" for name in ("view", "address", "notes", "opened", "page")
)


def get() -> View:
    """The current view; the address's where one was opened or edited by hand."""
    address = dict(st.query_params)
    if _VIEW not in st.session_state or (address and address != st.session_state.get(_WRITTEN)):
        st.session_state[_WRITTEN] = dict(address)
        st.session_state[_OPENED] = opened() + 1
        st.session_state[_VIEW], notes = from_query(address, default_model())
        for note in notes:
            remark(f"The address was not followed in one point: {note}.")
    return st.session_state[_VIEW]


def held() -> View:
    """The current view whatever the address says: for reports of a page that writes the address itself."""
    return st.session_state[_VIEW] if _VIEW in st.session_state else get()


def arrive(page: str) -> None:
    """A page is drawn: one that was reached by a link of ours, which has no parameters, gets the view's."""
    if st.session_state.get(_PAGE, page) != page and not st.query_params:
        put(get())
    st.session_state[_PAGE] = page


def opened() -> int:
    """How often this person went somewhere else; what was drawn before starts afresh."""
    return st.session_state.get(_OPENED, 0)


def jump(view: View) -> None:
    """Go to `view`: another session, model or place, where the browser must begin anew."""
    st.session_state[_OPENED] = opened() + 1
    put(view)


def put(view: View) -> None:
    """Make `view`, where the browser already is, the current one and write it into the address."""
    st.session_state[_VIEW] = view
    address = to_query(view, default_model())
    if address != dict(st.query_params):
        st.query_params.from_dict(address)
    st.session_state[_WRITTEN] = address


def settle(view: View) -> None:
    """Fill in what the address leaves open; the address stays, so that Back is not led back here."""
    st.session_state[_VIEW] = view


def hold(view: View) -> None:
    """Make `view` the current one where the browser has written its address already.

    Of what a component writes there Streamlit does not always learn; so what it takes for the
    address now is the one that goes with the view.
    """
    st.session_state[_VIEW] = view
    st.session_state[_WRITTEN] = dict(st.query_params)


def remark(note: str) -> None:
    """Keep a plain-text note for the top of the next page that is drawn."""
    notes = st.session_state.setdefault(_NOTES, [])
    if note not in notes:
        notes.append(note)


def take_remarks() -> list[str]:
    """The notes kept so far; each is shown once."""
    notes = st.session_state.pop(_NOTES, [])
    return list(notes)
