"""Do rows that are read where they stand give the cells, and the log, that the parser gives?

The oracles: str.split for cells, int for numbers; for whole logs `read_log` with
every short cut of ours switched off, so that each cell goes through pyarrow.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gru_viz.data.reader import read_log
from gru_viz.data.reading import moments, parse, plain_numbers, plain_rows, whole_numbers
from gru_viz.data.reading.fixed_width import MOST_DIGITS
from gru_viz.data.reading.plain_numbers import LONGEST_PREFIX, numbered_ids, numbers_of
from gru_viz.data.reading.plain_rows import PlainRows
from gru_viz.errors import InputError

HEADER = b"session,item\n" + b"-" * 60 + b"\n"  # so long that no text is too short for a word
CELLS = {
    "session": ["s1", "07", "1", "12", "123456789", "12345678901234567", "aé", "#1", "a" * 30, ""],
    "named": ["SKU-1", "SKU-17", "SKU-170000000", "SKU-0", "SKU-007", "SKU-x", "SKU-", "SKU", "SKV-1"],
    "item": ["i-1", "i-22", "008", "7", "123", "=a+", "0x1", "-5", "9" * 19, "10000000", "100000000"],
}
TIMES = {
    "epoch": ["1400000000", "1400000060", "0000000007", "999999999"],
    "zoned": ["2014-04-07T10:51:09Z", "2014-04-07 10:51:10Z", "2014-02-30T10:51:10Z"],
    "naive": ["2014-04-07T10:51:09.25", "2014-04-07T10:51:10.26", "2014-04-07T10:51:10"],
}


def rows_of(text: str, delimiter: str = ",", width: int = 2) -> PlainRows | None:
    data = HEADER + text.encode()
    return plain_rows.plain_rows(data, (len(HEADER), len(data)), delimiter, width)


def cells_of(text: str, delimiter: str = ",", width: int = 2) -> list[list[str]] | None:
    rows = rows_of(text, delimiter, width)
    return None if rows is None else [rows.texts(column).to_pylist() for column in range(width)]


@given(
    st.lists(st.lists(st.text("ab1\t,;\n\r ", max_size=3), min_size=2, max_size=3), min_size=1, max_size=5),
    st.sampled_from("\t,;"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from([4, 1000]),
)
@example([["a", "b"], ["1", ","]], ",", "\n", True, 1000)
@example([["a", "b"], ["", "1"]], ",", "\r\n", True, 1000)
@example([["a", "b", ""], ["a", "b", ""]], ",", "\n", True, 1000)
def test_cells_are_those_between_the_marks(
    rows: list[list[str]], delimiter: str, line_end: str, ends: bool, block: int
) -> None:
    text = line_end.join(delimiter.join(row) for row in rows) + line_end * ends
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_rows, "BLOCK_BYTES", block)
        found = cells_of(text, delimiter)
    if found is not None:
        lines = [line.split(delimiter) for line in text.splitlines()]
        assert {len(line) for line in lines} == {2}
        assert found == [list(column) for column in zip(*lines, strict=True)]


PLAIN = ["a,1\nbb,22\n", "a,1\nb,2", "a,1\r\nb,22\r\n", ",1\n,2\n", "a,\nb,\n", "é,1\n#,2\n"]


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("block", [8, 1 << 18])
def test_usual_rows_need_no_parser(text: str, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_rows, "BLOCK_BYTES", block)
    lines = [line.split(",") for line in (text * 3 if text.endswith("\n") else text).splitlines()]
    found = cells_of(text * 3 if text.endswith("\n") else text)
    assert found == [list(column) for column in zip(*lines, strict=True)]


ODD = [
    "a,1\nb\n,2\n",
    "a,1\nb,,\n",
    "a,1\r\nb,2\n",
    "a,1\nb,2\r\n",
    "a,1\n\nb,2\n",
    "a,1\n,2\r",
    "\n\n",
    "a\n",
]
ODD += ["a,1\r\nb,,\nc\rd\r\n"]  # as many marks of each kind as in plain rows
ODD += ["a,1\rb,2\r", "a,1,\nb,1\n", "a\tb,1\n", "a,1\rb\n", "a,1\r\nb\r,2\n\n", "a,1\n\x0b\n,", "a,1\x0c\n"]


@pytest.mark.parametrize("text", ODD)
def test_odd_rows_are_left_to_the_parser(text: str) -> None:
    assert rows_of(text) is None


NUMBERS = st.integers(0, 10**19).map(str) | st.integers(0, 12).map(lambda digits: str(10**digits))
ODD_NUMBERS = st.sampled_from(
    ["007", "0", "00", "", "x", "1x", "x1", "-1", "+1", " 1", "1.0", "0x1F", "١", ":", "/"]
)


@given(st.lists(NUMBERS | ODD_NUMBERS, min_size=1, max_size=6) | st.lists(NUMBERS, min_size=1, max_size=9))
@example(["1", "123456789", "12345678901234567"])
@example(["1", ""])
@example(["1", "007"])
@example(["22", "007"])
@example(["1", "9" * 19])
@example(["007"])
@example(["123456789012345678", "1"])
def test_numbers_are_those_that_are_written(cells: list[str]) -> None:
    """Oracle: int of each cell, and whether str of that is the cell again."""
    rows = rows_of("".join(f"a,{cell}\n" for cell in cells))
    assert rows is not None
    digits = all(cell.isdigit() and cell.isascii() and len(cell) <= MOST_DIGITS for cell in cells)
    plain = digits and all(str(int(cell)) == cell for cell in cells)
    for only_plain, wanted in ((False, digits), (True, plain)):
        found = numbers_of(rows, 1, only_plain)
        assert (None if found is None else found.tolist()) == ([int(c) for c in cells] if wanted else None)


@given(
    st.sampled_from(["", "s", "SKU-", "é", "1-", "x" * LONGEST_PREFIX, "x" * (LONGEST_PREFIX + 1)]),
    st.lists(NUMBERS | ODD_NUMBERS, min_size=1, max_size=6) | st.lists(NUMBERS, min_size=1, max_size=9),
    st.sampled_from(["", "s", "SKU-", "SKV-", "SKU"]),
)
@example("SKU-", ["1", "17"], "SKU-")
@example("SKU-", ["1", "17"], "SKV-")
@example("SKU-", ["0", "17"], "SKU-")
@example("SKU-", ["1", "007"], "SKU-")
@example("SKU-", ["1", ""], "SKU-")
def test_numbered_ids_say_what_is_written(prefix: str, cells: list[str], last: str) -> None:
    """Oracle: prefix + str(number) is the cell again, and the prefix the same in all rows."""
    ids = [*(prefix + cell for cell in cells), last + "5"]
    rows = rows_of("".join(f"a,{cell}\n" for cell in ids))
    assert rows is not None
    found = numbered_ids(rows, 1)
    if found is not None:
        assert [found[0] + str(number) for number in found[1].tolist()] == ids
    plain = all(cell.isdigit() and cell.isascii() and str(int(cell)) == cell for cell in cells)
    usual = plain and last == prefix and max(map(len, cells)) <= MOST_DIGITS
    assert (found is not None) >= usual


@st.composite
def logs(draw: st.DrawFn) -> str:
    """Logs of uneven rows, now and then with one character changed."""
    delimiter, line_end = draw(st.sampled_from(",\t;|")), draw(st.sampled_from(["\n", "\n", "\r\n"]))
    ids = st.sampled_from(sorted(CELLS))
    kinds = [CELLS[draw(ids)], CELLS[draw(ids)], TIMES[draw(st.sampled_from(sorted(TIMES)))]]
    chosen = [draw(st.lists(st.sampled_from(kind), min_size=1, max_size=4)) for kind in kinds]
    row = st.tuples(*map(st.sampled_from, chosen)).map(delimiter.join)
    lines = draw(st.lists(row, min_size=2, max_size=12))
    text = line_end.join([delimiter.join(["session", "item", "time"]), *lines]) + line_end * draw(
        st.booleans()
    )
    if draw(st.integers(0, 2)) == 0:
        place = draw(st.integers(20, len(text) - 1))
        odd = draw(st.sampled_from(["", "\n", "\r", "0", " ", delimiter, "x", '"']))
        text = text[:place] + odd + text[place + 1 :]
    return text


def found_in(text: str) -> object:
    """All that a person can get to know of a log."""
    try:
        log, report = read_log(text.encode(), name="log")
    except InputError as error:
        return str(error)
    return [(s.session_id, s.items.tolist(), s.times.tolist()) for s in log], log.catalog, report  # type: ignore[union-attr]


@given(logs())
def test_a_log_is_read_as_the_parser_reads_it(text: str) -> None:
    fast = found_in(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "plain_rows", lambda *_: None)
        for module in (moments, whole_numbers):
            patch.setattr(module, "grid_of", lambda _: None)
        assert found_in(text) == fast


def test_the_first_cells_of_a_file_without_a_header() -> None:
    """They have no eight bytes before their end."""
    text = "".join(f"{8 + row // 2},{row % 3 + 9},{1400000000 + row}\n" for row in range(8))
    log, _ = read_log(text.encode())
    assert list(log.session_ids) == ["8", "9", "10", "11"]
    assert log.catalog.ids == ("9", "10", "11")


def test_the_usual_log_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above would compare the parser with itself."""
    monkeypatch.setattr(parse, "_parsed_by_arrow", None)
    monkeypatch.setattr(plain_numbers, "kind_of", lambda _: moments.EPOCH)
    text = "".join(f"{row // 3},i{row % 5},{1400000000 + row}\n" for row in range(90))
    log, _ = read_log(f"session,item,time\n{text}".encode())
    assert log.n_clicks == 90


def test_numbered_ids_do_not_become_texts_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "encode", None)
    text = "".join(f"s{row // 3},SKU-{row % 5}\n" for row in range(90))
    log, _ = read_log(f"session,item\n{text}".encode())
    assert log.catalog.ids == ("SKU-0", "SKU-1", "SKU-2", "SKU-3", "SKU-4")
    assert list(log.session_ids) == [f"s{number}" for number in range(30)]


def test_sessions_without_times_stay_in_file_order() -> None:
    """Numbers close together, which are quicker to sort; so are items, whose order does not matter here."""
    text = "".join(f"{session},item-{row % 3}\n" for row, session in enumerate([9, 3, 9, 3, 8, 9, 8, 3] * 2))
    log, _ = read_log(f"session,item\n{text}".encode())
    assert list(log.session_ids) == ["9", "3", "8"]
