"""How far is the reading of a log? A bar where it takes long, nothing where it does not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from gru_viz.explain.words import percent
from gru_viz.ui.text import cut, escape_markdown

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from gru_viz.data.reading.progress import Progress, ReadSoFar

SOON = 0.5  # seconds of reading before a bar appears: a small file needs none
OFTEN = 0.1  # seconds between two drawings
MAX_NAME = 60  # characters of a file's name that are shown


@contextmanager
def reading_bar(name: str) -> Iterator[Progress]:
    """Within, what `read_log` tells its progress to; afterwards nothing of it is left.

    Only where the script itself reads: a function in one of Streamlit's caches cannot draw. Who
    leaves the page meanwhile ends the reading.
    """
    bar = _Bar(name)
    try:
        yield bar.show
    finally:
        bar.clear()


def reading_for_all() -> AbstractContextManager[None]:
    """Around what one page reads for all: who waits for it sees that something goes on."""
    return st.spinner("Reads the log …")


class _Bar:
    def __init__(self, name: str) -> None:
        self.name = name
        self.drawn = time.monotonic() + SOON - OFTEN
        self.place: DeltaGenerator | None = None

    def show(self, so_far: ReadSoFar) -> None:
        now = time.monotonic()
        if now < self.drawn + OFTEN:
            return
        self.drawn, self.place = now, self.place or st.empty()
        done = min(so_far.done / max(so_far.of, 1), 1.0)
        self.place.progress(done, escape_markdown(reading_words(self.name, so_far)))

    def clear(self) -> None:
        if self.place is not None:
            self.place.empty()


def reading_words(name: str, so_far: ReadSoFar) -> str:
    """What is done with the file now, how much of that is done, and how many rows were found so far."""
    share = percent(so_far.done / max(so_far.of, 1))
    rows = f", {so_far.clicks:,} rows" if so_far.clicks else ""
    return f"{so_far.phase.capitalize()} {cut(name, MAX_NAME)}: {share}{rows}"
