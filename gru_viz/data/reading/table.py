"""Which columns does a file hold for us, whatever its format?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from gru_viz.data.reading.columns import Wanted
from gru_viz.data.reading.dialect import DELIMITER_NAMES, sniff_dialect
from gru_viz.data.reading.encoded import Encoded
from gru_viz.data.reading.encoding import as_utf8
from gru_viz.data.reading.faults import row_of
from gru_viz.data.reading.findings import Findings
from gru_viz.data.reading.moments import TimeColumn
from gru_viz.data.reading.parquet import read_parquet
from gru_viz.data.reading.parse import parse
from gru_viz.data.reading.progress import Progress, silent
from gru_viz.data.reading.sniff import is_parquet, refuse_markup
from gru_viz.data.reading.source import Blob, Source, open_source


@dataclass(frozen=True)
class Table:
    """The columns of one file that play a role.

    names: role → column name as written
    cells: role → (N,) ids or words: encoded, or of the type that Parquet gave a column
    time:  (N,) times, or None
    row:   where the n-th row of `cells` stands in the file, for messages
    """

    format: str
    encoding: str
    names: Mapping[str, str]
    cells: Mapping[str, Encoded | pa.ChunkedArray]
    time: TimeColumn | None
    row: Callable[[int], int]

    def __len__(self) -> int:
        return len(next(iter(self.cells.values())))


def read_table(
    source: Source,
    wanted: Wanted,
    mapping: Mapping[str, str],
    findings: Findings,
    progress: Progress = silent,
) -> Table:
    """The columns of the roles wanted, its format decided by content. Raises InputError."""
    blob = open_source(source, findings, progress)
    if is_parquet(blob.data, findings):
        names, cells, times = read_parquet(blob.data, wanted, mapping, findings, progress)
        return Table(_format("Parquet", blob), "UTF-8", names, cells, times, lambda index: index + 1)
    return _text_table(blob, wanted, mapping, findings, progress)


def _format(kind: str, blob: Blob) -> str:
    return f"{kind}, gzip" if blob.gzipped else kind


def _text_table(
    blob: Blob, wanted: Wanted, mapping: Mapping[str, str], findings: Findings, progress: Progress
) -> Table:
    text = as_utf8(blob.data, findings)
    refuse_markup(text.data[text.start : text.start + 1024], findings)
    dialect = sniff_dialect(text, wanted, mapping, findings)
    cells, times = parse(text, dialect, findings, progress)
    return Table(
        _format(f"{DELIMITER_NAMES[dialect.delimiter]}-separated text", blob),
        text.encoding,
        {role: dialect.header[index] for role, index in dialect.roles.items()},
        cells,
        times,
        lambda index: row_of(text, dialect, index),
    )
