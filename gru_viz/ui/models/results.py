"""Which comparison is shown: one that this person opened, or the sample shop's?"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import streamlit as st

from gru_viz.compare.document import FILE_NAME, read_bytes, read_comparison
from gru_viz.compare.values import Comparison
from gru_viz.errors import InputError
from gru_viz.ui import state
from gru_viz.ui.sources import SAMPLE, SAMPLE_DATA, LoadedLog, Source, is_shared
from gru_viz.ui.text import escape_markdown

SHIPPED = SAMPLE_DATA / FILE_NAME
COMMAND = "python -m gru_viz compare clicks.csv --out models.json"
_OPENED, _FILE = "gru_viz.models.opened", "gru_viz.models.file"


@dataclass(frozen=True)
class Shown:
    """A comparison on the page.

    digest: SHA-256 of its file, the key of what is drawn from it
    shared: is it the server's own, so that all may share what is drawn?
    """

    comparison: Comparison
    digest: str
    shared: bool


def result() -> Shown | None:
    """The one that was opened, else the shipped one; None, and said why, where neither can be read."""
    opened: Shown | None = st.session_state.get(_OPENED)
    if opened is not None:
        return opened
    found, trouble = _read(SHIPPED, _changed(SHIPPED))
    if trouble is not None:
        st.info(escape_markdown(trouble))
    return found


def open_another(source: Source, loaded: LoadedLog | None) -> None:
    """How the results of another log are made, and where they are opened."""
    if not _shows_the_shop() or (source.key == SAMPLE and is_shared(source)):
        label = "Results of another log"
    else:
        name = "your own log" if loaded is None else escape_markdown(loaded.name)
        label = f"These are the sample shop's results. For {name}: make your own"
    with st.expander(label):
        st.markdown(
            f"Every model learns from a log, and all are measured on its last tenth:\n```\n{COMMAND}\n```"
        )
        st.file_uploader("Then open the file here", type="json", key=_FILE, on_change=_chosen)
        st.caption("It takes minutes for 100,000 clicks. The file stays in this browser session.")


def _shows_the_shop() -> bool:
    return st.session_state.get(_OPENED) is None


def _chosen() -> None:
    file = st.session_state[_FILE]
    if file is None:
        st.session_state.pop(_OPENED, None)
        return
    try:
        st.session_state[_OPENED] = _shown(file.getvalue(), file.name, shared=False)
    except InputError as error:
        state.remark(str(error))


def _shown(data: bytes, name: str, shared: bool) -> Shown:
    return Shown(read_comparison(data, name), sha256(data).hexdigest(), shared)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(path: Path, changed: int) -> tuple[Shown | None, str | None]:
    del changed  # part of the cache's key only
    try:
        return _shown(read_bytes(path), path.name, shared=True), None
    except InputError as error:
        return None, str(error)
