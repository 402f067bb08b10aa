"""Which results does the page show: the shop's, a file's, or those of a comparison made here?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from gru_viz.compare.document import FILE_NAME, read_bytes
from gru_viz.errors import InputError
from gru_viz.jobs import ComparisonStatus
from gru_viz.plain_text import shorten
from gru_viz.ui import state
from gru_viz.ui.changed import changed
from gru_viz.ui.models.service import Own, Shown, own_comparisons, shown
from gru_viz.ui.models.words import label
from gru_viz.ui.sources import SAMPLE_DATA
from gru_viz.ui.text import escape_markdown

SHIPPED = SAMPLE_DATA / FILE_NAME
SHOP, FILE = "shop", "file"
NOT_HERE = "The results that the address names are not here: they were removed, or are another browser's."
FILE_GONE = "The address shows results from a file, which is no longer here: open it once more, below."
COMMAND = "python -m gru_viz compare clicks.csv --out models.json"
_OPENED, _FILE, _CHOICE = (f"gru_viz.models.{name}" for name in ("opened", "file", "results"))


def of_somebody() -> bool:
    """Does the address name a comparison made here? Until it is known whose, there is nothing to show."""
    return state.get().compared not in (None, SHOP, FILE)


def choose(person: str | None, other_log: str | None) -> Own | None:
    """Draw the choice, where there is one; the comparison to show, None for a file's results or the shop's.

    person:    None where the browser has not told yet whose comparisons there are
    other_log: the name of the loaded log, where it is not the shop's
    """
    read = own_comparisons(person) if person else None
    runs = {run.id: run for run in read or ()}
    opened: Shown | None = st.session_state.get(_OPENED)
    options = [SHOP, *([FILE] if opened else []), *runs]
    asked = state.get().compared
    told = person is not None and (asked == FILE or read is not None)
    if asked is not None and asked not in options and told:
        state.remark(FILE_GONE if asked == FILE else NOT_HERE)
        show(None)
        asked = None
    now = asked if asked in options else _usual(runs, opened is not None, other_log)
    if asked is None and now in runs:  # it stays in view when it ends
        state.settle(replace(state.get(), compared=now))
    if len(options) > 1:
        st.session_state[_CHOICE] = now
        names = {SHOP: "The sample shop's results", FILE: _file_label(opened)}
        st.selectbox(
            "Results",
            options,
            key=_CHOICE,
            format_func=lambda one: names.get(one) or label(runs[one], runs.values()),
            on_change=lambda: show(st.session_state[_CHOICE]),
            label_visibility="collapsed",
            width=320,
        )
    return Own(runs[now], person) if person and now in runs else None


def _usual(runs: dict[str, ComparisonStatus], opened: bool, other_log: str | None) -> str:
    """What is shown where nobody chose: what runs, then what was opened, then what goes with the log."""
    active = next((run.id for run in runs.values() if run.active), None)
    if active or opened or other_log is None:
        return active or (FILE if opened else SHOP)
    of_it = (run.id for run in runs.values() if run.name == other_log)
    return next(of_it, next(iter(runs), SHOP))


def _file_label(opened: Shown | None) -> str:
    return "" if opened is None else f"{shorten(opened.comparison.about.log, 28)} · from a file"


def show(what: str | None) -> None:
    """Go to other results: SHOP, FILE or a comparison's id; None for the usual."""
    state.put(replace(state.held(), compared=what))


def shows_the_shop(own: Own | None) -> bool:
    """Are the results on the page the shipped ones?"""
    return own is None and (_OPENED not in st.session_state or state.get().compared == SHOP)


def result() -> Shown | None:
    """The opened file's, unless the shop's are chosen; None, and said why, where those cannot be read."""
    opened: Shown | None = st.session_state.get(_OPENED)
    if opened is not None and state.get().compared != SHOP:
        return opened
    found, trouble = shipped()
    if trouble is not None:
        st.info(escape_markdown(trouble))
    return found


def shipped() -> tuple[Shown | None, str | None]:
    """What was measured on the shop, or what is wrong with its file."""
    return _read(SHIPPED, changed(SHIPPED))


def open_file() -> None:
    """How results are made on the command line, and where they are opened."""
    with st.expander("Results from a file"):
        st.markdown(f"The same on the command line, with more to choose:\n```\n{COMMAND}\n```")
        st.file_uploader("Open what it wrote", type="json", key=_FILE, on_change=_chosen)
        st.caption("The file stays in this browser session.")


def _chosen() -> None:
    file = st.session_state[_FILE]
    if file is None:
        st.session_state.pop(_OPENED, None)
        show(None)
        return
    try:
        st.session_state[_OPENED] = shown(file.getvalue(), file.name, shared=False)
    except InputError as error:
        state.remark(str(error))
        return
    show(FILE)


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(path: Path, version: int) -> tuple[Shown | None, str | None]:
    del version  # part of the cache's key only
    try:
        return shown(read_bytes(path), path.name, shared=True), None
    except InputError as error:
        return None, str(error)
