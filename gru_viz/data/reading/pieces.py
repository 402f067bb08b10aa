"""Where may a text be cut so that no row is torn?

At a line end outside quotes. So quotes are proven well-formed first, piece by
piece: of a piece that begins with a row and whose quotes are all closed, the
line end at its end is one outside quotes, and the next piece begins with a row.
"""

from __future__ import annotations

from gru_viz.data.reading.quotes import bad_quote
from gru_viz.data.reading.source import Buffer

Piece = tuple[int, int]  # of the text: from byte, to byte

# Large enough that few ids are looked up again in the next piece, small enough for the processor's cache.
PIECE_BYTES = 8 << 20
# A file of less is not worth a second piece.
LEAST_BYTES = 1 << 20
# What tells which line ends a file uses.
LOOKED_AT = 1 << 16
# A piece that has grown to so many times its size, still inside quotes, takes the rest of the file.
MOST_GROWN = 16


def size_for(length: int, workers: int) -> int:
    """Bytes a piece so that each worker gets a share, though none that is too small or too large."""
    return min(PIECE_BYTES, max(LEAST_BYTES, length // workers))


def cut(data: Buffer, start: int, size: int) -> list[Piece]:
    """Pieces of about `size` bytes from byte `start` on, of a text without quotes."""
    line_end = _line_end(data, start)
    pieces = []
    while start < len(data):
        end = _next_end(data, start + size, line_end)
        pieces.append((start, end))
        start = end
    return pieces


def cut_quoted(data: Buffer, start: int, size: int, delimiter: str) -> tuple[list[Piece], int | None]:
    """The same of a text with quotes; and the offset of the first quote that is not closed, or None."""
    line_end = _line_end(data, start)
    pieces: list[Piece] = []
    while start < len(data):
        end = _next_end(data, start + size, line_end)
        # up to an opening quote whose cell goes on beyond `end` all is proven
        bad = bad_quote(data, start, end, delimiter)
        while bad is not None and end < len(data):
            grown = end - start > MOST_GROWN * size
            end = len(data) if grown else _next_end(data, end, line_end)
            bad = bad_quote(data, bad, end, delimiter)
        if bad is not None:
            return pieces, bad
        pieces.append((start, end))
        start = end
    return pieces, None


def _line_end(data: Buffer, start: int) -> bytes:
    head = data[start : start + LOOKED_AT]
    return b"\r" if b"\r" in head and b"\n" not in head else b"\n"


def _next_end(data: Buffer, at: int, line_end: bytes) -> int:
    """Where the line that holds byte `at` ends."""
    if at >= len(data):
        return len(data)
    return data.find(line_end, at) + 1 or len(data)
