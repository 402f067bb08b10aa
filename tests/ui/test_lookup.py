"""Oracle: catalogues of a few items, looked at by eye."""

from __future__ import annotations

import pytest

from gru_viz.catalog import Catalog
from gru_viz.ui.lookup import lookup, nothing_found

CATALOG = Catalog(
    ids=("long", "short", "lens", "40 mm Lens"),
    titles=("Corvin 40 mm Lens Cap", "Corvin 40 mm Lens", "Borel Zoom", "Tripod"),
    categories=("Photo", "Photo", "Lenses", ""),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lens", "lens"),  # an id is meant before the titles that have the word
        ("40 mm Lens", "40 mm Lens"),
        ("  corvin 40 mm LENS ", "short"),  # just this title, though another one with it comes first
        ("corvin 40", "long"),  # else the first match
        ("40 cap", "long"),  # every word, in any order
        ("lenses", "lens"),  # the department
        ("", "long"),
        ("no such", None),
        ("<b>", None),
    ],
)
def test_what_is_meant(typed: str, found: str | None) -> None:
    assert lookup(typed, CATALOG) == found


def test_a_search_that_finds_nothing_is_said_and_cut() -> None:
    assert nothing_found("<b>") == "No item's title, department or id has “<b>” in it."
    assert len(nothing_found("x" * 500)) < 120
