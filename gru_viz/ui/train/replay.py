"""How did the gates, the half-lives and the predictions of one session form, epoch by epoch?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.retention import half_life_sentence, half_lives
from gru_viz.jobs import JobStatus
from gru_viz.trace import Trace
from gru_viz.ui import state
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.chooser import chooser
from gru_viz.ui.current import Current, current
from gru_viz.ui.frame import remarks
from gru_viz.ui.resolve import first_session
from gru_viz.ui.said import said
from gru_viz.ui.session_view import begin, stepping
from gru_viz.ui.stories import stories
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.as_source import load_epoch, load_run, source_key
from gru_viz.ui.train.epochs import epochs_slider
from gru_viz.ui.train.glimpse import Glimpse, glimpse, replay_sentence
from gru_viz.ui.train.words import sentence
from gru_viz.ui.view import choose_model

_SEEN = "gru_viz.train.replayed"  # of one training and session: what its epochs came to


def offer_replay(run: JobStatus) -> None:
    """The button that opens it, where it can be opened and is not open."""
    if _is_there(run) and not _is_open(run):
        st.button(
            "Replay its epochs",
            on_click=lambda: open_replay(run),
            help="Step through one session with the model as it was after each epoch.",
        )


def _is_there(run: JobStatus) -> bool:
    return all(epoch.checkpoint for epoch in run.epochs)


def _is_open(run: JobStatus) -> bool:
    view = state.get()
    return view.epoch is not None and view.model == source_key(run)


def replay(run: JobStatus) -> bool:
    """The replay itself, where it is open: is it?"""
    if not _is_there(run):
        st.caption("There is no replay: all epochs' models together would be too large to keep.")
        return False
    if not _is_open(run):
        return False
    try:
        now = current(load_run(run))
    except InputError as error:
        st.error(escape_markdown(str(error)))
        return False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Replay", anchor=False, width="content")
        chooser(now)
        st.space("stretch")
        st.button("Close", on_click=lambda: state.put(replace(state.held(), epoch=None)))
    remarks(now.notes)
    if now.session.items:
        begin(now.view)
        _replaying(now, run)
    else:
        st.info("Choose a session above, or one item to start from.")
    return True


def open_replay(run: JobStatus, epoch: int = 1) -> None:
    """Make the training the loaded model, with a session that there is for it, and begin at an epoch."""
    try:
        source = load_run(run)
    except InputError as error:
        state.remark(sentence(error))
        return
    view = state.held()
    if view.model != source.key:
        log = None if source.own is None else source.own.log
        view = choose_model(view, source.key, first_session(stories(source), log))
    # by number: a row stays the same unit from epoch to epoch
    state.jump(replace(view, job=run.id, epoch=epoch, sort="index"))


@st.fragment
def _replaying(now: Current, run: JobStatus) -> None:
    """What a report of slider or stepper reruns."""
    held = state.held()
    epoch = min(held.epoch or 1, len(run.epochs))
    epochs_slider(run.id, epoch, len(run.epochs), run.kept)
    try:
        source = load_run(run, epoch)
        seen = _glimpses(run, now.session.items)
    except InputError as error:  # removed in another tab, or damaged
        st.error(escape_markdown(str(error)))
        return
    trace = source.record(now.session.items)
    step = min(held.step or 1, len(trace))
    shown = replace(now.view, step=step, unit=held.unit, sort=held.sort)
    begin(shown)
    said(replay_sentence(trace, step - 1, seen[epoch - 1], seen[0], seen[(run.kept or len(seen)) - 1]))
    stepping(replace(now, source=source, view=shown), trace)
    _below(seen, trace, epoch, step - 1)


def _below(seen: Sequence[Glimpse], trace: Trace, epoch: int, step: int) -> None:
    from gru_viz.figures.half_lives import half_lives_figure
    from gru_viz.figures.training_replay import training_replay_figure

    top = trace.layers[-1]
    left, right = st.columns([7, 5], gap="large")
    with left:
        chances = [float(one.probabilities[step]) for one in seen] if step + 1 < len(trace) else []
        gates = [float(one.update_gate[step]) for one in seen]
        words = replay_sentence(trace, step, seen[epoch - 1], seen[0], seen[-1])
        chart(training_replay_figure(chances, gates, epoch, theme(), top.cell), words)
    with right:
        words = half_life_sentence(top, len(trace.layers))
        said(words)
        chart(half_lives_figure(half_lives(top), theme()), words)


def _glimpses(run: JobStatus, items: tuple[int, ...]) -> list[Glimpse]:
    """The numbers of every epoch, each worked out once for the session that is replayed; no model is kept."""
    about, known = st.session_state.get(_SEEN, (None, {}))
    if about != (run.id, items):
        known = {}
    for epoch in range(len(known) + 1, len(run.epochs) + 1):
        known[epoch] = glimpse(load_epoch(run, epoch).record(items), epoch)
    st.session_state[_SEEN] = (run.id, items), known
    return [known[epoch] for epoch in range(1, len(run.epochs) + 1)]
