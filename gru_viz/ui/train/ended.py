"""What came of a training: how good is it, and where can one look at it?"""

from __future__ import annotations

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.jobs import JobStatus
from gru_viz.ui import state
from gru_viz.ui.navigation import PAGES
from gru_viz.ui.resolve import first_session
from gru_viz.ui.said import said
from gru_viz.ui.stories import stories
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.as_source import load_run
from gru_viz.ui.train.asked import asked, asked_of
from gru_viz.ui.train.beside import beside_baselines
from gru_viz.ui.train.curves import curves
from gru_viz.ui.train.replay import offer_replay, replay
from gru_viz.ui.train.runs import NEW, show_run
from gru_viz.ui.train.saved_as import file_name
from gru_viz.ui.train.service import jobs, settings_of
from gru_viz.ui.train.words import alarm, ended_words, sentence, verdict
from gru_viz.ui.view import choose_model

ELSEWHERE = {"step": "Step", "memory": "Memory", "what_if": "What if"}


def ended(run: JobStatus, person: str) -> None:
    """The verdict, the ways on, the replay, how it was trained, and what else can be done."""
    if run.state != "finished":
        (st.info if run.state == "cancelled" else st.error)(escape_markdown(ended_words(run)))
    if run.kept:
        said(verdict(run.epochs[run.kept - 1], run.baselines, run.state == "finished"), kind="lead")
    _ways_on(run, person)
    warning = alarm(run.epochs)
    if warning:
        st.warning(escape_markdown(warning))
    replaying = run.kept > 0 and replay(run)
    with st.expander("How it was trained") if replaying else st.container():
        asked(run)
        if run.epochs:
            curves(run, settings_of(run))
    if run.kept:
        beside_baselines(run)
    _afterwards(run, person)


def _ways_on(run: JobStatus, person: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if run.resumable:
            go_on = f"Continue from epoch {len(run.epochs)}" if run.epochs else "Start it again"
            st.button(go_on, type="primary", on_click=lambda: _resume(run.id, person))
        if run.kept:
            offer_replay(run)
            _download(run)
            # of one piece: on a narrow page the words stay with their buttons
            with st.container(horizontal=True, vertical_alignment="center", width="content", wrap=False):
                st.caption("Open it in", width="content")
                for page, label in ELSEWHERE.items():
                    if st.button(label, key=f"gru_viz.train.open.{page}"):
                        _open(run, page)


def _afterwards(run: JobStatus, person: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Train another", on_click=lambda: show_run(NEW))
        with st.popover("Remove …"):
            st.caption("Deletes this training with all its epochs, for good.")
            st.button("Remove it", on_click=lambda: _remove(run.id, person))


def _resume(job: str, person: str) -> None:
    try:
        jobs().resume(job, person)
    except InputError as error:
        state.remark(sentence(error))


def _remove(job: str, person: str) -> None:
    try:
        jobs().remove(job, person)
    except InputError as error:
        state.remark(sentence(error))
    show_run(NEW)


def _open(run: JobStatus, page: str) -> None:
    """The result is the loaded model, its held-out sessions the loaded log, on every page."""
    try:
        source = load_run(run)
    except InputError as error:
        st.error(escape_markdown(str(error)))
        return
    log = None if source.own is None else source.own.log
    state.jump(choose_model(state.get(), source.key, first_session(stories(source), log)))
    st.switch_page(PAGES / f"{page}.py")


def _download(run: JobStatus) -> None:
    path = run.folder / "model.safetensors"
    st.download_button(
        "Download",
        path.read_bytes,
        file_name(run.name, asked_of(run), run.kept),
        "application/octet-stream",
        on_click="ignore",
        help="One file with the model and its catalogue: for “Use your own files”, for Python, and for "
        "`python -m gru_viz evaluate`.",
    )
