"""What is on the page now: which session of which log, and what could not be as asked?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import streamlit as st

from gru_viz.data.shop import Scenario
from gru_viz.errors import InputError
from gru_viz.ui import resolve, state
from gru_viz.ui.sources import LoadedLog, Source, sessions_of
from gru_viz.ui.stories import stories
from gru_viz.ui.view import View, choose_session


@dataclass(frozen=True, eq=False)
class Current:
    """The view, fitted to what is loaded, its layer filled in.

    session: its clicks, possibly none yet
    notes:   plain texts for the person, what could not be done as asked
    opened:  which of the addresses this person opened it belongs to
    """

    source: Source
    view: View
    session: resolve.Resolved
    stories: dict[str, Scenario]
    loaded: LoadedLog | None
    notes: tuple[str, ...]
    opened: int


def current(source: Source) -> Current:
    """What this page shows. Where the view names a session that is not here, another one, said so."""
    notes = state.take_remarks()
    told = stories(source)
    loaded = None
    try:
        loaded = sessions_of(source)
    except InputError as error:
        notes.append(str(error))

    def find(session_id: str) -> Iterable[int] | None:
        return None if loaded is None else loaded.log.find(session_id)

    view = state.get()
    if not resolve.exists(view.session, told, find):
        if "session" in st.query_params:
            notes.append("What the address names is not here; this is another session.")
        view = choose_session(view, resolve.first_session(told, None if loaded is None else loaded.log))
        state.jump(view)
    session = resolve.resolve(view.session, source.model.catalog, told, find)
    held, fitting = resolve.fitted(
        replace(view, session=session.ref), len(session.items), source.model.config.units
    )
    held, unknown = resolve.known_items(held, source.model.catalog)
    if held != view:
        state.jump(held)
    top = len(source.model.config.units) - 1
    shown = replace(held, layer=top if held.layer is None else held.layer)
    notes += [*session.notes, *fitting, *unknown]
    return Current(source, shown, session, told, loaded, tuple(notes), state.opened())
