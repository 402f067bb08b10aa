"""What does the log hold that a training is to learn from, or why can it not be read?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from gru_viz.data.reading.report import CleaningReport
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog
from gru_viz.ui.reading_bar import MAX_NAME as MAX_NAME
from gru_viz.ui.reading_bar import reading_bar, reading_for_all
from gru_viz.ui.store import Store

SAMPLE, SERVER, OWN = "sample", "server", "own"
SHARED, SHARED_BYTES = 4, 1024**3  # logs kept for all
_READ = "gru_viz.train.read"


@dataclass(frozen=True, eq=False)
class Chosen:
    """A log that was read, and how.

    kind:        SAMPLE, SERVER or OWN
    fingerprint: of where it comes from and how its columns were taken
    """

    name: str
    log: ClickLog
    report: CleaningReport
    fingerprint: str
    kind: str

    @property
    def shared(self) -> bool:
        """Is it the server's own, so that all may share what is worked out from it?"""
        return self.kind != OWN


@dataclass(frozen=True)
class Wish:
    """What is to be read: a path or an upload's bytes; `stamp` tells one content from another."""

    kind: str
    name: str
    source: str | bytes
    stamp: str
    items: str | None = None


@dataclass(frozen=True)
class Answers:
    """What the person has said about a file, beyond what is recognised.

    columns:   (role, column), the roles in alphabetical order
    leave_out: rows without a session or item id, instead of refusing the file
    """

    columns: tuple[tuple[str, str], ...] = ()
    leave_out: bool = False


Outcome = tuple[Chosen | None, InputError | None]  # a log, or what is wrong with it


def read(wish: Wish, answers: Answers) -> Outcome:
    """The log, or what is wrong with it; of a person's own the last one is kept, with the person."""
    about = (wish.stamp, answers)
    if wish.kind != OWN:
        with reading_for_all():
            return _shared().get(about, lambda: _tried(wish, answers))
    known, outcome = st.session_state.get(_READ, (None, None))
    if known != about:
        outcome = _tried(wish, answers)
        st.session_state[_READ] = (about, outcome)
    return outcome


@st.cache_resource(show_spinner=False)
def _shared() -> Store:
    """The server's own logs; a failure is kept like a success."""
    return Store(SHARED, SHARED_BYTES, catalogues=True)


def _tried(wish: Wish, answers: Answers) -> Outcome:
    from gru_viz.data.reader import read_log

    try:
        with reading_bar(wish.name) as progress:
            log, report = read_log(
                wish.source,
                wish.items,
                dict(answers.columns),
                name=wish.name,
                drop_empty_ids=answers.leave_out,
                progress=progress,
            )
    except InputError as error:
        return None, error.with_traceback(None)  # which would hold the file
    stamp = hashlib.sha256(repr((wish.stamp, answers)).encode()).hexdigest()
    return Chosen(wish.name, log, report, stamp, wish.kind), None
