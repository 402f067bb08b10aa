"""Which session should be stepped through? A story, one from the log, or one from nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import numpy as np
import streamlit as st

from gru_viz.catalog import Catalog
from gru_viz.data.shop import Scenario
from gru_viz.sessions import ClickLog
from gru_viz.ui import state
from gru_viz.ui.current import Current
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.view import LOG, NOTHING, STORY, SessionRef, choose_session

MATCHES = 50  # items or sessions listed for a search; more would not be read
_OPEN, _STORY, _SESSION, _FIND, _ITEM, _FIRST = (
    f"gru_viz.chooser.{name}" for name in ("open", "story", "session", "find", "item", "first")
)


def chooser(now: Current) -> None:
    """A button with the session's name that opens the three ways to choose another."""
    ways: dict[str, Callable[[], None]] = {}
    if now.stories:
        ways["Stories"] = lambda: _stories(now.stories)
    loaded = now.loaded
    if loaded is not None:
        ways["The log"] = lambda: _log(loaded.log)
    ways["One item"] = lambda: _from_one_item(now.source.model.catalog)
    with st.popover(escape_markdown(cut(now.session.title, 52)), key=_OPEN, on_change="rerun"):
        for way, tab in zip(ways.values(), st.tabs(list(ways)), strict=True):
            with tab:
                way()


def _stories(stories: dict[str, Scenario]) -> None:
    session = state.get().session
    keys = list(stories)
    st.session_state[_STORY] = session.name if session.kind == STORY and session.name in stories else None
    st.radio(
        "Story",
        keys,
        key=_STORY,
        format_func=lambda key: escape_markdown(stories[key].name),
        captions=[escape_markdown(stories[key].story) for key in keys],
        label_visibility="collapsed",
        on_change=lambda: _choose(STORY, st.session_state[_STORY]),
    )


def _choose(kind: str, name: str | None) -> None:
    if name is not None:
        _go(SessionRef(kind, name))


def _go(session: SessionRef) -> None:
    """Show this session, and close the chooser: the next arrow key is for the stepper."""
    state.jump(choose_session(state.get(), session))
    st.session_state[_OPEN] = False


def _log(log: ClickLog) -> None:
    st.text_input("Find sessions by id or item", key=_FIND, placeholder="an id, or words of an item's title")
    found = matching_sessions(log, st.session_state.get(_FIND) or "")
    st.selectbox(
        "Session",
        found,
        index=None,
        key=_SESSION,
        format_func=lambda number: session_label(log, number, st.session_state.get(_FIND) or ""),
        placeholder=_listed(len(found), len(log), "session", st.session_state.get(_FIND)),
        disabled=not found,
        on_change=lambda: _chosen_from(log),
    )
    st.button(
        "Any session",
        on_click=lambda: _any(log),
        help="A session drawn at random, of three clicks or more where there is one",
    )


def _any(log: ClickLog) -> None:
    long = np.flatnonzero(log.lengths >= min(3, log.lengths.max()))
    _choose(LOG, log.session_ids[secrets.choice(long)])


def _chosen_from(log: ClickLog) -> None:
    number = st.session_state[_SESSION]
    if number is not None:
        _choose(LOG, log.session_ids[number])


def matching_sessions(log: ClickLog, text: str) -> list[int]:
    """Up to MATCHES sessions: the one with that id first, then those with a click on a matching item."""
    if not text.strip():
        return list(range(min(MATCHES, len(log))))
    place = log.place(text.strip())
    by_id = [] if place is None else [place]
    items = log.catalog.search(text, limit=len(log.catalog))
    return [*by_id, *(s for s in log.sessions_with(items, MATCHES) if s not in by_id)][:MATCHES]


def _listed(found: int, of: int, what: str, text: str | None) -> str:
    """What a list of matches says before one is chosen."""
    if found == 0:
        return f"no {what} matches"
    if text:
        return f"the first {MATCHES} that match" if found == MATCHES else f"{found} that match"
    return f"the first {found} of {of:,} {what}s" if found < of else f"{of:,} {what}s"


def session_label(log: ClickLog, number: int, text: str = "") -> str:
    """Id, length and titles of a session, plain text: the first ones, and the first that `text` found."""
    session = log[number]
    titles = [cut(log.catalog.titles[i], 22) for i in session.items]
    found = set(log.catalog.search(text, limit=len(log.catalog))) if text.strip() else set()
    match = next((t for t, item in enumerate(session.items.tolist()) if item in found), 0)
    start = titles[:3] if match < 3 else [*titles[:1], "…", titles[match]]
    more = ["…"] if max(match + 1, 3) < len(titles) else []
    return f"{session.session_id} · {len(session)} clicks · {' → '.join([*start, *more])}"


def _from_one_item(catalog: Catalog) -> None:
    st.text_input("Search the catalogue", key=_ITEM, placeholder="words of a title, a department or an id")
    found = catalog.search(st.session_state.get(_ITEM) or "", MATCHES)
    st.selectbox(
        "First click",
        found,
        index=None,
        key=_FIRST,
        format_func=lambda item: cut(catalog.titles[item], 60),
        placeholder=_listed(len(found), len(catalog), "item", st.session_state.get(_ITEM)),
        disabled=not found,
        on_change=lambda: _start_with(catalog),
    )
    st.caption("Then choose from the recommendations to go on shopping.")


def _start_with(catalog: Catalog) -> None:
    item = st.session_state[_FIRST]
    if item is not None:
        _go(SessionRef(NOTHING, "", None, (catalog.ids[item],)))
