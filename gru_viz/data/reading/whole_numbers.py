"""Is this file, or this column, nothing but plain whole numbers, so that it may be read as such?

Ids are text, and 007 is not 7. But a log of SessionId, ItemId, Time in plain
numbers, the commonest kind, is read in half the time as numbers; and it can be
proven afterwards that nothing was lost. A number written in another way (007,
+7, 7.0, a blank beside it) is longer than the plain one or not parsed at all,
so if the plain forms of all numbers add up to the size of the text, every cell
was plain. (Hexadecimal, the one exception, is ruled out first.)
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from gru_viz.data.reading.dialect import Dialect
from gru_viz.data.reading.encoding import Text

# The first rows decide whether it is worth trying.
LOOKED_AT = 4096
# Columns that play no role must be parsed, too; past so many that costs more than it saves.
MAX_WIDTH = 6


def worth_trying(text: Text, dialect: Dialect) -> bool:
    """Are the first rows nothing but whole numbers, and is no number of the file hexadecimal?"""
    head = text.data[dialect.body : dialect.body + LOOKED_AT]
    between = re.escape(dialect.delimiter.encode())
    numbers = re.fullmatch(rb"[-0-9\r\n" + between + rb"]+", head)
    return numbers is not None and dialect.width <= MAX_WIDTH and not text.hexadecimal


def parse_whole_numbers(
    body: pa.Buffer, dialect: Dialect, line_end: int, block_bytes: int
) -> list[pa.ChunkedArray] | None:
    """All columns of a piece as int64, or None if any cell is anything but a whole number in plain form.

    line_end: bytes at the end of each row
    """
    names = [str(i) for i in range(dialect.width)]
    try:
        table = pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(column_names=names, block_size=block_bytes, use_threads=False),
            parse_options=pacsv.ParseOptions(delimiter=dialect.delimiter, quote_char=False),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.int64()), null_values=[]
            ),
        )
    except pa.ArrowInvalid:
        return None
    return list(table.columns) if _all_plain(table, body, line_end) else None


def line_end_bytes(text: Text, dialect: Dialect) -> int:
    return 2 if b"\r\n" in text.data[dialect.body : dialect.body + LOOKED_AT] else 1


def whole_numbers(cells: pa.ChunkedArray) -> np.ndarray | None:
    """(N,) int64, or None if any cell of the column is anything but a whole number in plain form.

    uint64 where Parquet holds some beyond int64
    """
    if cells.null_count:
        return None
    if pa.types.is_integer(cells.type):
        return _as_int64(cells.to_numpy())
    if not pa.types.is_string(cells.type):
        return None
    try:
        cells.slice(0, 1).cast(pa.int64())  # a column of text should not cost an attempt on every cell
        numbers = cells.cast(pa.int64())
    except pa.ArrowInvalid:
        return None
    plain = pc.sum(pc.binary_length(cells)).as_py() == _digits(numbers)
    return numbers.to_numpy() if plain and not _any_after_zero(cells) else None


def _as_int64(numbers: np.ndarray) -> np.ndarray:
    too_large = numbers.dtype == np.uint64 and numbers.max(initial=0) > np.iinfo(np.int64).max
    return numbers if too_large else numbers.astype(np.int64, copy=False)


def _any_after_zero(cells: pa.ChunkedArray) -> bool:
    """Does anything come after a zero at the start, as in hexadecimal 0x1F?"""
    longer = pc.greater(pc.binary_length(cells), 1)
    return pc.any(pc.and_(pc.starts_with(cells, "0"), longer)).as_py() is True


def _all_plain(table: pa.Table, body: pa.Buffer, line_end: int) -> bool:
    """Do the plain forms, delimiters and line ends add up to the bytes there are?"""
    last = body[-line_end:].to_pybytes()
    ends = table.num_rows - (last not in (b"\n", b"\r\n", b"\r"))
    marks = table.num_rows * (table.num_columns - 1) + ends * line_end
    return marks + sum(map(_digits, table.columns)) == body.size


def _digits(column: pa.ChunkedArray) -> int:
    """Characters of all numbers of a column in plain form, minus signs included."""
    total = 0
    for chunk in column.chunks:
        numbers = chunk.to_numpy()
        if not len(numbers):
            continue
        size = np.abs(numbers) if (negative := int(np.count_nonzero(numbers < 0))) else numbers
        least, most = len(str(size.min())), len(str(size.max()))
        total += len(numbers) * least + negative
        total += sum(int(np.count_nonzero(size >= 10**digits)) for digits in range(least, most))
    return total
