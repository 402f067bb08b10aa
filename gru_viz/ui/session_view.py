"""The stepper on a page: what it is given, and what its reports change."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from gru_viz.trace import Trace
from gru_viz.ui import state, view
from gru_viz.ui.current import Current
from gru_viz.ui.sources import Source
from gru_viz.ui.stepper import stepper
from gru_viz.ui.stepper.payload import payload
from gru_viz.ui.view import View

KEY = "gru_viz.stepper"
# What the browser itself writes into the address, at its defaults.
BEGINNING = {"step": 1, "unit": None, "keeps": False, "sort": view.SORTS[0]}
_ENTRY = "gru_viz.stepper_entry"


@st.fragment
def session_view(now: Current, trace: Trace) -> None:
    """Draw the stepper for this trace. A reported step reruns only this fragment."""
    if _needs_the_page(now):
        st.rerun()
    layer = now.view.layer
    assert layer is not None
    digest = now.source.digest
    clicks = now.session.items
    session = now.view.session
    key = trace_key(digest, clicks, layer, now.opened)
    data = {
        "key": key,
        "address": view.to_query(view.look(state.held(), BEGINNING)),
        "start": _start(key, now.view),
        "trace": _payload(now.source, trace, digest, clicks, layer),
        "edits": {"added": len(session.added), "edited": session.edited},
    }
    stepper(
        data,
        key=KEY,
        on_view=lambda: _looked(key),
        on_append=lambda: _appended(len(clicks)),
        on_undo=lambda: state.put(view.undo(state.held(), len(clicks))),
        on_reset=lambda: state.put(view.reset(state.held(), len(clicks))),
        on_address=state.follow,
    )


def _needs_the_page(now: Current) -> bool:
    """Does what was reported change more than this fragment shows?"""
    held, drawn = state.get(), now.view
    layer = drawn.layer if held.layer is None else held.layer
    asked = (held.session, held.keeps, layer, state.opened())
    return asked != (drawn.session, drawn.keeps, drawn.layer, now.opened)


def trace_key(digest: str, clicks: tuple[int, ...], layer: int, opened: int) -> str:
    """Short name of one trace's layer in one opened address; only with a new one does a start count."""
    return hashlib.sha256(repr((digest, clicks, layer, opened)).encode()).hexdigest()[:16]


def _start(key: str, current: View) -> dict[str, Any]:
    """Where the browser begins. The same for as long as the trace is the same.

    Unchanged data travels as a hash alone; a start that followed every step would send
    the whole trace each time.
    """
    kept_key, kept = st.session_state.get(_ENTRY, (None, None))
    here = {"step": current.step, "unit": current.unit, "keeps": current.keeps, "sort": current.sort}
    if kept_key != key:
        st.session_state[_ENTRY] = (key, here)
        return here
    return kept


@st.cache_data(max_entries=64, show_spinner=False)
def _payload(
    _source: Source, _trace: Trace, digest: str, clicks: tuple[int, ...], layer: int
) -> dict[str, Any]:
    del digest, clicks  # they are the cache's key
    return payload(_trace, _source.weights, layer)


def _looked(key: str) -> None:
    reported = st.session_state[KEY].get("view")
    # a report that was under way when another trace came speaks of the old one
    if isinstance(reported, dict) and reported.get("key") == key:
        state.put(view.look(state.held(), reported))


def _appended(clicks: int) -> None:
    event = st.session_state[KEY].get("append")
    if not isinstance(event, dict):
        return
    item_id, step = event.get("item_id"), event.get("step")
    if isinstance(item_id, str) and isinstance(step, int) and 1 <= step <= clicks:
        state.put(view.append(state.held(), item_id, step, clicks))
