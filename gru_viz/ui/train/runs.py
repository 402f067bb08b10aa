"""Which training does the page show: the newest, another one, or a new one that is set up?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.words import plural
from gru_viz.jobs import JobStatus
from gru_viz.ui import state
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.train.asked import asked_of, called
from gru_viz.ui.train.service import active_kind, jobs, own_jobs
from gru_viz.ui.train.words import NOT_HERE, going_words

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
        state.remark(NOT_HERE)
        state.put(replace(state.get(), job=None, epoch=None))
        asked = None
    shown = next(iter(mine), NEW) if asked is None else asked
    if mine:
        labels = run_labels(tuple(mine.values()), _now())
        st.session_state[_CHOICE] = shown
        st.selectbox(
            "Training",
            [NEW, *mine],
            key=_CHOICE,
            format_func=lambda run: labels.get(run, "A new training"),
            on_change=lambda: show_run(st.session_state[_CHOICE]),
            label_visibility="collapsed",
            width=420,
        )
    return mine.get(shown)


def show_run(run: str) -> None:
    """Go to another training, or to a new one."""
    state.put(replace(state.held(), job=run, epoch=None))


def run_labels(runs: Sequence[JobStatus], now: datetime) -> dict[str, str]:
    """What each is called, plain text, by id; where two began in one minute and are alike, to the second.

    now: with the person's time zone
    """
    labels = {run.id: _label(run, now, "%H:%M") for run in runs}
    times = Counter(labels.values())
    return {
        run.id: labels[run.id] if times[labels[run.id]] == 1 else _label(run, now, "%H:%M:%S") for run in runs
    }


def _label(run: JobStatus, now: datetime, clock: str) -> str:
    """The log's name, when it began, the preset, and how the training stands."""
    began = datetime.fromtimestamp(run.started, now.tzinfo)
    day = "" if began.date() == now.date() else f"{began.day} {began:%b} "
    known = asked_of(run)
    counted = f", {plural(len(run.epochs), 'epoch')}"
    epochs = counted if run.epochs and not run.active else ""  # the choice is not drawn anew each second
    how = [] if known is None else [called(known)]
    return " · ".join([cut(run.name, 24), f"{day}{began:{clock}}", *how, f"{_STATES[run.state]}{epochs}"])


def _now() -> datetime:
    """Where the person is, as far as the browser tells."""
    zone: tzinfo = UTC
    with suppress(ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo(st.context.timezone or "UTC")
    return datetime.now(zone)


def making_room(person: str) -> None:
    """Say which of the person's jobs a Start would remove, where it would remove any."""
    if active_kind(person) is not None:
        return
    try:
        going = jobs().making_room(person)
    except InputError:  # said where the person's jobs are read
        return
    if not going:
        return
    mine = {run.id: run for run in own_jobs(person)}
    labels = run_labels(tuple(mine.values()), _now())
    for job in going:
        run = mine.get(job.folder.name)
        label = f"the comparison of {cut(job.name, 24)}" if run is None else f"“{labels[run.id]}”"
        st.caption(escape_markdown(going_words(label, run is not None and run.kept > 0)))
