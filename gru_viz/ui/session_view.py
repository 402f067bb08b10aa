"""The stepper on a page: what it is given, and what its reports change."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import streamlit as st

from gru_viz.trace import Trace
from gru_viz.ui import state, view
from gru_viz.ui.current import Current
from gru_viz.ui.sources import Source, default_model
from gru_viz.ui.stepper import stepper
from gru_viz.ui.stepper.payload import payload

KEY = "gru_viz.stepper"
_START, _SENT = "gru_viz.stepper_start", "gru_viz.stepper_sent"


def session_view(now: Current, trace: Trace) -> None:
    """Draw the stepper for this trace."""
    begin(now.view)
    _stepping(now, trace)


def begin(shown: view.View) -> None:
    """Where a browser that mounts the stepper now begins; one that has it already stays where it is."""
    st.session_state[_START] = {
        "step": shown.step,
        "unit": shown.unit,
        "keeps": shown.keeps,
        "sort": shown.sort,
    }


@st.fragment
def _stepping(now: Current, trace: Trace) -> None:
    """A reported step reruns only this; what is sent stays the same, and so travels as a hash alone."""
    stepping(now, trace)


def stepping(now: Current, trace: Trace) -> None:
    """The stepper in a fragment of the caller's own, which every report reruns."""
    if _needs_the_page(now):
        st.rerun()
    layer = now.view.layer
    assert layer is not None
    clicks = now.session.items
    key = trace_key(now.source.digest, clicks, layer, now.opened)
    stepper(
        {
            "key": key,
            "address": view.to_query(_without_own(state.held()), default_model()),
            "start": st.session_state[_START],
            "trace": _payload(key, now.source, trace, layer),
            "edits": edits(now),
            "switch": "z" in trace.layers[layer].gates,
        },
        key=KEY,
        on_view=lambda: looked(KEY, key),
        on_append=lambda: _appended(len(clicks)),
        on_undo=lambda: state.jump(view.undo(state.held(), len(clicks))),
        on_reset=lambda: state.jump(view.reset(state.held(), len(clicks))),
    )


def _needs_the_page(now: Current) -> bool:
    """Does what was reported change more than this fragment shows?"""
    held = state.get()
    top = len(now.source.model.config.units) - 1
    layer = top if held.layer is None else held.layer
    return (held.keeps, layer, state.opened()) != (now.view.keeps, now.view.layer, now.opened)


def trace_key(digest: str, clicks: tuple[int, ...], layer: int, opened: int) -> str:
    """Short name of one trace's layer in one place the person went to; a start counts only with a new one."""
    return hashlib.sha256(repr((digest, clicks, layer, opened)).encode()).hexdigest()[:16]


def _without_own(held: view.View) -> view.View:
    """The view without what the stepper itself writes into the address."""
    return replace(held, step=None, unit=None, keeps=False, sort=view.SORTS[0])


def _payload(key: str, source: Source, trace: Trace, layer: int) -> dict[str, Any]:
    """The payload of this trace; the last one of each person is kept, and goes when the person goes."""
    kept_key, kept = st.session_state.get(_SENT, (None, {}))
    if kept_key == key:
        return kept
    made = payload(trace, source.weights, layer, source.pushes)
    st.session_state[_SENT] = (key, made)
    return made


def edits(now: Current) -> dict[str, Any]:
    """How many of the clicks are the session's own, how many the person's."""
    clicks, added = len(now.session.items), len(now.view.session.added)
    return {
        "own": clicks - added,
        "added": added,
        "set_aside": now.session.set_aside,
        "nothing": now.view.session.kind == view.NOTHING,
    }


def looked(component: str, key: str) -> None:
    """Take over what a mounted component reports of the trace called `key`.

    It has written the address, too, but for the layer. To write it here once more would undo a
    Back that was pressed meanwhile.
    """
    reported = st.session_state[component].get("view")
    # a report that was under way when another trace came speaks of the old one
    if not isinstance(reported, dict) or reported.get("key") != key:
        return
    held = state.held()
    seen = view.look(held, reported)
    (state.put if seen.layer != held.layer else state.hold)(seen)


def _appended(clicks: int) -> None:
    event = st.session_state[KEY].get("append")
    if not isinstance(event, dict):
        return
    item_id, step = event.get("item_id"), event.get("step")
    if not (isinstance(item_id, str) and isinstance(step, int) and 1 <= step <= clicks):
        return
    if step >= view.LONGEST_SESSION:
        state.remark(f"A session here has at most {view.LONGEST_SESSION} clicks.")
        return
    state.jump(view.append(state.held(), item_id, step, clicks))
