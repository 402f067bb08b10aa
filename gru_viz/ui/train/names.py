"""Which columns does a click log have, whatever they are called?"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from gru_viz.data.reading.columns import NAMES, Wanted
from gru_viz.data.reading.dialect import MAX_COLUMNS, sniff_dialect
from gru_viz.data.reading.encoding import as_utf8
from gru_viz.data.reading.findings import Findings
from gru_viz.data.reading.sniff import is_parquet, refuse_markup
from gru_viz.data.reading.source import Source, open_source, source_name
from gru_viz.errors import InputError

ROLES = tuple(NAMES)
_NOTHING_NEEDED = Wanted(required=(), optional=ROLES)


def column_names(source: Source, name: str) -> tuple[str, ...]:
    """The names in the order of the file, at most 1,000; none where the file cannot be read at all.

    Reading the log says why it cannot; here is only asked what there is to choose from.
    """
    findings = Findings(source_name(source, name))
    try:
        data = open_source(source, findings).data
        if is_parquet(data, findings):
            footer = pq.ParquetFile(pa.BufferReader(pa.py_buffer(data)))
            names = list(footer.schema_arrow.names)
        else:
            text = as_utf8(data, findings)
            refuse_markup(text.data[text.start : text.start + 1024], findings)
            names = list(sniff_dialect(text, _NOTHING_NEEDED, {}, findings).header)
    except (InputError, pa.ArrowException, OSError, ValueError):
        return ()
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_COLUMNS]
