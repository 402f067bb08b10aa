"""Where do the cells of a text stand that holds neither quotes nor odd rows?

Between delimiters and line ends, all of which NumPy finds at once. The rows of
a piece have as many as the header promises, each at its place, or all of them
are left to a parser, which tells an empty line from a damaged one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from gru_viz.data.reading.pieces import Piece
from gru_viz.data.reading.source import Buffer

WORD = 8
LINE_END, RETURN = b"\n"[0], b"\r"[0]
# Tabs and all that may end a line are less.
FIRST_PLAIN = 14
# Bytes looked at together: few enough for the processor's cache, so many that NumPy's calls do not count.
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Cells:
    """Cells of one column: that of row n is bytes starts[n] to ends[n] of the text, never of its first 8.

    text:         (bytes,) uint8
    starts, ends: (rows,) int64
    """

    text: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        return len(self.ends)

    @cached_property
    def lengths(self) -> np.ndarray:
        return self.ends - self.starts

    def texts(self) -> pa.StringArray:
        """The cells as Arrow holds texts. It copies them out of the rows: each second span is a cell."""
        first = int(self.starts[0])
        spans = np.empty(2 * len(self), dtype=np.int32)
        spans[0::2] = self.starts - first
        spans[1::2] = self.ends - first
        whole = pa.py_buffer(self.text[first:])
        between = pa.StringArray.from_buffers(len(spans) - 1, pa.py_buffer(spans), whole)
        return between.take(pa.array(np.arange(0, len(spans), 2)))

    def behind(self, prefix: bytes) -> Cells | None:
        """What stands in each cell after these bytes; None if one does not begin with them, or ends there."""
        if not prefix:
            return self
        if int(self.lengths.min()) <= len(prefix):
            return None
        for place, byte in enumerate(prefix):
            if (self.text[place:][self.starts] != byte).any():
                return None
        return Cells(self.text, self.starts + len(prefix), self.ends)

    def bytes_before(self, place: int) -> np.ndarray:
        """(rows,) uint64: the eight bytes that end `place` before each cell's end, whosever they are."""
        words = np.ndarray((len(self.text) - WORD + 1,), "<u8", self.text, 0, (1,))
        # where a cell has none so far left, this may point before the text; who asks masks it
        found: np.ndarray = words[self.ends - (WORD + place)]
        return found


@dataclass(frozen=True)
class PlainRows:
    """Rows of a text, in blocks.

    text:   (bytes,) uint8
    blocks: (byte at which it begins, (rows, marks) int64: where the delimiters and line ends of its rows are)
    """

    text: np.ndarray
    blocks: Sequence[tuple[int, np.ndarray]]

    def __len__(self) -> int:
        return sum(len(marks) for _, marks in self.blocks)

    def first(self, index: int) -> str:
        """What the first cell of a column says."""
        start, marks = self.blocks[0]
        if index:
            start = marks[0, index - 1] + 1
        return self.text[start : marks[0, index]].tobytes().decode()

    def column(self, index: int) -> Iterator[Cells]:
        """The cells of a column, block after block."""
        for first, marks in self.blocks:
            ends = marks[:, index].copy()
            before = marks[:, index - 1] if index else np.append(first - 1, marks[:-1, -1])
            yield Cells(self.text, before + 1, ends)

    def texts(self, index: int) -> pa.ChunkedArray:
        return pa.chunked_array([cells.texts() for cells in self.column(index)])


def plain_rows(data: Buffer, piece: Piece, delimiter: str, width: int) -> PlainRows | None:
    """The rows of a piece of a text without quotes; None if one has not `width` cells, or ends oddly."""
    start, stop = piece
    if start < WORD or len(data) < 8 * WORD:
        return None
    text = np.frombuffer(data, dtype=np.uint8)
    blocks = []
    while start < stop:
        end = min(stop, start + BLOCK_BYTES)
        if end < stop:
            end = data.rfind(b"\n", start, end) + 1
        marks = _marks(text[start:end], ord(delimiter), width) if end else None
        if marks is None:
            return None
        marks += start
        blocks.append((start, marks))
        start = end
    return PlainRows(text, blocks)


def _marks(text: np.ndarray, delimiter: int, width: int) -> np.ndarray | None:
    """(rows, width) int64, one more if lines end in CR LF; None if the rows are not plain."""
    mark = text == delimiter
    delimiters = int(np.count_nonzero(mark))
    mark |= text < FIRST_PLAIN
    marks = np.flatnonzero(mark)
    if text[-1] != LINE_END:  # the end of the file is one, too
        text, marks = np.append(text, np.uint8(LINE_END)), np.append(marks, len(text))
    first_row = text[marks[:width]].tolist()
    a_row = width + (first_row[-1] == RETURN)
    rows = len(marks) // a_row
    if len(marks) != rows * a_row or delimiters != rows * (width - 1):
        return None
    table: np.ndarray = marks.reshape(rows, a_row)
    # the marks that are no delimiter end the rows; so every other mark is one
    ends = table[:, -1]
    if (text.take(ends) != LINE_END).any():
        return None
    if a_row > width and (text.take(ends - 1) != RETURN).any():
        return None
    return table
