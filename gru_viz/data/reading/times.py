"""When was each click, whatever unit or format the log uses?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.data.reading import dates
from gru_viz.data.reading.findings import Findings, counted
from gru_viz.data.reading.moments import EPOCH, NAIVE, Moments, TimeColumn
from gru_viz.data.reading.table import Table
from gru_viz.errors import quote

# (unit, ticks per second, first number that is too large for it). The bounds lie between the
# years 1973 and 5138 of neighbouring units, so no plausible log is near one.
UNITS = (("s", 1, 1e11), ("ms", 10**3, 1e14), ("µs", 10**6, 1e17), ("ns", 10**9, np.inf))
UNIT_WORDS = {"s": "seconds", "ms": "milliseconds", "µs": "microseconds", "ns": "nanoseconds"}
# Web shops are younger than 1990; 2100 is past every log. Times outside are legal but odd.
EARLIEST, LATEST = 631_152_000, 4_133_980_800

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
COMMA_NUMBER = r"^[+-]?\d+,\d+$"
THOUSANDS = r"^[+-]?\d{1,3}([ ,.'’_\x{a0}\x{202f}]\d{3})+([.,]\d+)?$"
NOT_FINITE = r"(?i)^[+-]?(inf|infinity|nan|nat|null|none|na|n/a)$"

Cells = Callable[[], pa.ChunkedArray]  # as written; reading them again takes its time

_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


@dataclass(frozen=True)
class Clock:
    """The time of every row, in ticks that sort exactly.

    ticks:      (N,) int64, or float64 where the log has fractions
    per_second: how many ticks a second has
    unit:       what the log uses, in words
    """

    ticks: np.ndarray
    per_second: int
    unit: str

    @cached_property
    def span(self) -> tuple[float, float]:
        """First and last time, epoch seconds."""
        return float(self.ticks.min()) / self.per_second, float(self.ticks.max()) / self.per_second


def iso(seconds: float) -> str:
    """Epoch seconds as text in UTC, '2014-04-07T10:51:09Z'; good for any year."""
    return f"{np.datetime64(int(np.floor(seconds)), 's')}Z"


def read_times(table: Table, findings: Findings) -> Clock:
    """The time column as a Clock. Raises InputError for cells that are no time or another unit's."""
    assert table.time is not None
    clock = _from_column(table.time, table, findings)
    _warn_range(clock, findings)
    return clock


def _from_column(column: TimeColumn, table: Table, findings: Findings) -> Clock:
    if column.plain is not None:
        return _from_plain(column.plain, column.cells, table, findings)
    cells = column.cells()
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    return _from_text(cells, table, findings) if _is_text(cells.type) else _typed(cells, table, findings)


def _from_plain(moments: Moments, cells: Cells, table: Table, findings: Findings) -> Clock:
    """What `_from_text` finds, too, for cells that were parsed as they were read."""
    if moments.kind == EPOCH:
        return _epoch(moments.ticks, cells, table, findings)
    if moments.kind == NAIVE:
        dates.warn_naive(findings)
    elif not moments.all_z:
        dates.note_zones(findings)
    return Clock(moments.ticks, _PER_SECOND["us"], "ISO 8601")


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _error(problem: str, remedy: str, index: int, table: Table, findings: Findings) -> Exception:
    return findings.error(problem, remedy, row=table.row(index), column=table.names["time"])


def _typed(cells: pa.ChunkedArray, table: Table, findings: Findings) -> Clock:
    """Times from a Parquet column that is not text."""
    kind = cells.type
    if cells.null_count:
        index = pc.index(cells.is_null(), True).as_py()
        raise _error("no time", "fill it in, or remove the row", index, table, findings)
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            dates.warn_naive(findings)
        ticks = cells.cast(pa.int64()).to_numpy()
        return Clock(ticks, _PER_SECOND[kind.unit], "timestamp")
    if pa.types.is_date(kind):
        dates.warn_naive(findings)
        return Clock(cells.cast(pa.timestamp("s")).cast(pa.int64()).to_numpy(), 1, "date")
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        whole = pa.types.is_signed_integer(kind)
        ticks = cells.cast(pa.int64() if whole else pa.float64()).to_numpy()
        return _epoch(ticks, lambda: cells, table, findings)
    raise findings.error(
        f"times of type {kind}", "write timestamps, epoch numbers or ISO text", column=table.names["time"]
    )


def _from_text(cells: pa.ChunkedArray, table: Table, findings: Findings) -> Clock:
    """Times from text: what whole columns are most often first, cell by cell only after that."""
    for kind in (pa.int64(), pa.float64()):
        if (ticks := _cast(cells, kind)) is not None:
            return _epoch(ticks, lambda: cells, table, findings)
    if not cells.null_count and (parsed := dates.parse_plain(cells, findings)):
        return Clock(*parsed)
    cells = pc.utf8_trim_whitespace(cells.fill_null(""))
    if _any(pc.equal(cells, "")):
        index = pc.index(pc.equal(cells, ""), True).as_py()
        raise _error("no time", "fill it in, or remove the row", index, table, findings)
    _refuse_not_finite(cells, table, findings)
    if dates.any_date(cells):
        return _dated(cells, table, findings)
    return _epoch(_numbers(cells, table, findings), lambda: cells, table, findings)


