"""A log read in pieces is the log read at once, value for value, message for message.

Oracle: the same bytes in one piece; for the cuts themselves, Python's csv over the whole text.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gru_viz.data.reader import ReadSoFar, read_log
from gru_viz.data.reading import parquet, pieces
from gru_viz.errors import InputError
from tests.data.test_hostile_input import ACCEPTED, ERRORS, WARNED
from tests.data.test_reader_properties import ROWS, Rows, written

ODD_FILES = {**ERRORS, **ACCEPTED, **WARNED}
LOG = b"session,item,time\n" + b"".join(b"s%d,i%d,%d\n" % (n // 3, n % 5, 1400000000 + n) for n in range(90))


@contextmanager
def pieces_of(size: int, rows: int) -> Iterator[None]:
    """Pieces of text of about `size` bytes, of Parquet of `rows` rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "LEAST_BYTES", size)
        patch.setattr(pieces, "PIECE_BYTES", size)
        patch.setattr(parquet, "ROWS_AT_ONCE", rows)
        yield


def told(data: bytes, **options: object) -> object:
    """All that is said of a file, and all that is in it; or the one line about what is wrong."""
    try:
        log, report = read_log(data, name="log.csv", **options)  # type: ignore[arg-type]
    except InputError as error:
        return str(error)
    times = None if log.times is None else log.times.tolist()
    return report, log.catalog, log.items.tolist(), log.offsets.tolist(), list(log.session_ids), times


@settings(max_examples=80, deadline=None)
@given(
    ROWS,
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(1, 200),
)
def test_text_in_pieces(rows: Rows, delimiter: str, line_end: str, quoting: int, size: int) -> None:
    data = written(rows, delimiter, line_end, quoting)
    at_once = told(data)
    with pieces_of(size, 1):
        assert told(data) == at_once


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 9).map(str) | st.sampled_from(["7", "007", "x", ""]),
            st.integers(-3, 30).map(str) | st.sampled_from(["0x1F", "a", "7.0", "caf\u00e9", "cafe\u0301"]),
            st.integers(1_400_000_000, 1_400_000_050).map(str)
            | st.sampled_from(["1400000000.5", "01400000007", "1400000000000", "2014-05-13T16:53:20Z", ""]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(1, 80),
    st.booleans(),
)
def test_columns_that_change_their_kind_midway(rows: list[tuple[str, ...]], size: int, drop: bool) -> None:
    """Numbers, text, several kinds of times and errors, of which each piece sees only its own."""
    data = ("session,item,time\n" + "".join(",".join(row) + "\n" for row in rows)).encode()
    at_once = told(data, drop_empty_ids=drop)
    with pieces_of(size, 1):
        assert told(data, drop_empty_ids=drop) == at_once


@pytest.mark.parametrize("case", ODD_FILES)
def test_every_odd_file_gets_the_same_verdict(case: str) -> None:
    """Row numbers in the messages included; a row of 1 MB does not fit into any piece."""
    content = ODD_FILES[case][0]
    data = content if isinstance(content, bytes) else str(content).encode()
    at_once = told(data)
    for size in (1, 40):
        with pieces_of(size, size):
            assert told(data) == at_once


CELLS = st.sampled_from(["a", "b", "7", "007", None]) | st.integers(0, 5).map(str)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=20), st.integers(1, 9), st.booleans())
def test_parquet_in_pieces(rows: list[tuple[str | None, ...]], count: int, drop: bool) -> None:
    session, item, time = map(list, zip(*rows, strict=True))
    times = [None if cell is None else 1_400_000_000 + len(cell) for cell in time]
    sink = io.BytesIO()
    pq.write_table(pa.table({"session": session, "item": item, "time": times}), sink, row_group_size=4)
    at_once = told(sink.getvalue(), drop_empty_ids=drop)
    with pieces_of(1, count):
        assert told(sink.getvalue(), drop_empty_ids=drop) == at_once


