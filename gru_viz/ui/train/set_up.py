"""How is a new training set up: log, what is held out, how, and how long it will take?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.jobs import JobRequest
from gru_viz.ui import state
from gru_viz.ui.train.estimate import measure
from gru_viz.ui.train.how import choose_how
from gru_viz.ui.train.log import choose_log
from gru_viz.ui.train.service import active_kind, jobs
from gru_viz.ui.train.split import choose_split
from gru_viz.ui.train.words import busy_words, kept_words


def set_up(person: str, notes: Sequence[str]) -> None:
    """Draw the steps, each once the one before it is done.

    notes: what the page remarks now, to be remarked once more where it is drawn again
    """
    st.subheader("Which clicks", anchor=False)
    chosen = choose_log()
    if chosen is None:
        st.caption("Choose a file of clicks to go on.")
        return
    prepared = choose_split(chosen)
    if prepared is None:
        return
    st.subheader("How well", anchor=False)
    how = choose_how(prepared)
    if how is None:
        return
    request = JobRequest(prepared.parts, *how.settings)
    busy = active_kind(person)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Start training",
            type="primary",
            disabled=busy is not None,
            on_click=lambda: _start(request, person),
        )
        if busy is not None:
            st.caption(busy_words(busy), width="content")
        else:
            st.caption(kept_words("the training"), width="content")
    if measure(prepared, how.told):
        for note in notes:
            state.remark(note)
        st.rerun()


def _start(request: JobRequest, person: str) -> None:
    try:
        run = jobs().submit(request, person)
    except InputError as error:
        state.remark(str(error))
        return
    state.put(replace(state.held(), job=run, epoch=None))
