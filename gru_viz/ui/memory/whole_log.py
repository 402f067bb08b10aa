"""Does the model use the earlier clicks over the whole log? Takes a while, so it is asked for."""

from __future__ import annotations

import time

import numpy as np
import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.log_memory import LogMemory, Progress, log_memory, log_memory_sentence
from gru_viz.sessions import ClickLog
from gru_viz.ui.charts import chart
from gru_viz.ui.memory.answer import Answer
from gru_viz.ui.said import said
from gru_viz.ui.sources import LoadedLog, Source
from gru_viz.ui.text import escape_markdown

KEPT = 4  # answers kept for one person
REDRAWN_EVERY = 0.25  # seconds between two looks at the progress
_ANSWERS = "gru_viz.memory.whole_log"


def whole_log(answer: Answer) -> None:
    """The answer if there is one, else the button that works it out."""
    loaded, source = answer.now.loaded, answer.now.source
    if loaded is None:
        st.caption("No log is loaded: choose one under “Use your own files”, or start the app with one.")
        return
    _measured(loaded, source)


def _measured(loaded: LoadedLog, source: Source) -> None:
    """No fragment: a press of Cancel would wait until a fragment's run is over."""
    key = (source.digest, loaded.log.fingerprint)
    found = st.session_state.get(_ANSWERS, {}).get(key)
    place = st.empty()
    if found is None:
        name = escape_markdown(loaded.name)
        count = f"{len(loaded.log):,} session{'s' if len(loaded.log) != 1 else ''}"
        start = place.button(f"Measure over the {count} of {name}", key="gru_viz.memory.measure")
        if not start:
            st.caption("Predicts every click again from the last clicks alone; takes some seconds.")
            return
        try:
            found = _run(place.container(), loaded.log, source)
        except InputError as error:
            place.info(escape_markdown(str(error)))
            return
        kept = {k: a for k, a in st.session_state.get(_ANSWERS, {}).items() if k != key}
        st.session_state[_ANSWERS] = dict([*list(kept.items())[-(KEPT - 1) :], (key, found)])
        place.empty()
    _draw(found, key)


def _run(place: st.delta_generator.DeltaGenerator, log: ClickLog, source: Source) -> LogMemory:
    """Go through the log in a fixed random order, so that the estimate on the way is one of all of it."""
    from gru_viz.rerun import scores_of_every_click, scores_of_last_clicks

    model = source.model
    order = np.random.default_rng(0).permutation(len(log))
    steps = log_memory(
        [log.items[log.offsets[s] : log.offsets[s + 1]] for s in order],
        lambda sessions: scores_of_every_click(model, sessions),
        lambda sessions: scores_of_last_clicks(model, sessions),
    )
    with place:
        bar = st.progress(0.0)
        st.button("Cancel", key="gru_viz.memory.cancel")  # any rerun ends this one
        so_far = st.empty()
    started, shown = time.monotonic(), 0.0
    progress: Progress | None = None
    for progress in steps:
        now = time.monotonic()
        if now - shown >= REDRAWN_EVERY:
            shown = now
            share = progress.done / progress.total
            left = (now - started) / share * (1 - share)
            bar.progress(share, f"{progress.done:,} of {progress.total:,} clicks · about {left:.0f} s left")
            with so_far.container():
                said(log_memory_sentence(progress.so_far))
    assert progress is not None
    return progress.so_far


def _draw(found: LogMemory, key: tuple[str, str]) -> None:
    from gru_viz.figures.log_memory import log_memory_figure

    words = log_memory_sentence(found)
    said(words)
    chart(lambda theme: log_memory_figure(found, theme), ("log", *key), words)
