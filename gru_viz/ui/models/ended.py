"""What came of a comparison, and what can be done with it?"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from gru_viz.compare.document import FILE_NAME
from gru_viz.errors import InputError
from gru_viz.jobs import ComparisonStatus
from gru_viz.ui import state
from gru_viz.ui.models.results import show
from gru_viz.ui.models.service import Own, Shown, comparisons, found
from gru_viz.ui.models.words import ended_words, where_from
from gru_viz.ui.text import escape_markdown


def ended(own: Own) -> Shown | None:
    """How it ended where that is not well, where its results are from, the ways on; and the results."""
    run, shown, trouble = own.run, None, None
    try:
        shown = found(run)
    except InputError as error:
        trouble = str(error)
    if run.state != "finished":
        words = ended_words(run, None if shown is None else shown.comparison)
        (st.info if run.state == "cancelled" else st.error)(escape_markdown(words))
    elif shown is None and trouble is None:
        trouble = "its result is gone; compare once more"
    if trouble is not None:
        st.error(escape_markdown(trouble))
    with st.container(horizontal=True, vertical_alignment="center"):
        if shown is not None:
            st.caption(escape_markdown(where_from(run)), width="content")
        st.space("stretch")
        if run.resumable:
            st.button(
                "Start it again",
                on_click=lambda: _asked(comparisons().resume, own),
                help="From the beginning: the finished models are measured again.",
            )
        if run.result is not None:
            _download(run)
        with st.popover("Remove …"):
            st.caption("Deletes this comparison and the copy of its clicks, for good.")
            st.button("Remove it", on_click=lambda: _removed(own))
    return shown


def _download(run: ComparisonStatus) -> None:
    assert run.result is not None
    st.download_button(
        "Download",
        run.result.read_bytes,
        FILE_NAME,
        "application/json",
        on_click="ignore",
        help="One file with all of these results, as `python -m gru_viz compare` writes it; it opens here.",
    )


def _asked(what: Callable[[str, str], None], own: Own) -> None:
    try:
        what(own.run.id, own.person)
    except InputError as error:
        state.remark(str(error))


def _removed(own: Own) -> None:
    _asked(comparisons().remove, own)
    show(None)
