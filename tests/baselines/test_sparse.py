"""Oracle: the same with a dense table and plain loops."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.baselines.sparse import SparseRows, expanded, in_pieces

entries = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 9)), max_size=30)


def dense(rows: SparseRows, n: int = 5) -> np.ndarray:
    full = np.zeros((n, n))
    full[rows.rows, rows.columns] = rows.values
    return full


def made(found: list[tuple[int, int, int]], pieces: int = 1) -> SparseRows:
    columns = np.array(found, dtype=np.int64).reshape(-1, 3)
    parts = np.array_split(columns, pieces)
    return SparseRows.summed(((part[:, 0], part[:, 1], part[:, 2]) for part in parts), 5)


@given(entries, st.integers(1, 4), st.sampled_from(["by rows", "by rows, falling", "mixed"]))
def test_what_meets_in_an_entry_is_added_up(
    found: list[tuple[int, int, int]], pieces: int, order: str
) -> None:
    if order != "mixed":
        found = sorted(found, reverse=order.endswith("falling"))
    full = np.zeros((5, 5))
    for row, column, value in found:
        full[row, column] += value
    rows = made(found, pieces)
    np.testing.assert_array_equal(dense(rows), full)
    assert len(rows.values) == np.count_nonzero(full)
    assert (np.diff(5 * rows.rows + rows.columns) > 0).all()


def test_what_was_added_up_is_not_sorted_anew_for_later_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: numbers sorted, counted. 100 pieces of 10 that share a row with their neighbours at most."""
    sorted_: list[int] = []
    real = np.unique
    monkeypatch.setattr(np, "unique", lambda keys, **more: sorted_.append(len(keys)) or real(keys, **more))
    column = np.tile(np.arange(5)[::-1], 200)
    row = np.repeat(np.arange(200), 5)
    parts = [slice(first, first + 10) for first in range(3, 1_000, 10)]
    rows = SparseRows.summed(((row[part], column[part], np.ones(len(row[part]))) for part in parts), 200)
    assert len(rows.values) == 997
    assert sum(sorted_) < 2 * 1_000


@given(entries, st.integers(1, 5))
def test_the_largest_of_each_row(found: list[tuple[int, int, int]], k: int) -> None:
    full = dense(made(found))
    for row, kept in zip(full, dense(made(found).largest(k)), strict=True):
        order = np.argsort(-row, kind="stable")[:k]
        expected = np.zeros(5)
        expected[order] = row[order]
        np.testing.assert_array_equal(kept, expected)


@given(entries, st.lists(st.integers(0, 4), max_size=6))
def test_rows_are_added_to_a_table(found: list[tuple[int, int, int]], wanted: list[int]) -> None:
    table = np.ones((len(wanted), 5))
    made(found).add_to(table, np.array(wanted, dtype=np.int64))
    np.testing.assert_array_equal(table, 1 + dense(made(found))[np.array(wanted, dtype=np.int64)])


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 4)), max_size=8))
def test_ranges_one_after_another(ranges: list[tuple[int, int]]) -> None:
    first, count = np.array(ranges, dtype=np.int64).reshape(-1, 2).T
    line, number = expanded(first, count)
    expected = [(i, n) for i, (start, length) in enumerate(ranges) for n in range(start, start + length)]
    assert list(zip(line.tolist(), number.tolist(), strict=True)) == expected


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 15))
def test_pieces_are_as_large_as_they_may_be(counts: list[int], most: int) -> None:
    pieces = [counts[piece] for piece in in_pieces(np.array(counts, dtype=np.int64), most)]
    assert [count for piece in pieces for count in piece] == counts
    assert all(sum(piece) <= most or len(piece) == 1 for piece in pieces)
    assert all(sum(piece) + following[0] > most for piece, following in pairwise(pieces))


def test_rows_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        made([(0, 1, 2)]).values[0] = 5
