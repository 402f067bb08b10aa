"""The Models page and the Cells page have other trainings: what does each say of the other's?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import streamlit as st

from gru_viz.compare.values import Comparison
from gru_viz.errors import InputError
from gru_viz.explain import cell_studies, explosion
from gru_viz.explain.claims import elsewhere
from gru_viz.explain.words import Sentence
from gru_viz.ui.changed import changed
from gru_viz.ui.models.results import shipped
from gru_viz.ui.sources import SAMPLE_DATA

T = TypeVar("T")


def on_cells() -> dict[str, Sentence]:
    """By claim, what the Cells page's trainings came to; nothing of a file that is not there."""
    cells, exploding = (SAMPLE_DATA / name for name in (cell_studies.FILE, explosion.FILE))
    return _read(cells, exploding, (changed(cells), changed(exploding)))


@st.cache_resource(max_entries=2, show_spinner=False)
def _read(cells: Path, exploding: Path, when: tuple[int, ...]) -> dict[str, Sentence]:
    del when  # part of the cache's key only
    return elsewhere.on_cells(_or_none(cell_studies.read, cells), _or_none(explosion.read, exploding))


def _or_none(read: Callable[[Path], T], file: Path) -> T | None:
    try:
        return read(file)
    except InputError:
        return None


def of_the_leaderboard(words: Callable[[Comparison], Sentence | None]) -> Sentence:
    """These words of the shop's leaderboard, nothing where it does not ship."""
    found, _ = shipped()
    return (None if found is None else words(found.comparison)) or ()
