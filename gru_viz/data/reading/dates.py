"""Which moment does a date written as text mean?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.data.reading.findings import Findings

_ISO = r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*|Z)?$"
_YEAR_LAST = r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}([T ,].*)?$"
_ZONED = r"(Z|[+-]\d{2}:?\d{2})$"
_DAY_AND_MONTH = r"^(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.]\d{4}"


def any_date(cells: pa.ChunkedArray) -> bool:
    return pc.any(is_date(cells)).as_py() is True


def is_date(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """(N,) bool: year first (ISO 8601) or year last (02/01/2014)."""
    return pc.or_(pc.match_substring_regex(cells, _ISO), pc.match_substring_regex(cells, _YEAR_LAST))


def warn_naive(findings: Findings) -> None:
    findings.warn("the times name no time zone; taken as UTC")


def parse_plain(cells: pa.ChunkedArray, findings: Findings) -> tuple[np.ndarray, int, str] | None:
    """The fast path of `parse_dates`: all rows as pyarrow reads them, all with a zone or none."""
    if (moments := _cast(cells, None)) is not None:
        warn_naive(findings)
        return (*moments, "ISO 8601")
    if (moments := _cast(cells, "UTC")) is not None:
        _note_zones(cells, findings)
        return (*moments, "ISO 8601")
    return None


def parse_dates(cells: pa.ChunkedArray, findings: Findings) -> tuple[np.ndarray, int, str] | int:
    """(ticks, ticks per second, format in words), or the index of the first row that is no date.

    A date that could be day/month or month/day is decided by the other rows
    (a number over 12 is a day); where none tells, month first, with a warning.
    """
    year_last = pc.match_substring_regex(cells, _YEAR_LAST)
    form = "ISO 8601"
    if pc.any(year_last).as_py():
        day_first = _day_first(cells.filter(year_last), findings)
        if day_first is None:
            return _first_misfit(cells, year_last)
        form = "day/month/year" if day_first else "month/day/year"
        cells = pc.if_else(year_last, _year_first(cells, day_first), cells)
    cells = _tidy(cells)
    zoned = pc.match_substring_regex(cells, _ZONED)
    if not pc.all(zoned).as_py():
        warn_naive(findings)
        cells = pc.binary_join_element_wise(_with_hour(cells, zoned), pc.if_else(zoned, "", "Z"), "")
    else:
        _note_zones(cells, findings)
    moments = _cast(cells, "UTC")
    return _first_unparsed(cells) if moments is None else (*moments, form)


def note_zones(findings: Findings) -> None:
    findings.note("times with a zone were converted to UTC")


def _note_zones(cells: pa.ChunkedArray, findings: Findings) -> None:
    if not pc.all(pc.ends_with(cells, "Z")).as_py():
        note_zones(findings)


def _cast(cells: pa.ChunkedArray, zone: str | None) -> tuple[np.ndarray, int] | None:
    """(ticks, ticks per second), or None if a cell is not a time as pyarrow knows it."""
    # microseconds reach any year; nanoseconds, only 1678 to 2262, are for longer fractions
    for unit, per_second in (("us", 10**6), ("ns", 10**9)):
        try:
            pc.cast(cells.slice(0, 1), pa.timestamp(unit, tz=zone))  # most often this tells
            moments = pc.cast(cells, pa.timestamp(unit, tz=zone))
        except pa.ArrowInvalid:
            continue
        return pc.cast(moments, pa.int64()).to_numpy(), per_second
    return None


def _first_unparsed(cells: pa.ChunkedArray) -> int:
    """Index of a cell that does not parse, found by halving: the cells before it all do."""
    low, high = 0, len(cells)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _cast(cells[low:middle], "UTC") is None else (middle, high)
    return low


def _day_first(cells: pa.ChunkedArray, findings: Findings) -> bool | None:
    """Day before month? None where the rows contradict each other."""
    parts = pc.extract_regex(cells, _DAY_AND_MONTH)
    first, second = (pc.max(pc.cast(pc.struct_field(parts, [i]), pa.int32())).as_py() > 12 for i in (0, 1))
    if first and second:
        return None
    if not first and not second:
        dotted = pc.all(pc.match_substring_regex(cells, r"^\d+\.")).as_py()
        order = "day.month" if dotted else "month/day"
        findings.warn(f"dates such as 01/02 are ambiguous; taken as {order}: check, or write 2014-02-01")
        return bool(dotted)
    return first


def _first_misfit(cells: pa.ChunkedArray, year_last: pa.ChunkedArray) -> int:
    """The first row that needs the other order of day and month than the row that told first."""
    rows = np.flatnonzero(year_last.to_numpy())
    parts = pc.extract_regex(cells.filter(year_last), _DAY_AND_MONTH)
    first, second = (pc.cast(pc.struct_field(parts, [i]), pa.int32()).to_numpy() > 12 for i in (0, 1))
    return int(rows[max(np.argmax(first), np.argmax(second))])


def _year_first(cells: pa.ChunkedArray, day_first: bool) -> pa.ChunkedArray:
    order = r"\3-\2-\1" if day_first else r"\3-\1-\2"
    return pc.replace_substring_regex(cells, r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}),?", order)


def _tidy(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dates with dashes and two digits, zones without a space or a name: what pyarrow parses."""
    for pattern, replacement in (
        (r"^(\d{4})[/.](\d{1,2})[/.]", r"\1-\2-"),
        (r"^(\d{4})-(\d)-", r"\1-0\2-"),
        (r"^(\d{4}-\d{2})-(\d)([T ]|$)", r"\1-0\2\3"),
        (r"([T ])(\d):", r"\10\2:"),  # RE2 knows \1 to \9 only: this is \1, 0, \2
        (r"\s*(UTC|GMT)$", "Z"),
        (r"\s+([+-]\d{2}:?\d{2})$", r"\1"),
        (r"(:\d{2}(?:\.\d+)?[+-]\d{2})$", r"\1:00"),
        (r"^(\d{4}-\d{2}-\d{2})Z$", r"\1 00:00Z"),
    ):
        cells = pc.replace_substring_regex(cells, pattern, replacement)
    return cells


def _with_hour(cells: pa.ChunkedArray, zoned: pa.ChunkedArray) -> pa.ChunkedArray:
    """A bare date gets midnight, since a zone needs a time before it."""
    bare = pc.and_not(pc.match_substring_regex(cells, r"^\d{4}-\d{2}-\d{2}$"), zoned)
    return pc.if_else(bare, pc.binary_join_element_wise(cells, " 00:00", ""), cells)
