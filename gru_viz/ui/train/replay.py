"""How did the gates, the half-lives and the predictions of one session form, epoch by epoch?"""

from __future__ import annotations

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
from gru_viz.ui.kept import kept
from gru_viz.ui.resolve import first_session
from gru_viz.ui.said import said
from gru_viz.ui.session_view import begin, stepping
from gru_viz.ui.stories import stories
from gru_viz.ui.text import escape_markdown
from gru_viz.ui.train.as_source import load_run, source_key
from gru_viz.ui.train.epochs import epochs_slider
from gru_viz.ui.train.glimpse import Glimpse, glimpse, replay_sentence
from gru_viz.ui.view import choose_model


def replay(run: JobStatus) -> bool:
    """The button that opens it, or the replay itself: is it open?"""
    view = state.get()
    if view.epoch is None or view.model != source_key(run):
        st.button(
            "Replay its epochs",
            on_click=lambda: open_replay(run),
            help="Step through one session with the model as it was after each epoch.",
        )
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
        state.remark(str(error))
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
    except InputError as error:
        st.error(escape_markdown(str(error)))
        return
    trace = source.record(now.session.items)
    step = min(held.step or 1, len(trace))
    shown = replace(now.view, step=step, unit=held.unit, sort=held.sort)
    begin(shown)
    first, best = (_glimpse(run, number, now.session.items) for number in (1, run.kept or len(run.epochs)))
    said(replay_sentence(trace, step - 1, _glimpse(run, epoch, now.session.items), first, best))
    stepping(replace(now, source=source, view=shown), trace)
    _below(run, now, trace, epoch, step - 1)


def _below(run: JobStatus, now: Current, trace: Trace, epoch: int, step: int) -> None:
    from gru_viz.figures.half_lives import half_lives_figure
    from gru_viz.figures.training_replay import training_replay_figure

    seen = [_glimpse(run, number, now.session.items) for number in range(1, len(run.epochs) + 1)]
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


def _glimpse(run: JobStatus, epoch: int, items: tuple[int, ...]) -> Glimpse:
    """The numbers of one epoch, worked out once; its model is not kept for that."""
    return kept(
        False,
        ("glimpse", run.id, epoch, items),
        lambda: glimpse(load_run(run, epoch).record(items), epoch),
    )
