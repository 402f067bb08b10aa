"""The editor on a page: what it is given, and what its reports change."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.trace import Trace
from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.editor import editor
from gru_viz.ui.editor.payload import payload
from gru_viz.ui.editor.scene import Scene, items_of, scene, scene_sentence
from gru_viz.ui.frame import remarks
from gru_viz.ui.said import said
from gru_viz.ui.session_view import trace_key
from gru_viz.ui.variants import differing, fitted
from gru_viz.ui.view import View
from gru_viz.ui.what_if.acting import Setting, acted
from gru_viz.ui.what_if.asking import ask, asking, search, stop_asking
from gru_viz.ui.what_if.demonstration import watching
from gru_viz.ui.what_if.history import keep, kept, undone
from gru_viz.ui.what_if.leaving import leaving
from gru_viz.ui.what_if.questions import questions
from gru_viz.ui.what_if.units import mattering

KEY = "gru_viz.editor"
_HEARD = "gru_viz.what_if.heard"
# Of an event: what they count or name may have changed since the picture that it was made on.
_PLACES = {"click", "first", "place", "number"}
_GONE = "What you did came late and was left out: the clicks it was meant for may have changed. Do it again."


@st.fragment
def editing(now: Current, session: Trace) -> None:
    """All of the page that an edit changes; an edit runs nothing else again."""
    held = state.get()
    if (held.session, held.model, state.opened()) != (now.view.session, now.view.model, now.opened):
        st.rerun()
    config = now.source.model.config
    view, notes = fitted(held, session.catalog, config.units, len(session), config.cell)
    if view != held:
        state.put(view)
    remarks([*state.take_remarks(), *notes])
    watching(view, now.stories)
    recorded = scene(view, session, now.source.record)
    said(scene_sentence(recorded), kind="lead")
    search(now, recorded, lambda event: _do(now, recorded, event))  # above the editor, near its cards
    _editor(now, recorded, view)
    leaving(now, recorded, view)
    questions(now, recorded, view)


def _editor(now: Current, recorded: Scene, view: View) -> None:
    layer = now.view.layer
    assert layer is not None
    editor(
        {
            "place": trace_key(now.source.digest, now.session.items, layer, now.opened),
            "start": min(now.step, len(recorded.variant) - 1),
            "heard": st.session_state.get(_HEARD, 0),
            "asking": asking(),
            "undo": kept(state.held()),
            "picture": payload(recorded, layer, "keeps" if view.keeps else "writes", view.differ or "h"),
        },
        key=KEY,
        on_did=lambda: _did(now, recorded),
    )


def _did(now: Current, recorded: Scene) -> None:
    event = st.session_state[KEY].get("did")
    if not isinstance(event, dict):
        return
    heard = st.session_state.get(_HEARD, 0)
    if isinstance(event.get("n"), int):
        st.session_state[_HEARD] = event["n"]
    if _PLACES & event.keys() and event.get("seen", heard) != heard:
        state.remark(_GONE)
        return
    _do(now, recorded, event)


def _do(now: Current, recorded: Scene, event: dict[str, Any]) -> None:
    what = event.get("do")
    if what == "ask":
        ask(event)
    elif what == "undo":
        stop_asking()
        state.put(undone(state.held()))
    elif what == "differ":
        state.put(differing(state.held(), event.get("quantity")))
    else:
        stop_asking()
        _take(_after(now, recorded, event))


def _after(now: Current, recorded: Scene, event: dict[str, Any]) -> View:
    view, session, config = state.held(), recorded.traces[0], now.source.model.config
    setting = Setting(
        items_of(session),
        session.catalog,
        config.cell,
        config.units,
        lambda layer, most: mattering(now, recorded, view, layer, most),
    )
    try:
        after = acted(view, setting, event)
    except InputError as error:
        text = str(error)
        state.remark(f"{text[:1].upper()}{text[1:]}.")
        return view
    if event.get("action") == "swap" and after == view:
        state.remark("Both clicks are on the same item: swapping them changes nothing.")
    if event.get("do") == "edit" and _forced(after) != _forced(view):
        state.remark("What was forced at clicks that are no longer there was taken away.")
    return after


def _forced(view: View) -> str:
    return view.variants[view.shown - 1].forced if view.shown else ""


def _take(view: View) -> None:
    keep(state.held(), view)
    state.put(view)
