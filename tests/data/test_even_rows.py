"""Do rows that are laid out alike give the cells, and the log, that the parser gives?

The oracles: str.split for cells; for whole logs `read_log` with all that is read
in columns of equal length switched off, so that every cell goes through pyarrow.
"""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gru_viz.data.reader import read_log
from gru_viz.data.reading import encoded, even_rows, moments, parse, whole_numbers
from gru_viz.data.reading.even_rows import cut_even_rows
from gru_viz.errors import InputError

CELLS = {"session": ["s1", "07", "12", "aé", "#1"], "item": ["i-1", "i-2", "008", "123", "=a+", "0x1"]}
TIMES = {
    "epoch": ["1400000000", "1400000060", "0000000007"],
    "zoned": ["2014-04-07T10:51:09Z", "2014-04-07 10:51:10Z", "2014-02-30T10:51:10Z"],
    "naive": ["2014-04-07T10:51:09.25", "2014-04-07T10:51:10.26", "2014-04-07T10:51:10.2Z"],
}


def cells_of(text: str, delimiter: str, width: int) -> list[list[str]] | None:
    found = cut_even_rows(pa.py_buffer(text.encode()), delimiter, width, range(width))
    return None if found is None else [found[column].to_pylist() for column in range(width)]


@given(
    st.lists(st.lists(st.text("ab1\t,;\n\r ", max_size=3), min_size=2, max_size=3), min_size=1, max_size=5),
    st.sampled_from("\t,;"),
    st.booleans(),
)
@example([["a", "b"], ["1", "2"]], ",", True)
@example([["a", "b"], ["1", ","]], ",", True)
@example([["a", "b"], ["", "1"]], ",", True)
@example([["a", "b", ""], ["a", "b", ""]], ",", True)
def test_cells_are_those_between_the_marks(rows: list[list[str]], delimiter: str, ends: bool) -> None:
    text = "\n".join(delimiter.join(row) for row in rows) + "\n" * ends
    if (found := cells_of(text, delimiter, 2)) is not None:
        lines = [line.split(delimiter) for line in text.removesuffix("\n").split("\n")]
        assert "\r" not in text
        assert found == [list(column) for column in zip(*lines, strict=True)]
        assert len(found) == 2


ODD = ["a,1\nb\n,2\n", "a,1\nb,22\n", "ab,1\na,b1\n", "a,1\nb,,\n", "a,1\nb,2", "a,1\r\nb,2\r\n", "\n\n", ""]
ODD += ["a,1\n\n,,\n", "a,1\n,b1\n", ",1\n,2\n", "a,1\n\r,2\n"]


@pytest.mark.parametrize("text", ODD)
def test_odd_rows_are_left_to_the_parser(text: str) -> None:
    assert cells_of(text, ",", 2) is None


def test_even_rows_are_cut_whatever_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(even_rows, "BLOCK_BYTES", 16)
    text = "".join(f"{row:03},é{row:04}\n" for row in range(50))
    wanted = [[f"{row:03}" for row in range(50)], [f"é{row:04}" for row in range(50)]]
    assert cells_of(text, ",", 2) == wanted


@st.composite
def even_logs(draw: st.DrawFn) -> str:
    """Logs of even rows, now and then with one character changed."""
    delimiter = draw(st.sampled_from(",\t;|"))
    kinds = [CELLS["session"], CELLS["item"], TIMES[draw(st.sampled_from(sorted(TIMES)))]]
    chosen = [draw(st.lists(st.sampled_from(kind), min_size=1, max_size=3)) for kind in kinds]
    row = st.tuples(*map(st.sampled_from, chosen)).map(delimiter.join)
    lines = draw(st.lists(row, min_size=2, max_size=12))
    text = "\n".join([delimiter.join(["session", "item", "time"]), *lines]) + "\n" * draw(st.booleans())
    if draw(st.integers(0, 2)) == 0:
        place = draw(st.integers(20, len(text) - 1))
        text = (
            text[:place]
            + draw(st.sampled_from(["", "\n", "\r", "0", " ", delimiter, "x", '"']))
            + text[place + 1 :]
        )
    return text  # fmt: skip


def found_in(text: str) -> object:
    """All that a person can get to know of a log."""
    try:
        log, report = read_log(text.encode(), name="log")
    except InputError as error:
        return str(error)
    return [(s.session_id, s.items.tolist(), s.times.tolist()) for s in log], log.catalog, report  # type: ignore[union-attr]


@given(even_logs())
def test_a_log_is_read_as_the_parser_reads_it(text: str) -> None:
    fast = found_in(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "cut_even_rows", lambda *_: None)
        for module in (encoded, moments, whole_numbers):
            patch.setattr(module, "grid_of", lambda _: None)
        assert found_in(text) == fast
