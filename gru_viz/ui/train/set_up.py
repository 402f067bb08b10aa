"""How is a new training set up: log, what is held out, how, and how long it will take?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.jobs import JobRequest
from gru_viz.ui import state
from gru_viz.ui.train.estimate import measure
from gru_viz.ui.train.how import How, choose_how
from gru_viz.ui.train.log import choose_log
from gru_viz.ui.train.service import active_kind, jobs
from gru_viz.ui.train.split import Prepared, choose_split
from gru_viz.ui.train.words import busy_words, kept_words

_WANTED = "gru_viz.train.wanted"


def set_up(person: str, notes: Sequence[str]) -> None:
    """Draw the steps, each once the one before it is done.

    notes: what the page remarks now, to be remarked once more where it is drawn again
    """
    asked = _steps()
    if st.session_state.pop(_WANTED, False) and asked is not None:
        _start(asked, person)
        _draw_again(notes)
    if asked is None:
        return
    prepared, how = asked
    busy = active_kind(person)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Start training", type="primary", disabled=busy is not None, on_click=_want)
        said = kept_words("the training") if busy is None else busy_words(busy)
        st.caption(said, width="content")
    if measure(prepared, how.told):
        _draw_again(notes)


def _steps() -> tuple[Prepared, How] | None:
    """What is learned from and how; None where that is not settled, which is said."""
    st.subheader("Which clicks", anchor=False)
    chosen = choose_log()
    if chosen is None:
        return None
    prepared = choose_split(chosen)
    if prepared is None:
        return None
    st.subheader("How well", anchor=False)
    how = choose_how(prepared)
    return None if how is None else (prepared, how)


def _want() -> None:
    """The training starts where the steps are drawn: the click may come right after another in a field."""
    st.session_state[_WANTED] = True


def _start(asked: tuple[Prepared, How], person: str) -> None:
    prepared, how = asked
    try:
        run = jobs().submit(JobRequest(prepared.parts, *how.settings), person)
    except InputError as error:
        state.remark(str(error))
        return
    state.put(replace(state.held(), job=run, epoch=None))


def _draw_again(notes: Sequence[str]) -> NoReturn:
    for note in notes:
        state.remark(note)
    st.rerun()
