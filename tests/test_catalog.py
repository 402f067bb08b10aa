"""Are ids, indices and titles one list?

Oracle: plain Python lists and the words of the docstrings.
"""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError


@given(st.lists(st.text(), min_size=1, max_size=20, unique=True))
def test_id_and_index_are_inverse(ids: list[str]) -> None:
    """Oracle: list.index."""
    catalog = Catalog(tuple(ids))
    assert len(catalog) == len(ids)
    assert [catalog.index(item_id) for item_id in ids] == list(range(len(ids)))
    assert catalog.indices(ids) == catalog.indices(range(len(ids)))
    assert all(item_id in catalog for item_id in ids)
    assert catalog.titles == catalog.ids
    assert catalog.categories == ("",) * len(ids)


def test_ids_are_text_as_written() -> None:
    """Oracle: ids that a table reader would have merged."""
    catalog = Catalog(("1", "01", "1.0", "1e0", "NA", " 1"))
    assert [catalog.index(item_id) for item_id in catalog.ids] == list(range(6))


def test_indices_of_ids_and_numbers_mixed(catalog: Catalog) -> None:
    assert catalog.indices(["id-3", 1, np.int64(0)]) == [3, 1, 0]


@pytest.mark.parametrize("item", ["", "ID-0", "id-7", 7, -1, "3"])
def test_unknown_items(catalog: Catalog, item: str | int) -> None:
    """Oracle: one InputError that names the item."""
    with pytest.raises(InputError) as caught:
        catalog.indices([item])
    assert str(item) in str(caught.value)


def test_unknown_items_are_not_in_it(catalog: Catalog) -> None:
    assert "nowhere" not in catalog
    assert 3 not in catalog


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (((),), "no items"),
        ((("a", "b", "a"),), "'a' is in the catalogue twice"),
        ((("a", "b"), ("A",)), "2 ids, 1 titles"),
        ((("a", "b"), ("A", "B"), ("x",)), "1 categories"),
    ],
)
def test_catalogues_that_are_none(arguments: tuple, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        Catalog(*arguments)


def test_rows_are_the_three_columns() -> None:
    catalog = Catalog(("a", "b"), ("A", "B"), ("x", ""))
    assert list(catalog.rows()) == [("a", "A", "x"), ("b", "B", "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("lens", [1, 2]), ("LENS nikon", [2]), ("cam", [0]), ("optics", [1, 2]), ("l-3", [2]), ("zebra", [])],
)
def test_search_finds_every_word(text: str, expected: list[int]) -> None:
    """Oracle: read off; title, category and id count, case does not."""
    catalog = Catalog(
        ("c-1", "l-2", "l-3"), ("Camera", "Lens for Canon", "Lens for Nikon"), ("", "optics", "optics")
    )
    assert catalog.search(text) == expected


def test_search_stops_at_its_limit(catalog: Catalog) -> None:
    assert catalog.search("item", limit=2) == [0, 1]
    assert catalog.search("", limit=3) == [0, 1, 2]
    assert catalog.search("item", limit=0) == []


def test_equal_lists_are_equal_catalogues() -> None:
    """Oracle: value semantics, also after pickling and a search."""
    catalog = Catalog(("a", "b"), ("A", "B"))
    catalog.search("a")
    assert catalog == Catalog(("a", "b"), ("A", "B")) == pickle.loads(pickle.dumps(catalog))
    assert hash(catalog) == hash(Catalog(("a", "b"), ("A", "B")))
    assert catalog != Catalog(("a", "b"))
