"""What do the columns of a Parquet file say, and may they be unpacked?"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from gru_viz.data.reading import columns
from gru_viz.data.reading.columns import Wanted
from gru_viz.data.reading.dialect import MAX_COLUMNS
from gru_viz.data.reading.findings import Findings, counted
from gru_viz.data.reading.source import Buffer

# 5 times the largest log we mean to read; more rows do not fit into 4 GB however small the cells.
MAX_ROWS = 100_000_000
# A 0.9 MB file unpacked to 3.2 GB: run-length codes make rows free. Real logs unpack 2 to 30 times.
MAX_RATIO = 100
# Below this an unpacked file does no harm, whatever its ratio.
FREE_BYTES = 512 << 20
# What one cell takes at least once unpacked.
CELL_BYTES = 8

# What a damaged file makes pyarrow raise, depending on the byte that was hit.
_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, MemoryError, NotImplementedError)


def read_parquet(
    data: Buffer, wanted: Wanted, mapping: Mapping[str, str], findings: Findings
) -> tuple[dict[str, str], dict[str, pa.ChunkedArray]]:
    """(role → column name, role → cells) of the roles wanted. Raises InputError.

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
    cells = _cells(data, chosen, findings)
    if footer.metadata.num_rows == 0:
        raise findings.error("there are no rows", "give at least two clicks")
    return chosen, cells


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


def _cells(data: Buffer, chosen: Mapping[str, str], findings: Findings) -> dict[str, pa.ChunkedArray]:
    names = list(dict.fromkeys(chosen.values()))
    try:
        file = pq.ParquetFile(
            pa.BufferReader(pa.py_buffer(data)), read_dictionary=names, page_checksum_verification=True
        )
        table = file.read(columns=names)
        table.validate(full=True)  # a flipped bit can leave text that is not UTF-8
    except _DAMAGE:
        raise _damaged(findings) from None
    return {role: table.column(name) for role, name in chosen.items()}
