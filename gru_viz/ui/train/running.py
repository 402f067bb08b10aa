"""What does a training do now, and how good has it become?"""

from __future__ import annotations

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.jobs import JobStatus
from gru_viz.ui import state
from gru_viz.ui.said import said
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.asked import asked
from gru_viz.ui.train.curves import curves
from gru_viz.ui.train.service import jobs, settings_of
from gru_viz.ui.train.words import alarm, sentence, share_done, standing, status_words

EVERY = 1.0  # seconds between two looks


def running(run: JobStatus, person: str) -> None:
    """The training as it goes on, looked at every second; the rest of the page stays as it is."""
    st.fragment(_look, run_every=EVERY)(run.id, person)


def _look(job: str, person: str) -> None:
    try:
        run = jobs().status(job, person)
    except InputError:  # removed in another tab
        st.rerun()
    if not run.active:
        st.rerun()
    training = settings_of(run)
    st.progress(share_done(run, training.epochs), escape_markdown(status_words(run, training.epochs)))
    said(standing(run.epochs[-1] if run.epochs else None, run.baselines), kind="lead")
    _warn(run)
    asked(run)
    if run.epochs:
        curves(run, training)


def _warn(run: JobStatus) -> None:
    """The box's place is there even when it is empty, so that the charts below it stay."""
    warning = alarm(run.epochs, run.progress)
    with st.container():
        if warning:
            st.warning(escape_markdown(warning))


def cancel(job: str, person: str) -> None:
    """A button that asks first."""
    with st.popover("Cancel …"):
        st.caption("The finished epochs are kept: look at them, use them, or go on from them later.")
        st.button("Cancel this training", on_click=lambda: _cancelled(job, person))


def _cancelled(job: str, person: str) -> None:
    try:
        jobs().cancel(job, person)
    except InputError as error:
        state.remark(sentence(error))
