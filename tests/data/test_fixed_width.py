"""Do cells of equal length say, read all at once, what they say one by one?

The oracles: Python's int and str for numbers and texts, pyarrow's cast for times.
Odd cells may be refused (None: they are read another way then), never misread.
"""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gru_viz.data.reading import fixed_width
from gru_viz.data.reading.fixed_width import Grid, digits, grid_of
from gru_viz.data.reading.iso import naive_us, zoned_us


def grid(cells: list[str] | list[bytes]) -> Grid:
    """The grid of the cells, as a slice of a longer array."""
    kind = pa.binary() if isinstance(cells[0], bytes) else pa.string()
    found = grid_of(pa.array([cells[0] * 2, *cells, *cells], type=kind)[1 : len(cells) + 1])
    assert found is not None
    return found


def columns(width: int, letters: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.text(letters, min_size=width, max_size=width), min_size=1, max_size=9)


@given(st.integers(1, fixed_width.MOST_DIGITS).flatmap(lambda width: columns(width, "0123456789")))
def test_digits_are_numbers(cells: list[str]) -> None:
    found = digits(grid(cells))
    assert found is not None
    assert found.tolist() == [int(cell) for cell in cells]


@pytest.mark.parametrize("width", range(1, fixed_width.MOST_DIGITS + 1))
def test_one_byte_that_is_no_digit_is_enough(width: int) -> None:
    """Every byte at every place, among digits."""
    for byte in set(range(256)) - set(b"0123456789"):
        for place in range(width):
            odd = bytearray(b"9" * width)
            odd[place] = byte
            assert digits(grid([b"1" * width, bytes(odd), b"0" * width])) is None


def test_more_digits_than_fit_are_refused() -> None:
    assert digits(grid(["9" * (fixed_width.MOST_DIGITS + 1)])) is None


@pytest.mark.parametrize("cells", [[], ["a", "bb"], ["aa", "b", "ccc"], [""], ["a", None]])
def test_cells_that_are_no_grid(cells: list[str | None]) -> None:
    assert grid_of(pa.array(cells, type=pa.string())) is None


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
def test_in_parts_is_as_at_once(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixed_width, "ROWS_AT_ONCE", 3)
    cells = [f"{row:03}" for row in range(rows)]
    found = grid(cells).in_parts(digits)
    assert found is not None
    assert found.tolist() == list(range(rows))
    assert grid([*cells, "x00"]).in_parts(digits) is None


def cast(cells: list[str], zone: str | None) -> np.ndarray | None:
    """Oracle."""
    try:
        return pa.array(cells).cast(pa.timestamp("us", tz=zone)).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None


@st.composite
def written_times(draw: st.DrawFn) -> list[str]:
    """Times written alike, most of them valid, some with one character changed."""
    blank, places, end = draw(
        st.tuples(st.sampled_from("T t"), st.integers(0, 7), st.sampled_from(["", "Z"]))
    )
    two = st.integers(0, 61).map("{:02}".format)
    odd = st.tuples(st.integers(0, 9999).map("{:04}".format), two, two, two, two, two).map(
        lambda parts: "{}-{}-{}X{}:{}:{}".format(*parts)
    )
    real = st.datetimes(datetime.datetime(1, 1, 1)).map(lambda moment: f"{moment:%m-%dX%H:%M:%S}")
    year = st.integers(0, 9999).map("{:04}".format)
    valid = st.tuples(year, real).map("-".join)
    rows = draw(st.lists(valid if draw(st.booleans()) else odd, min_size=1, max_size=4))
    fraction = draw(st.text("0123456789", min_size=places, max_size=places))
    cells = [row.replace("X", blank) + ("." + fraction if places else "") + end for row in rows]
    if draw(st.integers(0, 3)) == 0:
        row, place = draw(st.integers(0, len(cells) - 1)), draw(st.integers(0, len(cells[0]) - 1))
        other = draw(st.sampled_from("0129:-/.TZ+ x"))
        cells[row] = cells[row][:place] + other + cells[row][place + 1 :]
    return cells


@given(written_times())
@example(["2014-02-29T00:00:00Z"])
@example(["2014-02-28T00:00:00Z", "2014-02-28x00:00:00Z"])
@example(["1900-02-29T00:00:00"])
@example(["2014-12-31T23:59:60Z"])
@example(["2014-13-01T00:00:00Z", "2014-12-01T00:00:00Z"])
@example(["2014-00-01T00:00:00Z", "2014-12-01T00:00:00Z"])
@example(["2014-02-30T00:00:00Z", "2014-03-30T00:00:00Z"])
@example(["2014-02-00T00:00:00Z", "2014-03-30T00:00:00Z"])
def test_iso_times_are_those_of_pyarrow(cells: list[str]) -> None:
    for read, zone in ((naive_us, None), (zoned_us, "UTC")):
        found = read(grid(cells))
        if found is not None:
            wanted = cast(cells, zone)
            assert wanted is not None
            assert found.tolist() == wanted.tolist()


@pytest.mark.parametrize(
    ("cells", "zone"),
    [
        (["2014-04-07T10:51:09Z"] * 3, "UTC"),
        (["2014-04-07T10:51:09Z", "1969-12-31T23:59:59Z"], "UTC"),
        (["2014-04-07T10:51:09.277Z", "2016-02-29T00:00:00.001Z"], "UTC"),
        (["2014-04-07 10:51:09", "2100-12-31 23:59:59"], None),
        (["2014-04-07T10:51:09", "2014-04-07T10:51:10", "2014-04-08T00:00:00", "1914-04-08T00:00:00"], None),
    ],
)
def test_the_commonest_forms_are_read(cells: list[str], zone: str | None) -> None:
    """Not refused: else the tests above would hold for a reader that reads nothing."""
    found = (zoned_us if zone else naive_us)(grid(cells))
    wanted = cast(cells, zone)
    assert found is not None
    assert wanted is not None
    assert found.tolist() == wanted.tolist()
