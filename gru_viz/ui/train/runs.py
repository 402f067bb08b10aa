"""Which training does the page show: the newest, another one, or a new one that is set up?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.explain.words import plural
from gru_viz.jobs import JobStatus
from gru_viz.ui import state
from gru_viz.ui.text import cut
from gru_viz.ui.train.service import own_jobs

NEW = "new"
_CHOICE = "gru_viz.train.run"
_STATES = {
    "waiting": "in training",
    "starting": "in training",
    "running": "in training",
    "finished": "trained",
    "cancelled": "cancelled",
    "failed": "failed",
    "lost": "stopped",
}


def choose_run(person: str) -> JobStatus | None:
    """Draw the choice, where there is one; the training to show, None for a new one."""
    mine = {run.id: run for run in own_jobs(person)}
    asked = state.get().job
    if asked not in (None, NEW, *mine):
        state.remark(
            "The training that the address names is not here: it was removed, or it is another browser's."
        )
        state.put(replace(state.get(), job=None, epoch=None))
        asked = None
    shown = next(iter(mine), NEW) if asked is None else asked
    if mine:
        st.session_state[_CHOICE] = shown
        st.selectbox(
            "Training",
            [NEW, *mine],
            key=_CHOICE,
            format_func=lambda run: "A new training" if run == NEW else run_label(mine[run]),
            on_change=lambda: show_run(st.session_state[_CHOICE]),
            label_visibility="collapsed",
            width=320,
        )
    return mine.get(shown)


def show_run(run: str) -> None:
    """Go to another training, or to a new one."""
    state.put(replace(state.held(), job=run, epoch=None))


def run_label(run: JobStatus) -> str:
    """The log's name and how the training stands, plain text."""
    counted = f" · {plural(len(run.epochs), 'epoch')}"
    epochs = counted if run.epochs and not run.active else ""  # the choice is not drawn anew each second
    return f"{cut(run.name, 28)} · {_STATES[run.state]}{epochs}"
