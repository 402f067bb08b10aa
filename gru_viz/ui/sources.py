"""Which model and which log are loaded for this person?

Models and logs from the server's own files are shared, read-only and cached by path and
change time. What a person uploads stays in that person's session and reaches nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog
from gru_viz.trace import Trace
from gru_viz.ui.launch import launch
from gru_viz.weights import Weights

if TYPE_CHECKING:
    from gru_viz.model import GRU4Rec

SAMPLE_DATA = Path(__file__).parents[2] / "sample_data"
SAMPLE, GIVEN = "sample", "given"
MAX_UPLOADS = 3  # models kept for one person; the oldest makes room
_MODELS, _LOG = "gru_viz.uploaded_models", "gru_viz.uploaded_log"


@dataclass(frozen=True, eq=False)
class Source:
    """A loaded model and what is known of it.

    digest: SHA-256 of its bytes, the key of everything computed from it
    """

    key: str
    name: str
    digest: str
    model: GRU4Rec
    warnings: tuple[str, ...] = ()

    @cached_property
    def weights(self) -> Weights:
        return self.model.weights()

    @property
    def about(self) -> dict[str, Any]:
        return self.model.about

    def record(self, items: tuple[int, ...]) -> Trace:
        from gru_viz.record import record

        return record(self.model, items)


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
    file = path / "model.safetensors" if path.is_dir() else path
    changed = file.stat().st_mtime_ns if file.exists() else 0
    try:
        return _load_file(key, str(path), name, changed), None
    except InputError as error:
        return None, str(error)


@st.cache_resource(max_entries=4, show_spinner="Loading the model …")
def _load_file(key: str, path: str, name: str, changed: int) -> Source:
    del changed  # part of the cache's key only
    from gru_viz.checkpoint import load_checked

    loaded = load_checked(path)
    return Source(key, name, loaded.digest, loaded.model, loaded.warnings)


def add_model(data: bytes, name: str) -> Source:
    """Load an uploaded checkpoint for this person. Raises InputError; what was loaded stays."""
    from gru_viz.checkpoint import load_checked

    loaded = load_checked(data, name)
    source = Source(loaded.digest[:12], name, loaded.digest, loaded.model, loaded.warnings)
    kept = {k: s for k, s in st.session_state.get(_MODELS, {}).items() if k != source.key}
    st.session_state[_MODELS] = dict([*list(kept.items())[-(MAX_UPLOADS - 1) :], (source.key, source)])
    return source


def add_log(data: bytes, name: str, source: Source) -> LoadedLog:
    """Read an uploaded log for this person and model. Raises InputError; what was loaded stays."""
    loaded = _read(data, name, source)
    st.session_state[_LOG] = _UploadedLog(name, data, {source.digest: loaded})
    return loaded


@dataclass(frozen=True)
class _UploadedLog:
    name: str
    data: bytes
    read: dict[str, LoadedLog]  # by model digest: items a model does not know are left out


def sessions_of(source: Source) -> LoadedLog | None:
    """The sessions to choose from with this model: uploaded, given, or the sample shop's own.

    Raises InputError where a log cannot be read for this model.
    """
    if _LOG in st.session_state:
        uploaded: _UploadedLog = st.session_state[_LOG]
        if source.digest not in uploaded.read:
            loaded = _read(uploaded.data, uploaded.name, source)
            st.session_state[_LOG] = replace(uploaded, read={source.digest: loaded})
            return loaded
        return uploaded.read[source.digest]
    if launch().log is not None and source.key != SAMPLE:
        path = Path(launch().log or "")
        return _read_file(source, source.digest, str(path), path.stat().st_mtime_ns if path.exists() else 0)
    if source.key == SAMPLE:
        return _read_file(source, source.digest, str(SAMPLE_DATA / "sessions.csv.gz"), 0)
    return None


@st.cache_resource(max_entries=4, show_spinner="Reading the log …")
def _read_file(_source: Source, digest: str, path: str, changed: int) -> LoadedLog:
    del digest, changed  # part of the cache's key only
    return _read(path, Path(path).name, _source)


def _read(data: bytes | str, name: str, source: Source) -> LoadedLog:
    from gru_viz.data.reader import read_log

    log, report = read_log(data, name=name, catalog=source.model.catalog)
    return LoadedLog(name, log, tuple(report.lines()), report.warnings)
