"""What do the cells of a delimited text say?

pyarrow parses in one strict pass, every cell as text. Only when it refuses does
a second, slow pass look for the row to name.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gru_viz.data.reading.dialect import DELIMITER_NAMES, Dialect
from gru_viz.data.reading.encoding import Text
from gru_viz.data.reading.findings import Findings, counted
from gru_viz.data.reading.quotes import bad_quote
from gru_viz.data.reading.whole_numbers import parse_whole_numbers
from gru_viz.errors import quote

# One piece of the parse; a row must fit in it. Larger pieces fall out of the processor's cache.
BLOCK_BYTES = 1 << 20


@dataclass
class _Skipped:
    """Counts the rows that are not clicks: blank lines and comments."""

    width: int
    blank: int = 0
    comments: int = 0

    def __call__(self, row: pacsv.InvalidRow) -> str:
        if not row.text.strip():
            self.blank += 1
        elif row.text.startswith("#"):
            self.comments += 1
        else:
            return "error"
        return "skip"


def parse(text: Text, dialect: Dialect, indices: list[int], findings: Findings) -> list[pa.ChunkedArray]:
    """The columns at `indices`, blank lines left out. Raises InputError.

    Cells are text, exactly as written; or int64 where every cell of the file is
    a whole number in plain form, so that text and number are the same.
    """
    quoted = '"' in text.first  # perhaps in the header only, which does no harm
    if not quoted and (numbers := parse_whole_numbers(text, dialect, BLOCK_BYTES)):
        return [numbers[index] for index in indices]
    if quoted:
        _refuse_bad_quotes(text, dialect, findings)
    skipped = _Skipped(dialect.width)
    extra = [dialect.width - 1] if dialect.has_extra_cell else []
    try:
        cells = _read(text, dialect, indices + extra, quoted, skipped)
    except pa.ArrowInvalid as error:
        raise _row_error(text, dialect, findings) or findings.error(
            f"cannot be parsed ({quote(str(error))})", "export the log again"
        ) from None
    if len(cells[0]) == 0:
        raise findings.error("there are no rows under the header", "give at least two clicks")
    if extra:
        _refuse_filled(cells.pop(), text, dialect, findings)
    if skipped.comments:
        findings.warn(f"{counted(skipped.comments, 'line')} starting with '#' between the rows skipped")
    return cells


def row_of(text: Text, dialect: Dialect, index: int) -> int:
    """The line on which the `index`-th parsed row begins (header = 1). Slow: only for messages."""
    try:
        line, _ = next(itertools.islice(_records(text, dialect), index, None))
    except (_LongCellError, StopIteration):
        return index + 1 + dialect.has_header
    return line


def _read(
    text: Text, dialect: Dialect, indices: list[int], quoted: bool, skipped: _Skipped
) -> list[pa.ChunkedArray]:
    names = [str(i) for i in range(dialect.width)]
    wanted = [str(i) for i in indices]
    body = pa.py_buffer(text.data).slice(dialect.body)
    if body.size == 0:  # pyarrow calls this an error; it is a header without rows
        return [pa.chunked_array([], type=pa.string()) for _ in wanted]
    table = pacsv.read_csv(
        pa.BufferReader(body),
        read_options=pacsv.ReadOptions(column_names=names, block_size=BLOCK_BYTES),
        parse_options=pacsv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char='"' if quoted else False,
            newlines_in_values=quoted,
            invalid_row_handler=skipped,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(wanted, pa.string()),
            include_columns=wanted,
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
            check_utf8=False,  # `as_utf8` has checked the whole file
        ),
    )
    return list(table.columns)


def _refuse_bad_quotes(text: Text, dialect: Dialect, findings: Findings) -> None:
    offset = bad_quote(text.data, dialect.body, dialect.delimiter)
    if offset is None:
        return
    raise findings.error(
        f"a quote opens here and is not closed at the end of its cell: {quote(_excerpt(text, offset))}",
        "close it, and double every quote inside a quoted cell",
        row=text.row_at(offset),
    )


def _excerpt(text: Text, offset: int) -> str:
    return text.data[offset : offset + 80].decode("utf-8", "ignore").splitlines()[0]


def _refuse_filled(extra: pa.ChunkedArray, text: Text, dialect: Dialect, findings: Findings) -> None:
    """Raises InputError if the cell after the last delimiter, which has no name, holds something."""
    index = pc.index(pc.not_equal(pc.utf8_trim_whitespace(extra), ""), True).as_py()
    if index >= 0:
        cell = quote(extra[index].as_py())
        raise findings.error(
            f"{dialect.width} cells where the header names {len(dialect.header)}, the last {cell}",
            "name every column in the header",
            row=row_of(text, dialect, index),
        )


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


class _LongCellError(Exception):
    """A row that begins on line `args[0]` holds a cell too long for csv."""


def _row_error(text: Text, dialect: Dialect, findings: Findings) -> Exception | None:
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
