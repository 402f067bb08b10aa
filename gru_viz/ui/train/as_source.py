"""How does a training's result become a loaded model, with its held-out sessions as the log?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.errors import InputError, quote
from gru_viz.jobs import JobStatus, NoSuchJobError
from gru_viz.jobs.request import read_request
from gru_viz.sessions import ClickLog
from gru_viz.ui import state
from gru_viz.ui.resolve import first_session
from gru_viz.ui.sources import LoadedLog, Source, add_source, default_model, newest, sessions_of, sources
from gru_viz.ui.stories import stories
from gru_viz.ui.text import cut
from gru_viz.ui.train.owner import owner
from gru_viz.ui.train.service import jobs
from gru_viz.ui.train.words import NOT_HERE, sentence
from gru_viz.ui.view import SessionRef, choose_model

MARK = "run-"  # begins the key of every such model
LOOKED_AT = 3  # epochs' models kept for one person
_LOOKED_AT, _HELD, _OPENED = (f"gru_viz.train.{name}" for name in ("looked_at", "held_out", "opened"))


def source_key(run: JobStatus) -> str:
    """What the training's model is called in the view."""
    return f"{MARK}{run.id}"


def load_run(run: JobStatus, epoch: int | None = None) -> Source:
    """The kept epoch's model, loaded for this person as an upload is; or another epoch's, to be looked at.

    Raises InputError where its files are gone or damaged.
    """
    source = _looked_at(run, run.kept if epoch is None else epoch)
    if epoch is None:
        add_source(source)
        st.session_state.setdefault(_OPENED, {})[source.key] = run.kept
    return source


def _looked_at(run: JobStatus, epoch: int) -> Source:
    """A few epochs' models are kept, so that going back and forth between two is quick."""
    models: dict[tuple[str, int], Source] = st.session_state.setdefault(_LOOKED_AT, {})
    key = (run.id, epoch)
    source = models.pop(key, None) or load_epoch(run, epoch)
    st.session_state[_LOOKED_AT] = newest({**models, key: source}, LOOKED_AT)
    return source


def reopen(key: str) -> None:
    """Load the training that a link or a refreshed page names, where it is this person's.

    Where it is not, one sentence says so, and the server's own model is shown; what was loaded
    before the training was removed stays.
    """
    if not key.startswith(MARK):
        return
    loaded = sources().get(key)
    try:
        run = jobs().status(key.removeprefix(MARK), owner())
        # a training that went on may have kept another epoch since
        if loaded is None or st.session_state.get(_OPENED, {}).get(key) != run.kept:
            load_run(run)
    except NoSuchJobError:
        if loaded is None:
            state.remark(NOT_HERE)
            _leave(key)
    except InputError as error:
        state.remark(sentence(error))


def _leave(key: str) -> None:
    """Go from a model that is not here to the server's own."""
    usual = sources().get(default_model())
    if usual is None:
        return
    view = state.get()
    job = None if view.job == key.removeprefix(MARK) else view.job
    state.jump(replace(choose_model(view, usual.key, _first_session(usual)), job=job))


def _first_session(source: Source) -> SessionRef:
    told = stories(source)
    try:
        loaded = None if told else sessions_of(source)
    except InputError:  # said where the log is drawn
        loaded = None
    return first_session(told, None if loaded is None else loaded.log)


def load_epoch(run: JobStatus, epoch: int) -> Source:
    """One epoch's model. Raises InputError where there is none, or its file is gone or damaged."""
    from gru_viz.checkpoint import FILE_NAME, load_checked

    if not run.epochs:
        raise InputError("this training has finished no epoch yet, so there is no model to look at")
    if not 1 <= epoch <= len(run.epochs):
        raise InputError(f"this training has no epoch {epoch}; it has {len(run.epochs)}")
    place = FILE_NAME if epoch == run.kept else run.epochs[epoch - 1].checkpoint
    if not place:
        raise InputError(f"the model after epoch {epoch} was not kept; look at another epoch")
    try:
        loaded = load_checked(run.folder / place)
    except InputError as error:
        raise InputError(f"epoch {epoch} of this training: {quote(error)}") from None
    name = f"{cut(run.name)}, trained here"
    return Source(source_key(run), name, loaded.digest, loaded.model, loaded.warnings, _held_out(run))


def _held_out(run: JobStatus) -> LoadedLog | None:
    """The training's held-out sessions; of one training they are kept, for all of its epochs."""
    known, held = st.session_state.get(_HELD, (None, None))
    if known != run.id:
        held = _read_held_out(run)
        st.session_state[_HELD] = (run.id, held)
    return held


def _read_held_out(run: JobStatus) -> LoadedLog | None:
    """The sessions that were not trained on; numbered where their own ids were not kept."""
    parts = read_request(run.folder).parts
    test = parts.test
    if test is None:
        return None
    lines = [f"{parts.test_name} of {parts.name}, not trained on"]
    if not any(test.session_ids):
        ids = tuple(str(number) for number in range(1, len(test) + 1))
        test = ClickLog(test.catalog, test.items, test.offsets, ids)
        lines.append("the sessions are numbered: their own ids were not kept")
    return LoadedLog(f"{parts.name}, held out", test, tuple(lines))
