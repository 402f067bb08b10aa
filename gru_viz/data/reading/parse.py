"""What do the cells of a delimited text say?

pyarrow parses pieces of the text side by side, in one strict pass, every cell
as text; of each piece only codes and distinct values are kept. Only when it
refuses does a second, slow pass look for the row to name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gru_viz.data.reading.dialect import Dialect
from gru_viz.data.reading.encoded import Encoded, Part, encode, encode_numbers
from gru_viz.data.reading.encoding import Text
from gru_viz.data.reading.faults import row_error, row_of
from gru_viz.data.reading.findings import Findings, counted
from gru_viz.data.reading.moments import Moments, TimeColumn, plain_moments, time_column
from gru_viz.data.reading.pieces import Piece, cut, cut_quoted, size_for
from gru_viz.data.reading.plain_numbers import moments_of, numbered_ids
from gru_viz.data.reading.plain_rows import PlainRows, plain_rows
from gru_viz.data.reading.progress import Progress, in_turn, workers
from gru_viz.errors import quote

# What pyarrow parses at a time; a row must fit in it. Larger blocks fall out of the processor's cache.
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class _Parsed:
    """What is kept of a piece.

    rows:     clicks in it
    cells:    role → its ids or words; not the time
    times:    its times if they are plain, else their cells; None where the file has none
    filled:   (row of the piece, cell) of the first cell beyond the header's names that is not blank
    comments: lines skipped because they start with '#'
    """

    rows: int
    cells: Mapping[str, Part]
    times: Moments | pa.ChunkedArray | None
    filled: tuple[int, str] | None = None
    comments: int = 0


def parse(
    text: Text, dialect: Dialect, findings: Findings, progress: Progress
) -> tuple[dict[str, Encoded], TimeColumn | None]:
    """Role → ids or words, exactly as written, and the times; blank lines left out. Raises InputError."""
    parsed = _pieces(text, dialect, findings, progress)
    if not sum(piece.rows for piece in parsed):
        raise findings.error("there are no rows under the header", "give at least two clicks")
    _refuse_filled(parsed, text, dialect, findings)
    if comments := sum(piece.comments for piece in parsed):
        findings.warn(f"{counted(comments, 'line')} starting with '#' between the rows skipped")
    cells = {role: Encoded([piece.cells[role] for piece in parsed]) for role in parsed[0].cells}
    times = [piece.times for piece in parsed if piece.times is not None]
    # the cells are seldom needed again: for a message, or if pieces differ
    return cells, time_column(times, partial(_time_cells, text, dialect)) if times else None


def _pieces(text: Text, dialect: Dialect, findings: Findings, progress: Progress) -> list[_Parsed]:
    pieces = _text_pieces(text, dialect, findings)
    try:
        return in_turn(partial(_parsed, text, dialect), pieces, progress)
    except pa.ArrowInvalid as error:
        raise row_error(text, dialect, findings) or findings.error(
            f"cannot be parsed ({quote(str(error))})", "export the log again"
        ) from None


def _parsed(text: Text, dialect: Dialect, piece: Piece) -> _Parsed:
    if not _quoted(text, dialect) and not dialect.has_extra_cell:
        rows = plain_rows(text.data, piece, dialect.delimiter, dialect.width)
        if rows is not None:
            return _parsed_in_place(rows, dialect)
    return _parsed_by_arrow(text, dialect, piece)


def _parsed_in_place(rows: PlainRows, dialect: Dialect) -> _Parsed:
    cells: dict[str, Part] = {}
    times: Moments | pa.ChunkedArray | None = None
    for role, index in dialect.roles.items():
        if role == "time":
            times = moments_of(rows, index) or _times(rows.texts(index))
        else:
            cells[role] = _encoded(rows, index, in_order=role != "item")
    return _Parsed(len(rows), cells, times)


def _parsed_by_arrow(text: Text, dialect: Dialect, piece: Piece) -> _Parsed:
    roles = dict(dialect.roles)
    time = roles.pop("time", None)
    skipped = _Skipped()
    indices = [*dialect.roles.values(), *([dialect.width - 1] if dialect.has_extra_cell else [])]
    columns = _columns(text, dialect, piece, indices, skipped)
    cells = None if time is None else columns[time]
    return _Parsed(
        len(columns[indices[0]]),
        {role: encode(columns[index], in_order=role != "item") for role, index in roles.items()},
        None if cells is None else _times(cells),
        _filled(columns[dialect.width - 1]) if dialect.has_extra_cell else None,
        skipped.comments,
    )


def _encoded(rows: PlainRows, index: int, in_order: bool) -> Part:
    if (found := numbered_ids(rows, index)) is not None:
        prefix, numbers = found
        return replace(encode_numbers(numbers, in_order), prefix=prefix)
    return encode(rows.texts(index), in_order)


def _times(cells: pa.ChunkedArray) -> Moments | pa.ChunkedArray:
    return plain_moments(cells) or cells


def _text_pieces(text: Text, dialect: Dialect, findings: Findings) -> list[Piece]:
    size = _size(text, dialect)
    if not _quoted(text, dialect):
        return cut(text.data, dialect.body, size)
    pieces, offset = cut_quoted(text.data, dialect.body, size, dialect.delimiter)
    if offset is None:
        return pieces
    excerpt = text.data[offset : offset + 80].decode("utf-8", "ignore").splitlines()[0]
    raise findings.error(
        f"a quote opens here and is not closed at the end of its cell: {quote(excerpt)}",
        "close it, and double every quote inside a quoted cell",
        row=text.row_at(offset),
    )


@dataclass
class _Skipped:
    """Counts the comments among the rows that are not clicks; blank lines are the others."""

    comments: int = 0

    def __call__(self, row: pacsv.InvalidRow) -> str:
        if row.text.strip():
            if not row.text.startswith("#"):
                return "error"
            self.comments += 1
        return "skip"


def _columns(
    text: Text, dialect: Dialect, piece: Piece, indices: list[int], skipped: _Skipped
) -> dict[int, pa.ChunkedArray]:
    """Index → cells as text. Raises pa.ArrowInvalid for a row with too many or too few."""
    body = _body(text, piece)
    wanted = [str(i) for i in indices]
    table = pacsv.read_csv(
        pa.BufferReader(body),
        read_options=pacsv.ReadOptions(
            column_names=[str(i) for i in range(dialect.width)], block_size=BLOCK_BYTES, use_threads=False
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=dialect.delimiter,
            quote_char='"' if _quoted(text, dialect) else False,
            newlines_in_values=_quoted(text, dialect),
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
    return dict(zip(indices, table.columns, strict=True))


def _size(text: Text, dialect: Dialect) -> int:
    return size_for(len(text.data) - dialect.body, workers())


def _quoted(text: Text, dialect: Dialect) -> bool:
    """Whether a row, not only the header, holds a quote."""
    return text.last_quote >= dialect.body


def _body(text: Text, piece: Piece) -> pa.Buffer:
    start, end = piece
    return pa.py_buffer(text.data).slice(start, end - start)


def _time_cells(text: Text, dialect: Dialect) -> pa.ChunkedArray:
    index = dialect.roles["time"]
    pieces = _text_pieces(text, dialect, Findings(""))  # parsed before: nothing new can be found
    parts = [_columns(text, dialect, piece, [index], _Skipped())[index] for piece in pieces]
    return pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=pa.string())


def _filled(extra: pa.ChunkedArray) -> tuple[int, str] | None:
    index = pc.index(pc.not_equal(pc.utf8_trim_whitespace(extra), ""), True).as_py()
    return None if index < 0 else (index, extra[index].as_py())


def _refuse_filled(parsed: list[_Parsed], text: Text, dialect: Dialect, findings: Findings) -> None:
    """Raises InputError if the cell after the last delimiter, which has no name, holds something."""
    above = 0
    for piece in parsed:
        if piece.filled is not None:
            index, cell = piece.filled
            raise findings.error(
                f"{dialect.width} cells where the header names {len(dialect.header)}, the last {quote(cell)}",
                "name every column in the header",
                row=row_of(text, dialect, above + index),
            )
        above += piece.rows
