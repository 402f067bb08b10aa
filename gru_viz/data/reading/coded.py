"""Which distinct texts does a column hold, and are they fit to be ids or titles?

Everything is asked of the distinct texts, which are few; the rows hold codes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.data.reading.encoded import Coded, Encoded, join, one_array
from gru_viz.data.reading.findings import EmptyIdError, Findings, counted
from gru_viz.data.reading.table import Table
from gru_viz.errors import quote

# An id or a title of 100 kB is a broken file; the page would have to send it to every browser.
MAX_CELL_BYTES = 100_000

# Not printable to Python, yet harmless: white space, and the joiners that emoji and Persian need.
_HARMLESS = "\t\n\r\u00a0\u3000\u200c\u200d"
_DECIMAL = r"^-?\d+\.0$"
_SCIENTIFIC = r"^-?\d\.\d+[eE]\+\d+$"


def read_ids(table: Table, role: str, drop_empty: bool, findings: Findings) -> Coded:
    """A column of ids, exactly as written but for Unicode normalisation (NFC). Raises InputError."""
    cells = table.cells[role]
    if isinstance(cells, Encoded) and cells.is_numbers:
        coded = join(cells)  # nothing that is looked for below can be in a plain number
        return coded if role == "session" else coded.as_text
    coded = _composed(_encode(table, role, findings), role, findings)
    _refuse_long(coded, table, role, findings)
    _warn_mangled(coded.values, role, findings)
    empty = _is_blank(coded.values)
    if not empty.any():
        return coded
    if not drop_empty:
        row = table.row(int(np.argmax(empty[coded.codes])))
        raise findings.error(
            f"empty {role} id", "fill it in, or drop such rows", row, table.names[role], EmptyIdError
        )
    return Coded(coded.values, np.where(empty[coded.codes], -1, coded.codes))


def read_words(table: Table, role: str, findings: Findings) -> Coded:
    """A column of titles or categories as written; empty cells stay empty. Raises InputError."""
    coded = _encode(table, role, findings)
    _refuse_long(coded, table, role, findings)
    return coded


def visible(text: str) -> str:
    """`text` with invisible and direction-changing characters written as escapes, as '\u202e'."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _HARMLESS else ascii(c)[1:-1] for c in text)


def visible_texts(values: pa.StringArray, texts: list[str]) -> list[str]:
    """`visible` of each text, in composed Unicode (NFC); `texts` are the same as Python strings."""
    if _all(pc.ascii_is_printable(values)):
        return texts
    return [visible(text) for text in pc.utf8_normalize(values, form="NFC").to_pylist()]


def visible_words(values: pa.StringArray, role: str, findings: Findings) -> list[str]:
    """Titles or categories as a person may be shown them; what was made visible is counted."""
    composed = pc.utf8_normalize(values, form="NFC").to_pylist()
    shown = visible_texts(values, composed)
    if changed := sum(text != new for text, new in zip(composed, shown, strict=True)):
        many = "categories" if role == "category" else f"{role}s"
        findings.note(f"{counted(changed, role, many)} held invisible characters, now shown as escapes")
    return shown


def _encode(table: Table, role: str, findings: Findings) -> Coded:
    """Distinct texts and codes of a column, of whatever type."""
    cells = table.cells[role]
    if isinstance(cells, Encoded):
        return join(cells).as_text
    try:
        return _encode_typed(cells, role, findings)
    except pa.ArrowException:
        raise findings.error(
            f"cells of type {cells.type} cannot be read as text", "write text", column=table.names[role]
        ) from None


def _encode_typed(cells: pa.ChunkedArray, role: str, findings: Findings) -> Coded:
    """The same for what Parquet may hold: numbers, dictionaries in any order, missing cells."""
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    encoded = one_array(cells.unify_dictionaries())
    typed = encoded.dictionary
    values = typed.cast(pa.string()).fill_null("")
    if pa.types.is_floating(typed.type):
        findings.warn(f"the {role} ids are stored as decimal numbers; long ids may have lost digits")
        values = pc.if_else(pc.is_nan(typed).fill_null(True), "", values)
    values = pa.concat_arrays([values, pa.array([""], type=pa.string())])  # for missing cells
    distinct = values.dictionary_encode()
    rows = encoded.indices.fill_null(len(values) - 1).to_numpy()
    codes, seen = pd.factorize(distinct.indices.to_numpy()[rows])
    return Coded(distinct.dictionary.take(pa.array(seen)), codes)


