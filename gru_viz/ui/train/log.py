"""Which log is trained on: the sample shop's, the server's, or the person's own?"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from gru_viz.data.reading.findings import EmptyIdError, UnclearColumnError
from gru_viz.data.shop.files import ITEMS, SESSIONS
from gru_viz.errors import InputError
from gru_viz.explain.words import plural
from gru_viz.ui.changed import changed
from gru_viz.ui.fields import follow
from gru_viz.ui.kept import kept
from gru_viz.ui.launch import launch
from gru_viz.ui.sources import SAMPLE_DATA
from gru_viz.ui.text import cut, escape_markdown
from gru_viz.ui.train.columns import columns, remapped
from gru_viz.ui.train.names import column_names
from gru_viz.ui.train.reading import MAX_NAME, OWN, SAMPLE, SERVER, Answers, Chosen, Wish, read

SHOP = "Sample shop"  # what the shop's log is called
FORGOTTEN = "A reload of this page forgets the file and what is set below; what was started goes on."
_PICK, _PICKED, _FILE, _UPLOAD, _ANSWERS, _LEAVE_OUT, _OPEN, _GOOD = (
    f"gru_viz.train.{name}"
    for name in ("pick", "picked", "file", "upload", "answers", "leave_out", "mapped", "good")
)


def choose_log() -> Chosen | None:
    """Draw the choice, and what reading it found. One that cannot be read leaves the one before."""
    return _read(_wish(_pick()))


def choose_own() -> Chosen | None:
    """The same of a file of the person's own alone, for other pages: one chosen here is chosen there."""
    return _read(_upload())


def log_called(name: str) -> str | None:
    """Which choice stands for the log of this name; None where no such log is there to learn from."""
    server, file = launch().log, st.session_state.get(_FILE)
    names = {SAMPLE: SHOP, SERVER: server and Path(server).name, OWN: file and file.name}
    return next((way for way, known in names.items() if known == name), None)


def begin_with_log(way: str) -> None:
    """Let the form start with this log; whoever leads to the page says which."""
    st.session_state[_PICKED] = way


def _read(wish: Wish | None) -> Chosen | None:
    """What was read; where that is nothing, the last of this kind that was."""
    if wish is None:
        st.caption("Choose a file of clicks to go on.")
        return None
    answers = _answers(wish.stamp)
    with st.container():  # one element whatever it holds, so that the mapping below keeps its place
        chosen, trouble = read(wish, answers)
        if trouble is not None:
            st.error(escape_markdown(_on_the_page(trouble)))
        if answers.leave_out or isinstance(trouble, EmptyIdError):
            _ask_leave_out(wish.stamp, answers.leave_out)
        if chosen is not None:
            st.session_state[_GOOD] = chosen
        shown = chosen or _read_before(wish.kind)
        if shown is not None:
            _report(shown)
    if trouble is not None and not isinstance(trouble, EmptyIdError):
        st.session_state[_OPEN] = wish.stamp
    _map_columns(wish, answers, chosen)
    return shown


def _on_the_page(trouble: InputError) -> str:
    """What is wrong; where it is settled on the page, that instead of what one would do to the file."""
    if isinstance(trouble, UnclearColumnError):
        return trouble.settled_by("choose it below")
    if isinstance(trouble, EmptyIdError):
        return trouble.settled_by("fill it in, or leave such rows out")
    return str(trouble)


def _ask_leave_out(stamp: str, now: bool) -> None:
    follow(_LEAVE_OUT, now)
    st.checkbox(
        "Leave out rows without a session or item id",
        key=_LEAVE_OUT,
        on_change=lambda: _answer(stamp, leave_out=st.session_state[_LEAVE_OUT]),
    )


def _read_before(kind: str) -> Chosen | None:
    """The last log that could be read, where it is of this kind, which is said."""
    good: Chosen | None = st.session_state.get(_GOOD)
    if good is None or good.kind != kind:
        return None
    st.caption(f"{escape_markdown(good.name)}, which was read before, is still there.")
    return good


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
    file: Wish | None = st.session_state.get(_FILE)
    if file is None:
        return None
    if st.session_state[_UPLOAD] is None:  # the page was left, which empties the field, not what it gave
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"In use: **{escape_markdown(cut(file.name, MAX_NAME))}**", width="content")
            st.button("Take it away", key=f"{_UPLOAD}.away", on_click=_forget, type="tertiary")
    st.caption(FORGOTTEN)
    return file


def _uploaded() -> None:
    file = st.session_state[_UPLOAD]
    if file is None:
        _forget()
        return
    data = file.getvalue()
    st.session_state[_FILE] = Wish(OWN, file.name, data, hashlib.sha256(data).hexdigest())


def _forget() -> None:
    st.session_state.pop(_FILE, None)
    st.session_state.pop(_GOOD, None)


def _report(chosen: Chosen) -> None:
    """What was read, in one line; everything that was done, one click deeper; warnings at once."""
    report = chosen.report
    name = escape_markdown(cut(chosen.name, MAX_NAME))
    left_out = report.rows_read - report.rows_kept
    dropped = f" · {plural(left_out, 'row')} left out" if left_out else ""
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


def _map_columns(wish: Wish, answers: Answers, chosen: Chosen | None) -> None:
    if wish.kind == SAMPLE:
        return
    names = kept(wish.kind != OWN, ("columns", wish.stamp), lambda: column_names(wish.source, wish.name))
    if not names:
        return
    taken = {} if chosen is None else dict(chosen.report.columns)
    open_it = st.session_state.get(_OPEN) == wish.stamp
    columns(names, dict(answers.columns), taken, open_it, lambda role, name: _map(wish.stamp, role, name))


def _map(stamp: str, role: str, name: str | None) -> None:
    mapping = remapped(dict(_answers(stamp).columns), role, name)
    st.session_state[_OPEN] = stamp
    _answer(stamp, columns=tuple(sorted(mapping.items())))


def _answers(stamp: str) -> Answers:
    """What the person has said about this file."""
    return st.session_state.get(_ANSWERS, {}).get(stamp, Answers())


def _answer(stamp: str, **said: Any) -> None:
    others = st.session_state.get(_ANSWERS, {})
    st.session_state[_ANSWERS] = {**others, stamp: replace(_answers(stamp), **said)}
