"""Which whole numbers and which times do the cells of plain rows write?

They are read where they stand, all rows of a block at once; no cell becomes a text.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from gru_viz.data.reading.fixed_width import MOST_DIGITS, Grid, digits, number_of
from gru_viz.data.reading.moments import EPOCH, Moments, grid_moments, joined, kind_of
from gru_viz.data.reading.plain_rows import WORD, Cells, PlainRows

DIGITS = "0123456789"
# Bytes before the number in an id such as SKU-17. Each is looked for by itself: more take as long as texts.
LONGEST_PREFIX = 16
# Times are shorter.
WIDEST = 64
# KEPT[n] keeps the last n bytes of a word, whose first byte is the least significant.
KEPT = np.array([(2**64 - 1) << 8 * (WORD - n) & (2**64 - 1) for n in range(WORD + 1)], dtype=np.uint64)


def numbered_ids(rows: PlainRows, index: int) -> tuple[str, np.ndarray] | None:
    """What each cell of a column begins with, and (rows,) int64 the number in plain form after that.

    As of SKU-1, SKU-17, SKU-3; None for columns whose cells differ in more than a number.
    """
    first = rows.first(index)
    prefix = first.rstrip(DIGITS)
    before = prefix.encode()
    if prefix == first or len(before) > LONGEST_PREFIX:
        return None
    numbers = numbers_of(rows, index, plain=True, prefix=before)
    return None if numbers is None else (prefix, numbers)


def numbers_of(rows: PlainRows, index: int, plain: bool, prefix: bytes = b"") -> np.ndarray | None:
    """(rows,) int64: a column of digits, not too many; None for others. If `plain`, 007 is none either.

    prefix: what stands before the digits in each cell
    """
    numbers = np.empty(len(rows), dtype=np.int64)
    row = 0
    for whole in rows.column(index):
        if (cells := whole.behind(prefix)) is None:
            return None
        lengths = cells.lengths
        shortest, longest = int(lengths.min()), int(lengths.max())
        if shortest < 1 or longest > MOST_DIGITS:
            return None
        even = shortest == longest
        found = digits(_grid(cells, longest)) if even else _uneven(cells, lengths, longest)
        if found is None or (plain and _any_padded(cells)):
            return None
        numbers[row : row + len(cells)] = found
        row += len(cells)
    return numbers


def moments_of(rows: PlainRows, index: int) -> Moments | None:
    """The times of a column, if all are of one kind and written in the commonest way."""
    kind = kind_of(pa.array([rows.first(index)]))
    if kind is None:
        return None
    if kind == EPOCH:
        numbers = numbers_of(rows, index, plain=False)
        return None if numbers is None else Moments(EPOCH, numbers, all_z=False)
    parts = []
    for cells in rows.column(index):
        lengths = cells.lengths
        width = int(lengths[0])
        if not 0 < width <= WIDEST or (lengths != width).any():
            return None
        if (part := grid_moments(_grid(cells, width), kind)) is None:
            return None
        parts.append(part)
    return joined(parts)


def _any_padded(cells: Cells) -> bool:
    """Whether a number of more than one digit begins with 0."""
    zero = cells.text[cells.starts] == ord("0")
    return bool(zero.any() and (cells.lengths[zero] > 1).any())


def _uneven(cells: Cells, lengths: np.ndarray, longest: int) -> np.ndarray | None:
    """(rows,) int64: the numbers of cells of up to `longest` digits, eight at a time from the right."""
    total = np.zeros(len(cells), dtype=np.int64)
    for place in range(0, longest, WORD):
        kept = KEPT.take(lengths - place, mode="clip")
        if (number := number_of(cells.bytes_before(place), kept)) is None:
            return None
        total += number if place == 0 else number * 10**place
    return total


def _grid(cells: Cells, width: int) -> Grid:
    """Cells of this length, side by side."""
    strips = np.ndarray((len(cells.text) - width + 1,), f"V{width}", cells.text, 0, (1,))
    return Grid(pa.py_buffer(strips[cells.starts]), len(cells), width)
