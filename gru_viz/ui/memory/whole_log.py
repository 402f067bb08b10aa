"""Does the model use the earlier clicks over the whole log? Takes a while, so it is asked for."""

from __future__ import annotations

import time

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gru_viz.errors import InputError
from gru_viz.explain.log_memory import LogMemory, Progress, log_memory, log_memory_sentence
from gru_viz.sessions import ClickLog
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said
from gru_viz.ui.sources import LoadedLog, Source
from gru_viz.ui.text import escape_markdown

KEPT = 4  # logs whose answer is kept for one person
REDRAWN_EVERY = 0.25  # seconds between two looks at the progress
_ANSWERS = "gru_viz.memory.whole_log"

_Key = tuple[str, str]  # the model's digest, the log's fingerprint


def whole_log(answer: Answer) -> None:
    """The answer as far as it was worked out, and the button that goes through the log.

    The run is part of the page's own, and no fragment, so that Cancel ends it at once. Whatever
    else the person does ends it, too; what it had found by then stays and says so.
    """
    loaded, source = answer.now.loaded, answer.now.source
    if loaded is None:
        st.caption("No log is loaded: choose one under “Use your own files”, or start the app with one.")
        return
    key = (source.digest, loaded.log.fingerprint)
    place = st.empty()
    found = _found(key)
    if found is None or found.done < found.total:
        again = "Go through all of" if found is not None else "Measure over"
        sessions = f"{len(loaded.log):,} session{'s' if len(loaded.log) != 1 else ''}"
        label = f"{again} the {sessions} of {escape_markdown(loaded.name)}"
        if place.button(label, key="gru_viz.memory.measure"):
            found = _measured(place, loaded, source, key)
    if found is None:
        st.caption("Predicts every click again from the last clicks alone: a few seconds for 100,000 clicks.")
    else:
        _draw(found)


def _found(key: _Key) -> Progress | None:
    answers: dict[_Key, Progress] = st.session_state.get(_ANSWERS, {})
    return answers.get(key)


def _keep(key: _Key, progress: Progress) -> None:
    others = {k: a for k, a in st.session_state.get(_ANSWERS, {}).items() if k != key}
    st.session_state[_ANSWERS] = dict([*list(others.items())[-(KEPT - 1) :], (key, progress)])


def _measured(place: DeltaGenerator, loaded: LoadedLog, source: Source, key: _Key) -> Progress | None:
    try:
        with place.container():
            _run(loaded.log, source, key)
    except InputError as error:
        place.info(escape_markdown(str(error)))
        return None
    place.empty()
    return _found(key)


def _run(log: ClickLog, source: Source, key: _Key) -> None:
    """Go through the log in a fixed random order, so that the estimate on the way is one of all of it."""
    from gru_viz.rerun import scores_of_every_click, scores_of_last_clicks

    model = source.model
    order = np.random.default_rng(0).permutation(len(log))
    steps = log_memory(
        [log[session].items for session in order.tolist()],
        lambda sessions: scores_of_every_click(model, sessions),
        lambda sessions: scores_of_last_clicks(model, sessions),
    )
    bar = st.progress(0.0, "…")
    st.button("Cancel", key="gru_viz.memory.cancel")  # any rerun ends this one
    so_far = st.empty()
    started, shown = time.monotonic(), 0.0
    for progress in steps:
        _keep(key, progress)
        now = time.monotonic()
        if now - shown < REDRAWN_EVERY:
            continue
        shown, share = now, progress.done / progress.total
        left = (now - started) / share * (1 - share)
        bar.progress(share, f"{progress.done:,} of {progress.total:,} clicks · about {left:.0f} s left")
        with so_far.container():
            said(log_memory_sentence(progress.so_far))


def _draw(found: Progress) -> None:
    from gru_viz.figures.log_memory import log_memory_figure

    memory: LogMemory = found.so_far
    words = log_memory_sentence(memory)
    said(words)
    if found.done < found.total:
        st.caption(f"Stopped after {found.done:,} of {found.total:,} clicks, in sessions drawn at random.")
    chart(log_memory_figure(memory, theme()), words)
    st.caption("If the model was trained on these sessions, the figures flatter it.")
