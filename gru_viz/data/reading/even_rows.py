"""Which cells does a text hold whose rows are all laid out alike, to the byte?

Machines write such logs: ids of equal length, epoch or ISO times. Then each
column is a slice of a matrix of bytes and nothing has to be parsed. A piece in
which one row differs is left to a parser.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from gru_viz.data.reading.fixed_width import word_places

LINE_END, BLANK = ord("\n"), ord(" ")
# Rows looked at together, so that they are still in the processor's cache when they are cut.
BLOCK_BYTES = 1 << 20


def cut_even_rows(
    body: pa.Buffer, delimiter: str, width: int, columns: Iterable[int]
) -> dict[int, pa.ChunkedArray] | None:
    """Index → cells as text, of rows of `width` cells; None if rows differ in where their cells end.

    No character of the text is a quote.
    """
    length = body.slice(0, min(BLOCK_BYTES, body.size)).to_pybytes().find(b"\n") + 1
    if not length or body.size % length:
        return None
    rows = np.frombuffer(body, np.uint8).reshape(-1, length)
    ends = np.flatnonzero((rows[0] == ord(delimiter)) | (rows[0] == LINE_END))
    if len(ends) != width or ends[0] == 0 or (np.diff(ends) == 1).any():  # empty cells are left to the parser
        return None
    starts = np.append(0, ends[:-1] + 1)
    chunks: dict[int, list[pa.StringArray]] = {column: [] for column in columns}
    for block in np.array_split(rows, -(-body.size // BLOCK_BYTES)):
        if not _alike(block, ord(delimiter), ends):
            return None
        for column, found in chunks.items():
            found.append(_texts(block, int(starts[column]), int(ends[column])))
    return {column: pa.chunked_array(found, type=pa.string()) for column, found in chunks.items()}


def _alike(rows: np.ndarray, delimiter: int, ends: np.ndarray) -> bool:
    """Whether delimiters and line ends stand at the ends of the cells, and nowhere else."""
    characters = rows.reshape(-1)
    marks = np.count_nonzero(characters < BLANK)  # line ends, tabs, and what is best left to the parser
    if delimiter >= BLANK:
        marks += np.count_nonzero(characters == delimiter)
    return (
        marks == len(rows) * len(ends)
        and bool((rows[:, ends[-1]] == LINE_END).all())
        and all(bool((rows[:, end] == delimiter).all()) for end in ends[:-1])
    )


def _texts(rows: np.ndarray, start: int, end: int) -> pa.StringArray:
    """Bytes `start` to `end` of each row as a text."""
    count, length = rows.shape
    width = end - start
    characters = np.empty(count * width, dtype=np.uint8)
    for at, size in word_places(0, width):  # NumPy copies short pieces of rows byte by byte
        column = np.ndarray((count,), f"<u{size}", rows, start + at, (length,))
        np.ndarray((count,), f"<u{size}", characters, at, (width,))[:] = column
    ends = np.arange(count + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(characters))
