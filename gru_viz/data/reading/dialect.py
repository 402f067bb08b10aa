"""How is this text laid out: which delimiter, which header, where do the rows begin?"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gru_viz.data.reading import columns
from gru_viz.data.reading.columns import Wanted
from gru_viz.data.reading.encoding import Text
from gru_viz.data.reading.findings import Findings, counted
from gru_viz.errors import quote

DELIMITERS = (",", "\t", ";", "|")
DELIMITER_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
# A log has a handful of columns; a 10 MB header of a million took 47 s and 1 GB to parse.
MAX_COLUMNS = 1000
# What is looked at to find the layout; also the longest header row.
SAMPLE_BYTES = 256 << 10
# Most often so few hold all the lines that are looked at.
FEW_BYTES = 16 << 10
SAMPLE_ROWS = 100
SAMPLE_LINES = 2 * SAMPLE_ROWS  # some of them blank, or parts of one quoted cell

Rows = list[list[str]]


@dataclass(frozen=True)
class Dialect:
    """The layout of a text table.

    header:     column names; 'column 1', 'column 2', … where the file has no header
    has_header: False where the names are ours
    width:      cells in each row; len(header) + 1 if rows end in a delimiter and the header does not
    body:       byte offset of the first row of clicks
    roles:      role → column index
    """

    delimiter: str
    header: tuple[str, ...]
    has_header: bool
    width: int
    body: int
    roles: Mapping[str, int]

    @property
    def has_extra_cell(self) -> bool:
        return self.width > len(self.header)


def sniff_dialect(text: Text, wanted: Wanted, mapping: Mapping[str, str], findings: Findings) -> Dialect:
    """The layout of `text` and the columns of the roles wanted. Raises InputError."""
    above, lines = _sample(text, wanted, mapping, findings)
    start = text.start + sum(map(len, above))
    shown = [line.decode("utf-8") for line in lines]
    delimiter, rows, first_lines = _best_delimiter(shown, wanted, mapping, findings)
    if _is_header(rows, wanted, mapping):
        body = start + sum(len(line.encode("utf-8")) for line in shown[:first_lines])
        return _with_header(rows, delimiter, body, wanted, mapping, findings)
    return _without_header(rows, delimiter, start, wanted, mapping, findings)


def _sample(
    text: Text, wanted: Wanted, mapping: Mapping[str, str], findings: Findings
) -> tuple[list[bytes], list[bytes]]:
    """The lines above the header, and up to SAMPLE_LINES from there on."""
    lines = _whole_lines(text, FEW_BYTES)
    above = _preamble(lines, wanted, mapping)
    if len(lines) - above < SAMPLE_LINES:
        lines = _whole_lines(text, SAMPLE_BYTES)
        if not lines and text.start < len(text.data):
            raise _long_row_error(text, findings)
        above = _preamble(lines, wanted, mapping)
    if above == len(lines):
        raise findings.error("the file has no rows", "give a header and at least two clicks")
    if comments := sum(line.strip().startswith(b"#") for line in lines[:above]):
        findings.warn(f"{counted(comments, 'line')} starting with '#' at the top skipped")
    return lines[:above], lines[above : above + SAMPLE_LINES]


def _whole_lines(text: Text, size: int) -> list[bytes]:
    """The lines of the first `size` bytes but for one that goes on beyond them."""
    head = text.data[text.start : text.start + size]
    lines = head.splitlines(keepends=True)
    return lines if text.start + len(head) == len(text.data) else lines[:-1]


def _long_row_error(text: Text, findings: Findings) -> Exception:
    head = text.data[text.start : text.start + SAMPLE_BYTES]
    if max(head.count(delimiter.encode()) for delimiter in DELIMITERS) > MAX_COLUMNS:
        return _too_wide(findings)
    return findings.error(
        f"the first row is longer than {SAMPLE_BYTES:,} bytes", "is this a click log?", row=1
    )


def _too_wide(findings: Findings) -> Exception:
    return findings.error(
        f"more than {MAX_COLUMNS:,} columns", "keep session, item, time, title and category"
    )


def _preamble(lines: Sequence[bytes], wanted: Wanted, mapping: Mapping[str, str]) -> int:
    """How many lines stand before the header: blank ones, comments, Excel's 'sep=;'."""
    for above, bare in enumerate(map(bytes.strip, lines)):
        comment = bare.startswith(b"#") and not _is_commented_header(bare, wanted, mapping)
        separator = bare.lower().startswith(b"sep=") and len(bare) <= len("sep=,")
        if bare and not comment and not separator:
            return above
    return len(lines)