@pytest.mark.parametrize(
    ("kind", "ends"),
    [
        (pa.int8(), (-128, 127)),
        (pa.uint8(), (0, 255)),
        (pa.int32(), (-(2**31), 9)),
        (pa.uint64(), (2**64 - 9, 2**64 - 1)),
    ],
)
def test_parquet_numbers_of_every_width(kind: pa.DataType, ends: tuple[int, int]) -> None:
    """Ids as far apart as the type allows, enough rows that a table of them is tried."""
    sink = io.BytesIO()
    items = list(ends) * 200
    pq.write_table(pa.table({"session": ["s"] * 400, "item": pa.array(items, kind)}), sink)
    log, _ = read_log(sink)
    assert log.catalog.ids == tuple(map(str, ends))


QUOTED = st.lists(
    st.lists(
        st.sampled_from(
            ["a", "7", '"a"', '"a,b"', '"two\nlines"', '"say ""hi"""', '5" pipe', '""', '"\n\n"']
        ),
        min_size=2,
        max_size=3,
    ),
    min_size=1,
    max_size=12,
)


@given(QUOTED, st.integers(1, 30))
def test_no_row_is_torn(rows: list[list[str]], size: int) -> None:
    text = "".join(",".join(row) + "\n" for row in rows)
    cuts, bad = pieces.cut_quoted(text.encode(), 0, size, ",")
    assert bad is None
    assert "".join(text[start:end] for start, end in cuts) == text
    parts = [list(csv.reader(io.StringIO(text[start:end], newline=""))) for start, end in cuts]
    assert [row for part in parts for row in part] == list(csv.reader(io.StringIO(text, newline="")))
    if size == 1 and "\n" not in "".join(map("".join, rows)):
        assert len(cuts) == len(rows)


def test_a_quote_left_open_is_found_in_whichever_piece() -> None:
    good = 's,"a\nb"\n' * 9
    for size in (1, 7, 1000):
        pieces_before, bad = pieces.cut_quoted((good + 's,"c\n' + good).encode(), 0, size, ",")
        assert bad == len(good) + 2
        assert all(end <= bad for _, end in pieces_before)


@pytest.mark.parametrize("packed", [False, True])
def test_progress_is_told_and_ends_complete(packed: bool) -> None:
    """Oracle: a phase goes on to its end, its clicks to the number of rows; then the next one comes."""
    heard: list[ReadSoFar] = []
    with pieces_of(100, 10):
        read_log(gzip.compress(LOG) if packed else LOG, progress=heard.append)
    phases = list(dict.fromkeys(so_far.phase for so_far in heard))
    assert phases == (["unpacking"] if packed else []) + ["reading", "sorting"]
    for phase in phases:
        own = [so_far for so_far in heard if so_far.phase == phase]
        assert [so_far.done for so_far in own] == sorted(so_far.done for so_far in own)
        assert own[-1].done == own[-1].of
    reading = [so_far for so_far in heard if so_far.phase == "reading"]
    assert len(reading) > 5
    assert [so_far.clicks for so_far in reading][-1] == 90
    assert reading[0].clicks < 90


def test_progress_of_parquet_counts_rows() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"session": ["s"] * 50, "item": ["a", "b"] * 25}), sink)
    heard: list[ReadSoFar] = []
    with pieces_of(1, 20):
        read_log(sink, progress=heard.append)
    reading = [(so_far.done, so_far.of, so_far.clicks) for so_far in heard if so_far.phase == "reading"]
    assert reading == [(20, 50, 20), (40, 50, 40), (50, 50, 50)]


def test_reading_can_be_cancelled() -> None:
    class CancelledError(Exception):
        pass

    def cancel(so_far: ReadSoFar) -> None:
        if so_far.clicks > 20:
            raise CancelledError

    with pieces_of(100, 10), pytest.raises(CancelledError):
        read_log(LOG, progress=cancel)