def _numbers(cells: pa.ChunkedArray, table: Table, findings: Findings) -> np.ndarray:
    """Numbers with fractions, signs, exponents or decimal commas. Raises InputError for others."""
    number = pc.match_substring_regex(cells, NUMBER)
    if not _all(number):
        comma = pc.match_substring_regex(cells, COMMA_NUMBER)
        thousands = pc.and_not(pc.match_substring_regex(cells, THOUSANDS), number)
        _refuse_first(thousands, "{} has thousands separators", "write plain numbers", cells, table, findings)
        _refuse_first(
            pc.invert(pc.or_(number, comma)),
            "{} is not a time",
            "use epoch seconds or ISO 8601 as 2014-04-07T10:51:09Z",
            cells,
            table,
            findings,
        )
        findings.note("decimal commas in the times were read as decimal points")
        cells = pc.replace_substring(cells, ",", ".")
    ticks = _cast(pc.replace_substring_regex(cells, r"^\+", ""), pa.float64())
    if ticks is None:  # what the pattern lets through and pyarrow does not
        raise findings.error("these numbers are not times", "use epoch seconds", column=table.names["time"])
    return ticks


def _refuse_not_finite(cells: pa.ChunkedArray, table: Table, findings: Findings) -> None:
    odd = pc.match_substring_regex(cells, NOT_FINITE)
    _refuse_first(odd, "{} is not a time", "fill in the time, or remove the row", cells, table, findings)


def _dated(cells: pa.ChunkedArray, table: Table, findings: Findings) -> Clock:
    """Times from dates as text; a number among them is another unit."""
    numbers = pc.match_substring_regex(cells, NUMBER)
    is_date = dates.is_date(cells)
    if _any(numbers):
        odd = numbers if pc.sum(numbers).as_py() < pc.sum(is_date).as_py() else is_date
        _refuse_first(
            odd, "{} does not fit the other rows: epoch numbers and dates are mixed",
            "write all times in one format", cells, table, findings,
        )  # fmt: skip
    remedy = "use epoch seconds or ISO 8601 as 2014-04-07T10:51:09Z"
    _refuse_first(pc.invert(is_date), "{} is not a time", remedy, cells, table, findings)
    parsed = dates.parse_dates(cells, findings)
    if isinstance(parsed, int):
        text = quote(cells[parsed].as_py())
        raise _error(f"{text} is not a valid date here", remedy, parsed, table, findings)
    return Clock(*parsed)


def _refuse_first(
    odd: pa.ChunkedArray, problem: str, remedy: str, cells: pa.ChunkedArray, table: Table, findings: Findings
) -> None:
    """Raises InputError for the first cell marked odd; `problem` has {} where the cell goes."""
    if _any(odd):
        index = pc.index(odd, True).as_py()
        raise _error(problem.format(quote(cells[index].as_py())), remedy, index, table, findings)


def _epoch(ticks: np.ndarray, cells: Cells, table: Table, findings: Findings) -> Clock:
    """Epoch numbers: their unit from their size. Raises InputError where two units are mixed."""
    if ticks.dtype.kind == "f" and not np.isfinite(ticks).all():
        index = int(np.argmin(np.isfinite(ticks)))
        text = quote(str(cells()[index].as_py()))
        raise _error(f"{text} is not a time", "fill in the time, or remove the row", index, table, findings)
    low, high = _unit(ticks.min()), _unit(ticks.max())
    if low != high:
        raise _mixed_error(ticks, cells, table, findings)
    unit, per_second, _ = UNITS[low]
    return Clock(ticks, per_second, f"epoch {UNIT_WORDS[unit]}")


def _unit(tick: float) -> int:
    return int(np.searchsorted([bound for *_, bound in UNITS], abs(float(tick)), side="right"))


def _mixed_error(ticks: np.ndarray, cells: Cells, table: Table, findings: Findings) -> Exception:
    bounds = [bound for *_, bound in UNITS]
    units = np.searchsorted(bounds, np.abs(ticks.astype(np.float64)), side="right")
    usual = int(np.bincount(units).argmax())
    index = int(np.argmax(units != usual))
    text = quote(str(cells()[index].as_py()))
    here, most = (UNIT_WORDS[UNITS[unit][0]] for unit in (int(units[index]), usual))
    return _error(
        f"{text} looks like {here}, most other times like {most}", "write all times in one unit",
        index, table, findings,
    )  # fmt: skip


def _warn_range(clock: Clock, findings: Findings) -> None:
    low, high = clock.ticks < EARLIEST * clock.per_second, clock.ticks > LATEST * clock.per_second
    if odd := int(np.count_nonzero(low | high)):
        first, last = clock.span
        findings.warn(
            f"{counted(odd, 'time')} before 1990 or after 2100, taken as {clock.unit}: "
            f"the log spans {iso(first)} to {iso(last)}"
        )


def _cast(cells: pa.ChunkedArray, kind: pa.DataType) -> np.ndarray | None:
    """The cells as numbers, or None if one is not."""
    try:
        pc.cast(cells.slice(0, 1), kind)  # most often this tells, and the whole column is not tried
        return pc.cast(cells, kind).to_numpy()
    except pa.ArrowInvalid:
        return None


def _any(mask: pa.ChunkedArray) -> bool:
    return pc.any(mask).as_py() is True


def _all(mask: pa.ChunkedArray) -> bool:
    return pc.all(mask).as_py() is not False
