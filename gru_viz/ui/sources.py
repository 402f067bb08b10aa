"""Which model and which log are loaded for this person?

Models and logs from the server's own files are shared, read-only and cached by path and
change time. What a person uploads stays in that person's session and reaches nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.push import Pushes, pushes
from gru_viz.interventions import Interventions
from gru_viz.sessions import ClickLog
from gru_viz.trace import Trace
from gru_viz.ui.changed import changed
from gru_viz.ui.launch import launch
from gru_viz.ui.reading_bar import reading_bar, reading_for_all
from gru_viz.ui.store import Store
from gru_viz.weights import Weights

if TYPE_CHECKING:
    import numpy as np

    from gru_viz.model import GRU4Rec

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
SAMPLE, GIVEN = "sample", "given"
MAX_UPLOADS = 3  # models kept for one person; the oldest makes room
MAX_BYTES = 200 * 1024**2  # that they may hold together; the newest stays
SHARED_LOGS, SHARED_BYTES = 4, 1024**3  # logs kept for all
_MODELS, _LOG, _READ, _FOR = (
    f"gru_viz.{name}" for name in ("uploaded_models", "uploaded_log", "read_log", "log_is_for")
)

Key = TypeVar("Key")


@dataclass(frozen=True, eq=False)
class Source:
    """A loaded model and what is known of it.

    digest: SHA-256 of its bytes, the key of everything computed from it
    own:    the sessions that come with it: a training's held-out ones
    """

    key: str
    name: str
    digest: str
    model: GRU4Rec
    warnings: tuple[str, ...] = ()
    own: LoadedLog | None = None

    @cached_property
    def weights(self) -> Weights:
        return self.model.weights()

    @cached_property
    def pushes(self) -> Pushes | None:
        return pushes(self.weights)

    @property
    def about(self) -> dict[str, Any]:
        return self.model.about

    def record(self, items: tuple[int, ...], interventions: Interventions = ()) -> Trace:
        from gru_viz.record import record

        return record(self.model, items, interventions)

    def states(self, sessions: list[np.ndarray]) -> list[Trace]:
        """The traces of several sessions without their scores, run as one batch."""
        from gru_viz.rerun import states_of_every_click

        return states_of_every_click(self.model, sessions)

    def last_clicks(self, sessions: list[np.ndarray]) -> list[Trace]:
        """A trace of each session's last click alone, run as one batch."""
        from gru_viz.rerun import last_clicks

        return last_clicks(self.model, sessions)

    def last_clicks_forced(self, sessions: list[np.ndarray], forced: list[Interventions]) -> list[Trace]:
        """The same, each session with what is forced in it."""
        from gru_viz.rerun import last_clicks

        return last_clicks(self.model, sessions, forced)


@dataclass(frozen=True, eq=False)
class LoadedLog:
    """Sessions to choose from, what reading them did, and what of it a person should check."""

    name: str
    log: ClickLog
    lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def sources() -> dict[str, Source]:
    """Every model this person can choose: given at the start, the sample shop's, uploaded."""
    found = [_given()[0], _sample()[0]]
    return {source.key: source for source in found if source} | st.session_state.get(_MODELS, {})


def troubles() -> list[str]:
    """What is wrong with what the server was started with; nothing, mostly."""
    return [text for text in (launch().error, _given()[1], _sample()[1]) if text]


def default_model() -> str:
    """The key of the model that the first page shows."""
    return GIVEN if _given()[0] else SAMPLE


def _sample() -> tuple[Source | None, str | None]:
    return _from_file(SAMPLE, SAMPLE_DATA, "Sample shop")


def _given() -> tuple[Source | None, str | None]:
    path = launch().model
    return (None, None) if path is None else _from_file(GIVEN, Path(path), Path(path).name or path)


def _from_file(key: str, path: Path, name: str) -> tuple[Source | None, str | None]:
    """The model in a file or folder, or what is wrong with it."""
    return _load_file(key, str(path), name, changed(path), changed(path / "model.safetensors"))


@st.cache_resource(max_entries=4, show_spinner="Loading the model …")
def _load_file(key: str, path: str, name: str, when: int, inside: int) -> tuple[Source | None, str | None]:
    del when, inside  # part of the cache's key only; a failure is cached like a success
    from gru_viz.checkpoint import load_checked

    try:
        loaded = load_checked(path)
    except InputError as error:
        return None, str(error)
    return Source(key, name, loaded.digest, loaded.model, loaded.warnings), None


