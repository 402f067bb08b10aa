"""What does a comparison do now, and which model is first so far?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.compare.words import lead
from gru_viz.errors import InputError
from gru_viz.jobs import ComparisonStatus
from gru_viz.ui import state
from gru_viz.ui.models.leaderboard import leaderboard
from gru_viz.ui.models.service import Own, Shown, comparisons, found
from gru_viz.ui.models.words import status_words
from gru_viz.ui.said import said
from gru_viz.ui.text import escape_markdown

EVERY = 1.0  # seconds between two looks


def running(own: Own) -> None:
    """The comparison as it goes on, looked at every second; the rest of the page stays as it is."""
    st.fragment(_look, run_every=EVERY)(own.run.id, own.person)


def _look(job: str, person: str) -> None:
    try:
        run = comparisons().status(job, person)
    except InputError:  # removed in another tab
        st.rerun()
    if not run.active:
        st.rerun()
    st.progress(0.0 if run.at is None else min(run.at.done, 1.0), escape_markdown(status_words(run)))
    so_far = _so_far(run)
    if so_far is None:
        st.caption("Each model stands here as soon as it is measured.")
        return
    said(lead(so_far.comparison), kind="lead")
    leaderboard(so_far)


def _so_far(run: ComparisonStatus) -> Shown | None:
    """What is measured; None before the first model, or where it cannot be read, which is said in the end."""
    try:
        so_far = found(run)
    except InputError:
        return None
    # not stopped, as a file that is incomplete was
    return None if so_far is None else replace(so_far, comparison=so_far.comparison.finished())


def cancel(own: Own) -> None:
    """A button that asks first."""
    with st.popover("Cancel …"):
        st.caption("The finished models are kept. It cannot go on later, only start again.")
        st.button("Cancel this comparison", on_click=lambda: _cancelled(own))


def _cancelled(own: Own) -> None:
    try:
        comparisons().cancel(own.run.id, own.person)
    except InputError as error:
        state.remark(str(error))
