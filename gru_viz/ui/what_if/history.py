"""Which variants were there before the last change? Kept with the person, not in the link."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.ui.view import SessionRef, Variant, View

KEPT = 50  # changes that can be taken back
_HISTORY = "gru_viz.what_if.history"

Before = tuple[tuple[str, SessionRef], tuple[Variant, ...], int, int, int | None]


def keep(before: View, after: View) -> None:
    """Remember `before` where the variants are others after it."""
    if before.variants != after.variants:
        remembered = (_session(before), before.variants, before.shown, before.pinned, before.at)
        st.session_state[_HISTORY] = [*_history()[-(KEPT - 1) :], remembered]


def kept(view: View) -> bool:
    """Is there something of this session to take back?"""
    return bool(_history()) and _history()[-1][0] == _session(view)


def undone(view: View) -> View:
    """The view with the variants as they were before the last change."""
    if not kept(view):
        return view
    *st.session_state[_HISTORY], (_, variants, shown, pinned, at) = _history()
    return replace(view, variants=variants, shown=shown, pinned=pinned, at=at)


def _history() -> list[Before]:
    history: list[Before] = st.session_state.get(_HISTORY, [])
    return history


def _session(view: View) -> tuple[str, SessionRef]:
    return view.model, view.session