def add_model(data: bytes, name: str) -> Source:
    """Load an uploaded checkpoint for this person. Raises InputError; what was loaded stays."""
    from gru_viz.checkpoint import load_checked

    loaded = load_checked(data, name)
    source = Source(loaded.digest[:12], name, loaded.digest, loaded.model, loaded.warnings)
    add_source(source)
    return source


def add_source(source: Source) -> None:
    """Make a model one that this person, and nobody else, can choose."""
    others = {key: known for key, known in st.session_state.get(_MODELS, {}).items() if key != source.key}
    st.session_state[_MODELS] = newest({**others, source.key: source}, MAX_UPLOADS)


def newest(models: dict[Key, Source], most: int) -> dict[Key, Source]:
    """The last `most` of them, as far as they fit into MAX_BYTES; always the last one."""
    kept: dict[Key, Source] = {}
    held = 0
    for key, source in list(models.items())[: -most - 1 : -1]:
        held += sum(number.nbytes for number in source.model.parameters())
        if kept and held > MAX_BYTES:
            break
        kept[key] = source
    return dict(reversed(kept.items()))


def drop_model(key: str) -> bool:
    """Forget an uploaded model. False where that is none, as after an upload that failed."""
    return st.session_state.get(_MODELS, {}).pop(key, None) is not None


def add_log(data: bytes, name: str, source: Source) -> LoadedLog:
    """Read an uploaded log for this person and model. Raises InputError; what was loaded stays."""
    loaded = _read(data, name, source)
    st.session_state[_LOG] = (name, data)
    st.session_state[_FOR] = source.key
    st.session_state[_READ] = {source.digest: (loaded, None)}
    return loaded


def is_shared(source: Source) -> bool:
    """Is what this person sees of it the server's own, so that all may share what is worked out from it?"""
    return source.key in (SAMPLE, GIVEN) and _LOG not in st.session_state


def drop_log() -> bool:
    """Forget the uploaded log. False where there is none, as after an upload that failed."""
    st.session_state.pop(_READ, None)
    st.session_state.pop(_FOR, None)
    return st.session_state.pop(_LOG, None) is not None


def sessions_of(source: Source) -> LoadedLog | None:
    """The sessions to choose from with this model: its own, uploaded, given, or the sample shop's own.

    What came with the model comes before a log that was uploaded for another one.

    Raises InputError where a log cannot be read for this model.
    """
    shared = source.key in (SAMPLE, GIVEN)
    if source.own is not None and st.session_state.get(_FOR) != source.key:
        return source.own
    if _LOG in st.session_state:
        name, data = st.session_state[_LOG]
        return _known(_read_for_person(data, name, source))
    path = launch().log
    if source.key == SAMPLE:
        path = str(SAMPLE_DATA / "sessions.csv.gz")
    if path is None:
        return None
    if not shared:
        return _known(_read_for_person(path, Path(path).name, source))
    about = (source.digest, path, changed(Path(path)))
    with reading_for_all():
        return _known(_shared_logs().get(about, lambda: _tried(path, Path(path).name, source)))


_Outcome = tuple[LoadedLog | None, str | None]  # a log, or what is wrong with it


def _known(outcome: _Outcome) -> LoadedLog | None:
    loaded, trouble = outcome
    if trouble is not None:
        raise InputError(trouble)
    return loaded


@st.cache_resource(show_spinner=False)
def _shared_logs() -> Store:
    return Store(SHARED_LOGS, SHARED_BYTES)


def _read_for_person(data: bytes | str, name: str, source: Source) -> _Outcome:
    """The log read for one person's model; the last one is kept, with the person."""
    kept: dict[str, _Outcome] = st.session_state.get(_READ, {})
    if source.digest not in kept:
        kept = {source.digest: _tried(data, name, source)}
        st.session_state[_READ] = kept
    return kept[source.digest]


def _tried(data: bytes | str, name: str, source: Source) -> _Outcome:
    try:
        return _read(data, name, source), None
    except InputError as error:
        return None, str(error)


def _read(data: bytes | str, name: str, source: Source) -> LoadedLog:
    from gru_viz.data.reader import read_log

    with reading_bar(name) as progress:
        log, report = read_log(data, name=name, catalog=source.model.catalog, progress=progress)
    return LoadedLog(name, log, tuple(report.lines()), report.warnings)
