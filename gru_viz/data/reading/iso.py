"""When was each moment of a column such as 2014-04-07T10:51:09.277Z, all written equally long?

The commonest way to write them, without another one among them; all else is
left to pyarrow, which reads whatever this reads the same way.
"""

from __future__ import annotations

import re

import numpy as np

from gru_viz.data.reading.fixed_width import Grid, whole_number

SECOND_US = 10**6
SECONDS_END = len("2014-04-07T10:51:09")
MOST_FRACTION_DIGITS = 6


def zoned_us(grid: Grid) -> np.ndarray | None:
    """(rows,) int64 epoch microseconds of times that all end in Z; None if one is written otherwise."""
    if (grid.words(grid.width - 1, 1) != ord("Z")).any():
        return None
    return _moments(grid, grid.width - 1)


def naive_us(grid: Grid) -> np.ndarray | None:
    """The same of times that name no zone, taken as UTC."""
    return _moments(grid, grid.width)


def _moments(grid: Grid, end: int) -> np.ndarray | None:
    """The times written in bytes 0 to `end` of the cells, or None if one is no time or odd."""
    if end < SECONDS_END:
        return None
    midnights, seconds = _midnights(grid), _seconds(grid)
    fraction = _fraction(grid, end)
    if midnights is None or seconds is None or fraction is None:
        return None
    moments = seconds * np.int64(SECOND_US)
    moments += midnights
    moments += fraction
    return moments


def _midnights(grid: Grid) -> np.ndarray | None:
    """(rows,) int64 epoch microseconds at the start of each date, which a T or a blank ends.

    A date is read once for all the rows under each other that have it, as in a log sorted by time.
    """
    year_month, day = grid.words(0, 8), grid.words(3, 8)
    changes = year_month[1:] != year_month[:-1]
    changes |= day[1:] != day[:-1]
    starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
    ends = day[starts] >> np.uint64(56)
    if ends[0] not in b"T " or (ends != ends[0]).any():
        return None
    days = _days(year_month[starts], (day[starts] >> np.uint64(40)).astype(np.uint16))
    return None if days is None else np.repeat(days * (86_400 * SECOND_US), np.diff(starts, append=grid.rows))


def _days(year_months: np.ndarray, days_of_month: np.ndarray) -> np.ndarray | None:
    """(dates,) int64 days since 1970-01-01 of words YYYY-MM- and DD."""
    year_month, day_of_month = _pairs(year_months, b"0000-00-"), _pairs(days_of_month, b"00")
    if year_month is None or day_of_month is None:
        return None
    (century, year, month), (day,) = year_month, day_of_month
    if month.min() < 1 or month.max() > 12 or day.min() < 1:
        return None
    months = (century * 100 + year) * 12 + month
    first, last = int(months.min()), int(months.max())
    calendar = np.arange(first - 1, last + 1) - 12 * 1970
    firsts = calendar.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    months -= first
    if (day > np.diff(firsts).take(months)).any():
        return None
    return firsts.take(months) + (day - 1)


def _seconds(grid: Grid) -> np.ndarray | None:
    """(rows,) int32 seconds since midnight of hh:mm:ss."""
    pairs = _pairs(grid.words(11, 8), b"00:00:00")
    if pairs is None:
        return None
    hour, minute, second = pairs
    if hour.max() > 23 or minute.max() > 59 or second.max() > 59:
        return None
    return (hour * 60 + minute) * 60 + second


def _fraction(grid: Grid, end: int) -> np.ndarray | int | None:
    """(rows,) microseconds of the digits after the seconds; 0 where there are none."""
    if end == SECONDS_END:
        return 0
    digits = end - SECONDS_END - 1
    if not 1 <= digits <= MOST_FRACTION_DIGITS or (grid.words(SECONDS_END, 1) != ord(".")).any():
        return None
    number = whole_number(grid, SECONDS_END + 1, end)
    return None if number is None else number * 10 ** (MOST_FRACTION_DIGITS - digits)


def _pairs(words: np.ndarray, form: bytes) -> list[np.ndarray] | None:
    """(words,) int32 for each 00 in `form`: the numbers that these digits write; works in place.

    None if a word has anything but a digit where `form` has a 0, or but what it has elsewhere.
    """
    kind = words.dtype.type
    words ^= kind(int.from_bytes(form, "little"))
    # digits are 0 to 9 now, all others 0: a byte that is more becomes 128 and more
    lift = bytes(0x76 if byte == ord("0") else 0x7F for byte in form)
    lifted = words + kind(int.from_bytes(lift, "little"))
    lifted |= words
    if np.bitwise_or.reduce(lifted) & kind(int.from_bytes(b"\x80" * len(form), "little")):
        return None
    words *= kind((10 << 8) + 1)
    words >>= kind(8)  # byte i: the number that digits i and i + 1 write
    columns = words.view(np.uint8).reshape(-1, len(form))
    return [columns[:, two.start()].astype(np.int32) for two in re.finditer(b"00", form)]
