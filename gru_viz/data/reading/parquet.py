"""What do the columns of a Parquet file say, and may they be unpacked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq

from gru_viz.data.reading import columns
from gru_viz.data.reading.columns import Wanted
from gru_viz.data.reading.dialect import MAX_COLUMNS
from gru_viz.data.reading.encoded import Encoded, Part, encode, encode_dictionary
from gru_viz.data.reading.findings import Findings, counted
from gru_viz.data.reading.moments import Moments, TimeColumn, plain_moments, time_column
from gru_viz.data.reading.progress import READING, Progress, ReadSoFar
from gru_viz.data.reading.source import Buffer

# 5 times the largest log we mean to read; more rows do not fit into 4 GB however small the cells.
MAX_ROWS = 100_000_000
# A 0.9 MB file unpacked to 3.2 GB: run-length codes make rows free. Real logs unpack 2 to 30 times.
MAX_RATIO = 100
# Below this an unpacked file does no harm, whatever its ratio.
FREE_BYTES = 512 << 20
# What one cell takes at least once unpacked.
CELL_BYTES = 8
# What is unpacked at a time.
ROWS_AT_ONCE = 1 << 18

# What a damaged file makes pyarrow raise, depending on the byte that was hit.
_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, MemoryError, NotImplementedError)


def read_parquet(
    data: Buffer, wanted: Wanted, mapping: Mapping[str, str], findings: Findings, progress: Progress
) -> tuple[dict[str, str], dict[str, Encoded | pa.ChunkedArray], TimeColumn | None]:
    """(role → column name, role → cells, times) of the roles wanted. Raises InputError.

    Size and types are judged from the file's footer, before a cell is unpacked.
    Text columns come dictionary-encoded, so a long cell repeated a million
    times stays one long cell.
    """
    footer = _footer(data, findings)
    names = footer.schema_arrow.names
    if len(names) > MAX_COLUMNS:
        raise findings.error(
            f"more than {MAX_COLUMNS:,} columns", "keep session, item, time, title, category"
        )
    roles = columns.resolve(names, wanted, mapping, findings)
    chosen = {role: names[index] for role, index in roles.items()}
    _refuse_nested(footer.schema_arrow, chosen, findings)
    _refuse_bomb(footer, len(data), len(chosen), findings)
    cells, times = _read(data, chosen, findings, progress)
    if footer.metadata.num_rows == 0:
        raise findings.error("there are no rows", "give at least two clicks")
    return chosen, cells, times


def _footer(data: Buffer, findings: Findings) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(pa.BufferReader(pa.py_buffer(data)))
    except _DAMAGE:
        raise _damaged(findings) from None


def _damaged(findings: Findings) -> Exception:
    return findings.error("the Parquet file is damaged or cut short", "write or download it again")


def _refuse_nested(schema: pa.Schema, chosen: Mapping[str, str], findings: Findings) -> None:
    for role, name in chosen.items():
        kind = schema.field(name).type
        if pa.types.is_nested(kind):
            raise findings.error(
                f"nested values ({kind.id and str(kind)[:40]}) where one {role} a row is needed",
                "write one click a row",
                column=name,
            )


def _refuse_bomb(footer: pq.ParquetFile, file_bytes: int, columns_read: int, findings: Findings) -> None:
    rows = footer.metadata.num_rows
    unpacked = max(rows * columns_read * CELL_BYTES, _uncompressed(footer))
    if rows > MAX_ROWS or unpacked > max(FREE_BYTES, MAX_RATIO * file_bytes):
        raise findings.error(
            f"{counted(rows, 'row')} in a file of {file_bytes:,} bytes would unpack to "
            f"{unpacked >> 20:,} MiB or more",
            "split the log by time, or write it as CSV if you trust it",
        )


def _uncompressed(footer: pq.ParquetFile) -> int:
    """Bytes of all pages once decompressed, as the footer gives them.

    By row group, not by column: asking pyarrow for a damaged column's entry
    aborts the whole process (seen in 9 of 5,688 bit flips; no other call did).
    """
    groups = (footer.metadata.row_group(i) for i in range(footer.metadata.num_row_groups))
    return sum(group.total_byte_size for group in groups)


def _read(
    data: Buffer, chosen: Mapping[str, str], findings: Findings, progress: Progress
) -> tuple[dict[str, Encoded | pa.ChunkedArray], TimeColumn | None]:
    """Role → cells, and the times: of a piece of the file only codes and distinct values are kept."""
    names = list(dict.fromkeys(chosen.values()))
    kept: dict[str, list[Part | Moments | pa.ChunkedArray | None]] = {role: [] for role in chosen}
    rows = 0
    try:
        file = pq.ParquetFile(
            pa.BufferReader(pa.py_buffer(data)), read_dictionary=names, page_checksum_verification=True
        )
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, columns=names):
            batch.validate(full=True)  # a flipped bit can leave text that is not UTF-8
            for role, name in chosen.items():
                kept[role].append(_kept(role, batch.column(name)))
            rows += len(batch)
            progress(ReadSoFar(READING, rows, file.metadata.num_rows, rows))

        def whole(name: str) -> pa.ChunkedArray:
            return file.read(columns=[name]).column(name)

        cells = {
            role: whole(name) if (column := _encoded(kept[role])) is None else column
            for role, name in chosen.items()
            if role != "time"
        }
    except _DAMAGE:
        raise _damaged(findings) from None
    if "time" not in chosen:
        return cells, None
    again = partial(whole, chosen["time"])
    times = [part for part in kept["time"] if part is not None]
    return cells, time_column(times, again) if len(times) == len(kept["time"]) else TimeColumn(None, again)


def _encoded(parts: Sequence[object]) -> Encoded | None:
    found = [part for part in parts if isinstance(part, Part)]
    return Encoded(found) if found and len(found) == len(parts) else None


def _kept(role: str, cells: pa.Array) -> Part | Moments | pa.ChunkedArray | None:
    """What is kept of a piece of a column; None if only the whole column as it is will do."""
    missing = cells.null_count or (pa.types.is_dictionary(cells.type) and cells.dictionary.null_count)
    if missing or len(cells) == 0:
        return None
    if role != "time" and pa.types.is_dictionary(cells.type):
        return encode_dictionary(cells) if pa.types.is_string(cells.type.value_type) else None
    if role != "time":
        return encode(pa.chunked_array([cells]), role != "item") if pa.types.is_integer(cells.type) else None
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    column = pa.chunked_array([cells])
    return (plain_moments(column) if pa.types.is_string(cells.type) else None) or column
