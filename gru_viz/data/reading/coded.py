"""Which distinct texts does a column hold, and are they fit to be ids or titles?

Everything is asked of the distinct texts, which are few; the rows hold codes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.data.reading.findings import Findings, counted
from gru_viz.data.reading.table import Table
from gru_viz.data.reading.whole_numbers import whole_numbers
from gru_viz.errors import quote

# An id or a title of 100 kB is a broken file; the page would have to send it to every browser.
MAX_CELL_BYTES = 100_000

# Cells that tell whether equal ids stand together.
LOOKED_AT = 1000
# Not printable to Python, yet harmless: white space, and the joiners that emoji and Persian need.
_HARMLESS = "\t\n\r\u00a0\u3000\u200c\u200d"
_DECIMAL = r"^-?\d+\.0$"
_SCIENTIFIC = r"^-?\d\.\d+[eE]\+\d+$"


@dataclass(frozen=True)
class Coded:
    """A column of text: row n says `values[codes[n]]`.

    values: distinct texts, in the order of their first row (numbers as item ids: in any order)
    codes:  (N,) int; -1 where the cell was empty and the caller chose to drop such rows
    """

    values: pa.StringArray
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)


def read_ids(table: Table, role: str, drop_empty: bool, findings: Findings) -> Coded:
    """A column of ids, exactly as written but for Unicode normalisation (NFC). Raises InputError."""
    if (numbers := whole_numbers(table.cells[role])) is not None:
        return _encode_numbers(numbers, in_order=role != "item")
    coded = _composed(_encode(table, role, findings), role, findings)
    _refuse_long(coded, table, role, findings)
    _warn_mangled(coded.values, role, findings)
    empty = _is_blank(coded.values)
    if not empty.any():
        return coded
    if not drop_empty:
        row = table.row(int(np.argmax(empty[coded.codes])))
        raise findings.error(
            f"empty {role} id", "fill it in, or drop such rows", row=row, column=table.names[role]
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


def visible_texts(values: pa.StringArray) -> list[str]:
    """`visible` of each text, in composed Unicode (NFC)."""
    if _all(pc.ascii_is_printable(values)):
        return list(values.to_pylist())
    return [visible(text) for text in pc.utf8_normalize(values, form="NFC").to_pylist()]


def visible_words(values: pa.StringArray, role: str, findings: Findings) -> list[str]:
    """Titles or categories as a person may be shown them; what was made visible is counted."""
    shown = visible_texts(values)
    composed = pc.utf8_normalize(values, form="NFC").to_pylist()
    if changed := sum(text != new for text, new in zip(composed, shown, strict=True)):
        many = "categories" if role == "category" else f"{role}s"
        findings.note(f"{counted(changed, role, many)} held invisible characters, now shown as escapes")
    return shown


def _encode(table: Table, role: str, findings: Findings) -> Coded:
    """Distinct texts and codes of a column, of whatever type."""
    cells = table.cells[role]
    if pa.types.is_string(cells.type) and not cells.null_count:
        return _encode_runs(cells) if _comes_in_runs(cells) else _encode_text(cells)
    try:
        return _encode_typed(cells, role, findings)
    except pa.ArrowException:
        raise findings.error(
            f"cells of type {cells.type} cannot be read as text", "write text", column=table.names[role]
        ) from None


def _encode_numbers(numbers: np.ndarray, in_order: bool) -> Coded:
    """Whole numbers as their plain text."""
    starts = np.append(0, np.flatnonzero(numbers[1:] != numbers[:-1]) + 1)
    if len(starts) < len(numbers) / 2:  # of each run only one is hashed
        codes, values = pd.factorize(numbers[starts])
        codes = np.repeat(codes, np.diff(starts, append=len(numbers)))
    elif not in_order and int(numbers.max()) - int(numbers.min()) < len(numbers):
        codes, values = _counted_codes(numbers)
    else:
        codes, values = pd.factorize(numbers)
    return Coded(pa.array(values).cast(pa.string()), codes.astype(np.int32))  # half the memory to move


def _counted_codes(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(codes, distinct numbers, ascending) of numbers close together: a table instead of hashes."""
    least = numbers.min()
    place = numbers - least
    present = np.bincount(place) > 0
    return (np.cumsum(present) - 1)[place], np.flatnonzero(present) + least


def _encode_text(cells: pa.ChunkedArray) -> Coded:
    encoded = _one_array(cells.dictionary_encode())
    return Coded(encoded.dictionary, encoded.indices.to_numpy())


def _comes_in_runs(cells: pa.ChunkedArray) -> bool:
    """Do the same texts mostly stand together, as session ids do in a sorted log?"""
    head = cells.slice(0, LOOKED_AT).combine_chunks()
    return len(head) > 1 and pc.sum(pc.not_equal(head[1:], head[:-1])).as_py() < len(head) / 2


def _encode_runs(cells: pa.ChunkedArray) -> Coded:
    """The same as `_encode_text`, but only one text of each run is hashed: twice as fast."""
    runs = pc.run_end_encode(_one_array(cells), run_end_type=pa.int64())
    encoded = runs.values.dictionary_encode()
    lengths = np.diff(runs.run_ends.to_numpy(), prepend=0)
    return Coded(encoded.dictionary, np.repeat(encoded.indices.to_numpy(), lengths))


def _encode_typed(cells: pa.ChunkedArray, role: str, findings: Findings) -> Coded:
    """The same for what Parquet may hold: numbers, dictionaries in any order, missing cells."""
    if not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    encoded = _one_array(cells.unify_dictionaries())
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


def _one_array(cells: pa.ChunkedArray) -> pa.Array:
    return cells.combine_chunks() if cells.num_chunks != 1 else cells.chunk(0)


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
    suspects = values.filter(pc.ends_with(values, ".0"))
    if decimal := _matching(suspects, _DECIMAL):
        findings.warn(
            f"{counted(len(decimal), f'{role} id')} such as {quote(decimal[0].as_py())} look like whole "
            "numbers turned into decimals; kept as text"
        )
    suspects = values.filter(pc.match_substring(values, "+"))
    if scientific := _matching(suspects, _SCIENTIFIC):
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


def _matching(values: pa.StringArray, pattern: str) -> pa.StringArray:
    return values.filter(pc.match_substring_regex(values, pattern)) if len(values) else values


def _is_blank(values: pa.StringArray) -> np.ndarray:
    """(V,) bool: empty, or nothing but white space."""
    blank = pc.or_(pc.equal(pc.binary_length(values), 0), pc.utf8_is_space(values))
    return blank.to_numpy(zero_copy_only=False)


def _all(mask: pa.Array) -> bool:
    return pc.all(mask).as_py() is not False
