"""Which numbers do cells write that are all equally long?

Machines write such columns: epoch seconds, ISO times, ids that are counted up.
Their bytes are a matrix, of which eight columns at a time are read as one
machine word a row, and all rows are worked on at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

ROWS_AT_ONCE = 1 << 15
# More digits may not fit in an int64.
MOST_DIGITS = 18
_WORD_BYTES = (8, 4, 2, 1)
# In each byte: the digit 0; what lifts 10 and more, but no digit, to 128; 128.
_ZEROS, _LIFT, _HIGH = (int.from_bytes(bytes([byte]) * 8, "little") for byte in (0x30, 0x76, 0x80))
# (bytes a number has, 10 ** digits, what is kept of two joined ones)
_STEPS = ((1, 10, 0x00FF00FF00FF00FF), (2, 100, 0x0000FFFF0000FFFF), (4, 10_000, 0x00000000FFFFFFFF))


@dataclass(frozen=True)
class Grid:
    """Equally long cells: that of row n is bytes n · width to (n + 1) · width of `data`."""

    data: pa.Buffer
    rows: int
    width: int

    def words(self, at: int, size: int) -> np.ndarray:
        """(rows,) unsigned: `size` bytes of each cell from byte `at` on, the first the least significant."""
        strided = np.ndarray((self.rows,), f"<u{size}", self.data, at, (self.width,))
        return strided.copy()  # two to three times as fast to work on

    def in_parts(self, read: Callable[[Grid], np.ndarray | None]) -> np.ndarray | None:
        """(rows,) int64: what `read` finds in each cell, or None if it finds nothing in one.

        So few rows at a time that what is worked out on the way stays in the
        processor's cache, and is no new memory each time.
        """
        found = np.empty(self.rows, dtype=np.int64)
        for start in range(0, self.rows, ROWS_AT_ONCE):
            rows = min(ROWS_AT_ONCE, self.rows - start)
            part = read(Grid(self.data.slice(start * self.width, rows * self.width), rows, self.width))
            if part is None:
                return None
            found[start : start + rows] = part
        return found


def grid_of(cells: pa.StringArray) -> Grid | None:
    """The cells as a grid; None if they are not equally long, or if there are none or one is missing."""
    if not len(cells) or cells.null_count:
        return None
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int32, len(cells) + 1, 4 * cells.offset)
    first, width = int(ends[0]), int(ends[1] - ends[0])
    size = int(ends[-1]) - first
    # the total tells most columns of texts apart, and the second test is not needed
    if width == 0 or size != width * len(cells) or (ends[1:] - ends[:-1] != width).any():
        return None
    return Grid(data.slice(first, size), len(cells), width)


def whole_number(grid: Grid, start: int, stop: int) -> np.ndarray | None:
    """(rows,) int64: the number that bytes `start` to `stop` of each cell say; None if one is no digit.

    At most MOST_DIGITS of them.
    """
    total: np.ndarray | None = None
    for at, size in _word_places(start, stop):
        if (number := number_of(grid.words(at, size))) is None:
            return None
        if total is None:
            total = number
        else:
            total *= 10**size
            total += number
    return total


def digits(grid: Grid) -> np.ndarray | None:
    """(rows,) int64: the cells as numbers; None if one holds anything but digits, or too many."""
    return whole_number(grid, 0, grid.width) if grid.width <= MOST_DIGITS else None


def _word_places(start: int, stop: int) -> list[tuple[int, int]]:
    """(first byte, bytes) of the words that make up a range, the longest first."""
    places = []
    for size in _WORD_BYTES:
        while stop - start >= size:
            places.append((start, size))
            start += size
    return places


def number_of(words: np.ndarray, masks: np.ndarray | None = None) -> np.ndarray | None:
    """(rows,) int64: words of digits as the numbers they write, or None if a byte is no digit.

    masks: (rows,); bytes that they take away count as the digit 0

    Neighbours are joined in pairs: digits to numbers below 100, these to
    numbers below 10,000, these to numbers below 10 ** 8. Works in place.
    """
    size = words.itemsize
    kind = words.dtype.type
    words ^= kind(_ZEROS >> 8 * (8 - size))  # digits become 0 to 9
    if masks is not None:
        words &= masks
    lifted = words + kind(_LIFT >> 8 * (8 - size))
    lifted |= words
    if np.bitwise_or.reduce(lifted) & kind(_HIGH >> 8 * (8 - size)):
        return None
    for width, factor, kept in _STEPS:
        if width < size:  # left · factor + right, at the place of the right one
            words *= kind((factor << 8 * width) + 1)
            words >>= kind(8 * width)
            words &= kind(kept & (1 << 8 * size) - 1)
    return words.view(np.int64) if size == 8 else words.astype(np.int64)
