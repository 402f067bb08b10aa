"""On which line does a row stand, and what is wrong with it?

Slow: a second pass over the text in plain Python, for messages only.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator

import pyarrow as pa

from gru_viz.data.reading.dialect import DELIMITER_NAMES, Dialect
from gru_viz.data.reading.encoding import Text
from gru_viz.data.reading.findings import Findings, counted
from gru_viz.errors import quote


def row_of(text: Text, dialect: Dialect, index: int) -> int:
    """The line on which the `index`-th parsed row begins (header = 1)."""
    try:
        line, _ = next(itertools.islice(_records(text, dialect), index, None))
    except (_LongCellError, StopIteration):
        return index + 1 + dialect.has_header
    return line


class _LongCellError(Exception):
    """A row that begins on line `args[0]` holds a cell too long for csv."""


def row_error(text: Text, dialect: Dialect, findings: Findings) -> Exception | None:
    """What is wrong with the first row that has too few, too many or too long cells."""
    try:
        for line, row in _records(text, dialect):
            if len(row) != dialect.width:
                return _width_error(row, line, dialect, findings)
    except _LongCellError as long:
        return findings.error(
            f"a cell of more than {csv.field_size_limit():,} characters",
            "shorten it, or close a quote left open",
            row=long.args[0],
        )
    return None


def _width_error(row: list[str], line: int, dialect: Dialect, findings: Findings) -> Exception:
    names = len(dialect.header)
    start = quote(dialect.delimiter.join(row))
    if len(row) < names:
        remedy = "is the file cut short? complete the row"
    else:
        remedy = f"put cells that contain a {DELIMITER_NAMES[dialect.delimiter]} in double quotes"
    return findings.error(f"{counted(len(row), 'cell')} instead of {names}: {start}", remedy, row=line)


def _records(text: Text, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of every row that is a click, right or wrong."""
    before = text.data[text.start : dialect.body]
    above = Text(before + b".", 0, "").row_at(len(before)) - 1
    lines = io.TextIOWrapper(
        pa.BufferReader(pa.py_buffer(text.data).slice(dialect.body)), encoding="utf-8", newline=""
    )
    reader = csv.reader(lines, delimiter=dialect.delimiter)
    begins = above + 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # longer than csv's 128 KiB
            raise _LongCellError(begins) from None
        blank = not "".join(row).strip() and len(row) != dialect.width
        comment = len(row) != dialect.width and not blank and row[0].startswith("#")
        if not blank and not comment:
            yield begins, row
        begins = above + reader.line_num + 1
