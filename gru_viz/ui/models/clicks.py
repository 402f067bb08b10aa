"""On which clicks are the models compared: the loaded log's, or a file's of the person's own?"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.jobs.request import read_request
from gru_viz.learn.parts import Parts
from gru_viz.ui.current import Current
from gru_viz.ui.sources import SAMPLE, Source, is_shared
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.train.as_source import MARK
from gru_viz.ui.train.log import choose_own
from gru_viz.ui.train.owner import owner
from gru_viz.ui.train.service import jobs
from gru_viz.ui.train.split import HELD_OUT, parts_of, split_parts, split_words
from gru_viz.ui.view import LOG

LOADED, OWN = "loaded", "own"
HELD_OUT_OF = ", held out"  # after a log's name, as gru_viz.ui.train.as_source calls what was held out
_PICK, _PICKED, _PARTS = (f"gru_viz.models.{name}" for name in ("clicks", "clicks_kept", "parts"))


def of_the_shop(now: Current) -> bool:
    """Are model and log in view those whose results ship?"""
    return now.source.key == SAMPLE and is_shared(now.source)


def other_log(now: Current) -> str | None:
    """The name of the log that would be compared on, where it is not the shop's."""
    if now.loaded is None or of_the_shop(now):
        return None
    return now.loaded.name.removesuffix(HELD_OUT_OF) if is_its_own(now) else now.loaded.name


def is_its_own(now: Current) -> bool:
    """Was the model trained here, and are the sessions in view those that were held out of it?"""
    return now.source.key.startswith(MARK) and now.loaded is not None and now.loaded is now.source.own


def place_in_log(now: Current) -> int | None:
    """Where in the log the session in view stands, were it changed by the person; None for one of no log."""
    session = now.session.ref
    return None if now.loaded is None or session.kind != LOG else now.loaded.log.place(session.name)


def trained_on(source: Source) -> Parts:
    """Of a model that was trained here, its log as it was split there. Raises InputError where it is gone."""
    return _of_training(source, owner())


def choose_clicks(now: Current, person: str) -> Parts | None:
    """Draw the choice; what is learned from and measured on, None where there is nothing, which is said."""
    name = other_log(now)
    pick = OWN if name is None else _pick(name)
    try:
        parts = _loaded(now, person) if pick == LOADED else _own()
    except InputError as error:
        st.error(escape_markdown(str(error)))
        return None
    if parts is not None:
        st.caption(split_words(parts))
    return parts


def _pick(name: str) -> str:
    ways = {LOADED: escape_markdown(cut(name, 40)), OWN: "A file of mine"}
    st.session_state[_PICK] = st.session_state.get(_PICKED, LOADED)
    st.segmented_control(
        "On which clicks",
        list(ways),
        key=_PICK,
        format_func=lambda way: ways[way],
        on_change=lambda: st.session_state.update({_PICKED: st.session_state[_PICK]}),
        label_visibility="collapsed",
        required=True,
    )
    return str(st.session_state[_PICK])


def _own() -> Parts | None:
    chosen = choose_own()
    return None if chosen is None else _kept(chosen.fingerprint, lambda: split_parts(chosen, HELD_OUT))


def _loaded(now: Current, person: str) -> Parts:
    """Of a training made here the log it learned from, split as it was there; else the loaded log."""
    source, loaded = now.source, now.loaded
    assert loaded is not None  # or it could not have been chosen
    if is_its_own(now):
        return _kept(source.key, lambda: _of_training(source, person))
    return _kept(loaded.log.fingerprint, lambda: parts_of(loaded.log, loaded.name, HELD_OUT, {}))


def _of_training(source: Source, person: str) -> Parts:
    return read_request(jobs().status(source.key.removeprefix(MARK), person).folder).parts


def _kept(about: str, made: Callable[[], Parts]) -> Parts:
    """The last ones are kept with the person."""
    known, parts = st.session_state.get(_PARTS, (None, None))
    if known != about:
        parts = made()
        st.session_state[_PARTS] = (about, parts)
    return parts