def _composed(coded: Coded, role: str, findings: Findings) -> Coded:
    """Ids in composed Unicode, so that é typed in two ways is one item."""
    if _all(pc.string_is_ascii(coded.values)):
        return coded
    composed = pc.utf8_normalize(coded.values, form="NFC")
    changed = pc.sum(pc.not_equal(composed, coded.values)).as_py()
    if not changed:
        return coded
    distinct = composed.dictionary_encode()
    merged = len(composed) - len(distinct.dictionary)
    findings.note(
        f"{counted(changed, f'{role} id')} written in decomposed Unicode were composed (NFC); "
        f"{merged:,} of them met a twin and were merged with it"
    )
    return Coded(distinct.dictionary, distinct.indices.to_numpy()[coded.codes])


def _refuse_long(coded: Coded, table: Table, role: str, findings: Findings) -> None:
    lengths = pc.binary_length(coded.values).to_numpy(zero_copy_only=False)
    if len(lengths) and lengths.max() > MAX_CELL_BYTES:
        first = int(np.argmax((lengths > MAX_CELL_BYTES)[coded.codes]))
        text = coded.values[int(coded.codes[first])].as_py()
        raise findings.error(
            f"a cell of {len(text):,} characters: {quote(text[:100])}",
            f"shorten it to at most {MAX_CELL_BYTES:,} bytes",
            row=table.row(first),
            column=table.names[role],
        )


def _warn_mangled(values: pa.StringArray, role: str, findings: Findings) -> None:
    """Ids that look as if a spreadsheet or a float column had rewritten them; kept as they are."""
    if decimal := _matching(values, ".0", _DECIMAL):
        findings.warn(
            f"{counted(len(decimal), f'{role} id')} such as {quote(decimal[0].as_py())} look like whole "
            "numbers turned into decimals; kept as text"
        )
    if scientific := _matching(values, "+", _SCIENTIFIC):
        findings.warn(
            f"{counted(len(scientific), f'{role} id')} such as {quote(scientific[0].as_py())} look like long "
            "numbers shortened by a spreadsheet; kept as text, lost digits cannot be restored"
        )
    if role == "item":
        _note_invisible(values, findings)


def _note_invisible(values: pa.StringArray, findings: Findings) -> None:
    if _all(pc.ascii_is_printable(values)):
        return
    suspects: list[str] = values.filter(pc.invert(pc.utf8_is_printable(values))).to_pylist()
    if invisible := [text for text in suspects if visible(text) != text]:
        findings.note(
            f"{counted(len(invisible), 'item id')} such as {quote(invisible[0])} hold invisible characters; "
            "kept, titles show them as escapes"
        )


def _matching(values: pa.StringArray, part: str, pattern: str) -> pa.StringArray:
    """The values that match `pattern`; all that do hold `part`, which is looked for in all texts at once."""
    buffer = values.buffers()[2]
    characters = b"" if buffer is None else buffer.to_pybytes()
    sought = part.encode()
    if sought[:1] not in characters or sought not in characters:  # one byte is found much faster than two
        return values[:0]
    suspects = values.filter(pc.match_substring(values, part))
    return suspects.filter(pc.match_substring_regex(suspects, pattern)) if len(suspects) else suspects


def _is_blank(values: pa.StringArray) -> np.ndarray:
    """(V,) bool: empty, or nothing but white space."""
    blank = pc.or_(pc.equal(pc.binary_length(values), 0), pc.utf8_is_space(values))
    return blank.to_numpy(zero_copy_only=False)


def _all(mask: pa.Array) -> bool:
    return pc.all(mask).as_py() is not False
