"""Which log is trained on: the sample shop's, the server's, or the person's own?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from gru_viz.data.shop.files import ITEMS, SESSIONS
from gru_viz.explain.words import plural
from gru_viz.ui.changed import changed
from gru_viz.ui.fields import follow
from gru_viz.ui.kept import kept
from gru_viz.ui.launch import launch
from gru_viz.ui.sources import SAMPLE_DATA
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.train.columns import columns, remapped
from gru_viz.ui.train.names import column_names
from gru_viz.ui.train.reading import MAX_NAME, OWN, SAMPLE, SERVER, Chosen, Wish, read

SHOP = "Sample shop"  # what the shop's log is called
_PICK, _PICKED, _FILE, _UPLOAD, _COLUMNS, _GOOD = (
    f"gru_viz.train.{name}" for name in ("pick", "picked", "file", "upload", "columns", "good")
)


def choose_log() -> Chosen | None:
    """Draw the choice, and what reading it found. The last log that could be read stays until another is."""
    return _read(_wish(_pick()), (SAMPLE, SERVER, OWN))


def choose_own() -> Chosen | None:
    """The same of a file of the person's own alone, for other pages: one chosen here is chosen there."""
    return _read(_upload(), (OWN,))


def log_called(name: str) -> str | None:
    """Which choice stands for the log of this name; None where no such log is there to learn from."""
    server, file = launch().log, st.session_state.get(_FILE)
    names = {SAMPLE: SHOP, SERVER: server and Path(server).name, OWN: file and file.name}
    return next((way for way, known in names.items() if known == name), None)


def begin_with_log(way: str) -> None:
    """Let the form start with this log; whoever leads to the page says which."""
    st.session_state[_PICKED] = way


def _read(wish: Wish | None, kinds: Sequence[str]) -> Chosen | None:
    """What was read; where that is nothing, the last one of these kinds that was."""
    if wish is None:
        return None
    mapping = _mapping(wish.stamp)
    chosen, trouble = read(wish, mapping)
    if trouble is not None:
        st.error(escape_markdown(trouble))
    good: Chosen | None = st.session_state.get(_GOOD)
    if good is not None and good.kind not in kinds:
        good = None
    shown = chosen or good
    if chosen is not None:
        st.session_state[_GOOD] = chosen
    elif good is not None:
        st.caption(f"{escape_markdown(good.name)}, which was read before, is still there.")
    if shown is not None:
        _report(shown)
    _map_columns(wish, mapping, None if chosen is None else dict(chosen.report.columns), trouble is not None)
    return shown


def _pick() -> str:
    ways = {SAMPLE: "The sample shop"}
    path = launch().log
    if path is not None:
        ways[SERVER] = escape_markdown(cut(Path(path).name, MAX_NAME))
    ways[OWN] = "A file of mine"
    picked = st.session_state.get(_PICKED)
    follow(_PICK, picked if picked in ways else (SERVER if SERVER in ways else SAMPLE))
    st.segmented_control(
        "Learn from",
        list(ways),
        key=_PICK,
        format_func=lambda way: ways[way],
        on_change=lambda: st.session_state.update({_PICKED: st.session_state[_PICK]}),
        label_visibility="collapsed",
        required=True,
    )
    return st.session_state[_PICK]


def _wish(pick: str) -> Wish | None:
    if pick == OWN:
        return _upload()
    path = str(SAMPLE_DATA / SESSIONS) if pick == SAMPLE else launch().log
    assert path is not None
    name = SHOP if pick == SAMPLE else Path(path).name
    items = str(SAMPLE_DATA / ITEMS) if pick == SAMPLE else None
    return Wish(pick, name, path, f"{path}@{changed(Path(path))}", items)


def _upload() -> Wish | None:
    st.file_uploader(
        "Click log (CSV, TSV, Parquet, .gz)",
        key=_UPLOAD,
        on_change=_uploaded,
        help="A row a click, with columns for session (or user), item and, best of all, time. "
        "It stays on this server, and nobody else is shown it.",
    )
    return st.session_state.get(_FILE)


def _uploaded() -> None:
    file = st.session_state[_UPLOAD]
    if file is None:
        st.session_state.pop(_FILE, None)
        st.session_state.pop(_GOOD, None)
        return
    data = file.getvalue()
    st.session_state[_FILE] = Wish(OWN, file.name, data, hashlib.sha256(data).hexdigest())


def _report(chosen: Chosen) -> None:
    """What was read, in one line; everything that was done, one click deeper; warnings at once."""
    report = chosen.report
    name = escape_markdown(cut(chosen.name, MAX_NAME))
    left_out = report.rows_read - report.rows_kept
    dropped = f" · {left_out:,} rows left out" if left_out else ""
    synthetic = " (synthetic)" if chosen.kind == SAMPLE else ""
    days = "" if report.time_first is None else f" · {report.time_first[:10]} to {str(report.time_last)[:10]}"
    st.markdown(
        f"**{name}**{synthetic}: {plural(report.sessions, 'session')}, {plural(report.clicks, 'click')} on "
        f"{plural(report.items, 'item')}{days}{dropped}"
    )
    if report.warnings:
        st.warning("  \n".join(escape_markdown(warning) for warning in report.warnings))
    with st.expander("How it was read"):
        st.caption("  \n".join(escape_markdown(line) for line in report.lines()))


def _map_columns(
    wish: Wish, mapping: Mapping[str, str], taken: Mapping[str, str] | None, open_it: bool
) -> None:
    if wish.kind == SAMPLE:
        return
    names = kept(wish.kind != OWN, ("columns", wish.stamp), lambda: column_names(wish.source, wish.name))
    if not names:
        return
    columns(names, mapping, taken or {}, open_it, lambda role, name: _remember(wish.stamp, role, name))


def _remember(stamp: str, role: str, name: str | None) -> None:
    st.session_state[_COLUMNS] = {stamp: remapped(_mapping(stamp), role, name)}


def _mapping(stamp: str) -> Mapping[str, str]:
    """The columns that the person has chosen for this file."""
    return st.session_state.get(_COLUMNS, {}).get(stamp, {})
