"""The stepper on a page: what it is given, and what its reports change."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from gru_viz.trace import Trace
from gru_viz.ui import state, view
from gru_viz.ui.sources import Source
from gru_viz.ui.stepper import stepper
from gru_viz.ui.stepper.payload import payload
from gru_viz.ui.view import View

KEY = "gru_viz.stepper"
_ENTRY = "gru_viz.stepper_entry"


@st.fragment
def session_view(source: Source, trace: Trace, current: View) -> None:
    """Draw the stepper for this trace. A reported step reruns only this fragment."""
    assert current.layer is not None
    if _needs_the_page(state.get(), current):
        st.rerun()
    clicks = tuple(int(i) for i in trace.items)
    key = trace_key(source.digest, clicks, current.layer)
    session = current.session
    data = {
        "key": key,
        "start": _start(key, current),
        "trace": _payload(source, trace, source.digest, clicks, current.layer),
        "edits": {"added": len(session.added), "edited": session.edited},
    }
    stepper(
        data,
        key=KEY,
        on_view=lambda: _looked(key),
        on_append=lambda: _appended(len(clicks)),
        on_undo=lambda: state.put(view.undo(state.get(), len(clicks))),
        on_reset=lambda: state.put(view.reset(state.get(), len(clicks))),
    )


def _needs_the_page(now: View, drawn: View) -> bool:
    """Does what was reported change more than this fragment shows?"""
    layer = drawn.layer if now.layer is None else now.layer
    return (now.session, now.keeps, layer) != (drawn.session, drawn.keeps, drawn.layer)


def trace_key(digest: str, clicks: tuple[int, ...], layer: int) -> str:
    """Short name of one trace's layer; the browser adopts a start only with a new one."""
    return hashlib.sha256(repr((digest, clicks, layer)).encode()).hexdigest()[:16]


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
        state.put(view.look(state.get(), reported))


def _appended(clicks: int) -> None:
    event = st.session_state[KEY].get("append")
    if not isinstance(event, dict):
        return
    item_id, step = event.get("item_id"), event.get("step")
    if isinstance(item_id, str) and isinstance(step, int) and 1 <= step <= clicks:
        state.put(view.append(state.get(), item_id, step, clicks))
