"""Is every quoted cell closed, so that no row swallows the next?

A parser that meets an unclosed quote joins rows without a word. So the quotes
are proven well-formed first: each opens at the start of a cell and closes at
its end, with quotes inside doubled. A quote in the middle of an unquoted cell
(5" pipe) is a character like any other.
"""

from __future__ import annotations

import numpy as np

from gru_viz.data.reading.source import Buffer

QUOTE = ord('"')
_LINE_ENDS = (ord("\n"), ord("\r"))
# Pieces in which quotes are looked for: a mask of the whole file would double its memory.
PIECE = 8 << 20


def bad_quote(data: Buffer, start: int, end: int, delimiter: str) -> int | None:
    """Offset of the first opening quote that is not closed at its cell's end, or None.

    A cell begins at `start`; nothing is looked at from `end` on.
    """
    codes = np.frombuffer(data, dtype=np.uint8, count=end - start, offset=start)
    at = np.concatenate(
        [np.flatnonzero(codes[i : i + PIECE] == QUOTE) + i for i in range(0, len(codes), PIECE)]
    )
    if len(at) == 0:
        return None
    opens, closes, doubled = _roles(codes, delimiter, at)
    if _alternate(opens, closes, doubled):
        return None
    if opens[-1] and _alternate(opens[:-1], closes[:-1], np.append(doubled[:-2], False)):
        return start + int(at[-1])  # only the last one is open
    bad = _first_bad(at, opens, closes, doubled)
    return None if bad is None else start + bad


def _roles(codes: np.ndarray, delimiter: str, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per quote, (K,) bool each: stands at a cell's start, at its end, right before another quote."""
    edges = np.array([ord(delimiter), *_LINE_ENDS], dtype=np.uint8)
    before, after = codes[np.maximum(at - 1, 0)], codes[np.minimum(at + 1, len(codes) - 1)]
    opens = np.isin(before, edges) | (at == 0)
    closes = np.isin(after, edges) | (at == len(codes) - 1)
    doubled = np.append(np.diff(at) == 1, False)
    return opens, closes, doubled


def _alternate(opens: np.ndarray, closes: np.ndarray, doubled: np.ndarray) -> bool:
    """True if quotes are well-formed and none stands in the middle of a cell.

    Then they alternate: 1st, 3rd, … open a cell (or are the second of a doubled
    pair), 2nd, 4th, … close it (or are the first of a pair).
    """
    second_of_pair = np.append(False, doubled[:-1])
    opening, closing = slice(0, None, 2), slice(1, None, 2)
    return (
        len(opens) % 2 == 0
        and bool((opens | second_of_pair)[opening].all())
        and bool((closes | doubled)[closing].all())
    )


def _first_bad(at: np.ndarray, opens: np.ndarray, closes: np.ndarray, doubled: np.ndarray) -> int | None:
    """The same, quote by quote, for files with quotes in the middle of cells."""
    opens_, closes_, doubled_ = opens.tolist(), closes.tolist(), doubled.tolist()
    i = 0
    while i < len(opens_):
        if not opens_[i]:
            i += 1
            continue
        opened = i
        i += 1
        while i < len(opens_) and doubled_[i]:
            i += 2
        if i >= len(opens_) or not closes_[i]:
            return int(at[opened])
        i += 1
    return None
