"""What did the chosen comparison find, or how far is it?"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gru_viz.compare.words import lead
from gru_viz.ui.models.deeper import deeper
from gru_viz.ui.models.ended import ended
from gru_viz.ui.models.leaderboard import leaderboard
from gru_viz.ui.models.results import result
from gru_viz.ui.models.running import running
from gru_viz.ui.models.service import Own
from gru_viz.ui.said import said

_FOLD = "gru_viz.models.shops"
_CSS = (Path(__file__).parent / "models.css").read_text("utf-8")


def results(own: Own | None, fold: bool = False) -> None:
    """The comparison as it goes on, or its results with their further questions.

    own:  one that was made here; None for a file's results or the shop's
    fold: put them away, to be opened; nothing is drawn before
    """
    st.html(f"<style>{_CSS}</style>")  # also of what stands below, where nothing is measured yet
    with st.container():  # one place, so that what stands below it stays
        if own is not None and own.run.active:
            running(own)
            return
        if not fold:
            _found(own)
            return
        place = st.expander("The sample shop's results", key=_FOLD, on_change="rerun")
        if place.open:
            with place:
                _found(own)


def _found(own: Own | None) -> None:
    found = result() if own is None else ended(own)
    if found is not None:
        said(lead(found.comparison), kind="lead")
        leaderboard(found)
        deeper(found)