def _is_commented_header(line: bytes, wanted: Wanted, mapping: Mapping[str, str]) -> bool:
    names = line.decode("utf-8").lstrip("#")
    return any(columns.recognised(names.split(d), wanted, mapping) > 1 for d in DELIMITERS)


def _split(lines: Sequence[str], delimiter: str) -> tuple[Rows, int]:
    """The sample's rows that are not blank, and how many lines the first of them takes."""
    reader = csv.reader(lines, delimiter=delimiter)
    rows: Rows = []
    first_lines = 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row) or len(row) > 1:
                rows.append(row)
                first_lines = first_lines or reader.line_num
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:  # a cell of more than csv's 128 KiB; parsing it again names its row
        pass
    return rows, first_lines


def _best_delimiter(
    lines: Sequence[str], wanted: Wanted, mapping: Mapping[str, str], findings: Findings
) -> tuple[str, Rows, int]:
    """The delimiter under which the header makes most sense and the rows agree most; and its `_split`."""
    splits = {
        delimiter: _split(lines, delimiter) if any(delimiter in line for line in lines) else ([], 0)
        for delimiter in DELIMITERS
    }

    def merit(delimiter: str) -> tuple[int, float, int]:
        rows, _ = splits[delimiter]
        if not rows or len(rows[0]) < 2:
            return (0, 0.0, 0)
        widths = Counter(map(len, rows))
        agreement = round(widths.most_common(1)[0][1] / len(rows), 1)
        known = columns.recognised(rows[0], wanted, mapping)
        return (min(known, len(wanted.required) + 1), agreement, len(rows[0]))

    merits = {delimiter: merit(delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=merits.__getitem__)
    if merits[best][2] == 0:
        raise findings.error(
            f"only one column: {quote(lines[0].strip())}", "separate cells by comma, tab, semicolon or bar"
        )
    return best, *splits[best]


def _is_header(rows: Rows, wanted: Wanted, mapping: Mapping[str, str]) -> bool:
    known = columns.recognised(rows[0], wanted, mapping)
    return known > 1 or not columns.looks_like_data(rows[0], rows[1:])


def _with_header(
    rows: Rows, delimiter: str, body: int, wanted: Wanted, mapping: Mapping[str, str], findings: Findings
) -> Dialect:
    header = [name.strip() for name in rows[0]]
    header[0] = header[0].lstrip("#").lstrip()
    if len(header) > MAX_COLUMNS:
        raise _too_wide(findings)
    roles = columns.resolve(header, wanted, mapping, findings)
    if nameless := sum(not name for name in header):
        findings.note(f"{nameless} column(s) without a name ignored")
    width = _width(rows, len(header), findings)
    return Dialect(delimiter, tuple(header), True, width, body, roles)


def _width(rows: Rows, names: int, findings: Findings) -> int:
    """Cells per row: as many as names, or one more if that one is always empty (a trailing delimiter)."""
    widths = {len(row) for row in rows[1:]}
    if len(widths) != 1 or widths == {names} or min(widths) < names:
        return names
    if widths == {names + 1} and not any(row[-1].strip() for row in rows[1:]):
        findings.note("every row ends in a delimiter; the empty last cell was ignored")
        return names + 1
    raise findings.error(
        f"every row has {widths.pop()} cells but the header names {names} columns",
        "name every column in the header",
        row=1,
    )


def _without_header(
    rows: Rows, delimiter: str, body: int, wanted: Wanted, mapping: Mapping[str, str], findings: Findings
) -> Dialect:
    width = len(rows[0])
    if width > MAX_COLUMNS:
        raise _too_wide(findings)
    names = tuple(f"column {i + 1}" for i in range(width))
    if mapping:
        roles: Mapping[str, int] | None = columns.resolve(names, wanted, mapping, findings)
    else:
        same = [row for row in rows if len(row) == width]
        roles = columns.guess_by_position(same, wanted)
    if roles is None:
        raise findings.error(
            "no header row, and too few columns", "add a header: SessionId, ItemId, Time", row=1
        )
    taken = ", ".join(f"{names[index]} as {role}" for role, index in roles.items())
    header = ", ".join(columns.PLAIN[role] for role, _ in sorted(roles.items(), key=lambda pair: pair[1]))
    findings.warn(f"no header row; took {taken}: check, or add a header such as {header}")
    return Dialect(delimiter, names, False, width, body, roles)
