"""How are a few numbers for each item kept without a table of all items by all items?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays

PAIRS_AT_ONCE = 4_000_000  # of items, counted in one piece


@dataclass(frozen=True, eq=False)
class SparseRows(FrozenArrays):
    """A matrix of which most entries are 0, row by row (CSR).

    starts:  (rows + 1,) row i holds the entries starts[i]:starts[i + 1] of
    columns: (K,) int64, rising within a row, and
    values:  (K,) float64
    """

    starts: np.ndarray
    columns: np.ndarray
    values: np.ndarray

    @classmethod
    def summed(cls, pieces: Iterable[tuple[np.ndarray, np.ndarray, np.ndarray]], n: int) -> SparseRows:
        """(n, n), from pieces of (row, column, value) each (P,); what meets in one entry is added up.

        Needs memory for the entries and one piece, however many pieces there are; and little time
        for what came before where pieces go on from row to row.
        """
        found: list[tuple[np.ndarray, np.ndarray]] = []  # keys rise, from part to part, too
        for row, column, value in pieces:
            keys, values = row * n + column, value
            lowest = keys.min(initial=n * n)
            while found and found[-1][0][-1] >= lowest:
                older, sums = found.pop()
                at = np.searchsorted(older, lowest)
                keys, values = np.concatenate([older[at:], keys]), np.concatenate([sums[at:], values])
                if at:
                    found.append((older[:at], sums[:at]))
            if len(keys):
                keys, place = np.unique(keys, return_inverse=True)
                found.append((keys, np.bincount(place, values, len(keys))))
        nothing = np.empty(0, dtype=np.int64), np.empty(0)
        keys, values = (np.concatenate(parts) for parts in zip(nothing, *found, strict=True))
        return cls(np.searchsorted(keys // n, np.arange(n + 1)), keys % n, values)

    @property
    def rows(self) -> np.ndarray:
        """(K,) the row of each entry."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def with_values(self, values: np.ndarray) -> SparseRows:
        return SparseRows(self.starts, self.columns, values)

    def largest(self, k: int) -> SparseRows:
        """Only the k largest entries of each row; of equal ones those of lower columns."""
        rows = self.rows
        order = np.lexsort((self.columns, -self.values, rows))
        place = np.arange(len(order)) - self.starts[rows]  # rows stand together in `order`, too
        kept = np.sort(order[place < k])
        starts = np.searchsorted(rows[kept], np.arange(len(self.starts)))
        return SparseRows(starts, self.columns[kept], self.values[kept])

    def add_to(self, table: np.ndarray, rows: np.ndarray) -> None:
        """table (B, columns) += the rows (B,) of this matrix."""
        first = self.starts[rows]
        line, entry = expanded(first, self.starts[rows + 1] - first)
        table[line, self.columns[entry]] += self.values[entry]  # a column occurs once in a row


def expanded(first: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The numbers first[i], …, first[i] + count[i] - 1 for each i, one after another, and each one's i."""
    line = np.repeat(np.arange(len(count)), count)
    return line, np.arange(len(line)) + np.repeat(first - (np.cumsum(count) - count), count)


def in_pieces(count: np.ndarray, most: int) -> Iterator[slice]:
    """Slices that follow each other, of counts that sum to at most `most`; a larger one is alone."""
    upto, first = np.cumsum(count), 0
    while first < len(count):
        done = upto[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(upto, done + most, side="right")))
        yield slice(first, last)
        first = last
