"""Whatever ids a log has, they come back exactly; whatever bytes a file has, only InputError comes out."""

from __future__ import annotations

import csv
import io
import unicodedata

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gru_viz.data.reader import read_log
from gru_viz.errors import InputError

Rows = list[tuple[str, str, int]]

ODD = [
    "007",
    "7",
    "7.0",
    "-0",
    "NA",
    "null",
    "None",
    "nan",
    "inf",
    "1e5",
    "0x1f",
    "true",
    "=1+1",
    "#5",
    "a,b",
]
ODD += [
    'say "hi"',
    '"',
    "two\nlines",
    " blank ",
    "é",
    "日本",
    "\u200b",
    "😀",
    "<b>",
    "a;b",
    "a|b",
    "a\tb",
    "'",
    "\\",
]
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=8).filter(
    lambda text: text.strip() != "" and not text.isspace()
)
ID = st.one_of(
    st.sampled_from(ODD), TEXT.map(lambda text: unicodedata.normalize("NFC", text)), st.integers().map(str)
)


@st.composite
def rows_of_few_sessions(draw: st.DrawFn) -> Rows:
    """Rows in any order; few ids, so that sessions have several clicks, some of them twice."""
    sessions = draw(st.lists(ID, min_size=1, max_size=4, unique=True))
    items = draw(st.lists(ID, min_size=2, max_size=6, unique=True))
    row = st.tuples(
        st.sampled_from(sessions), st.sampled_from(items), st.integers(1_000_000_000, 1_000_000_020)
    )
    return draw(st.lists(row, min_size=4, max_size=40))


ROWS = rows_of_few_sessions()


def expected_sessions(rows: Rows) -> list[tuple[str, list[tuple[str, int]]]]:
    """Oracle: the plain Python of what `read_log` promises."""
    found: dict[str, list[tuple[str, int]]] = {}
    for session, item, time in rows:
        found.setdefault(session, []).append((item, time))
    for session, clicks in found.items():
        clicks.sort(key=lambda click: click[1])
        found[session] = [c for i, c in enumerate(clicks) if i == 0 or c != clicks[i - 1]]
    kept = [(session, clicks) for session, clicks in found.items() if len(clicks) > 1]
    return sorted(kept, key=lambda entry: entry[1][0][1])


def written(rows: Rows, delimiter: str, line_end: str, quoting: int) -> bytes:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow(["SessionId", "ItemId", "Time"])
    writer.writerows(rows)
    return sink.getvalue().encode()


def check(data: bytes, rows: Rows) -> None:
    wanted = expected_sessions(rows)
    assume(len({item for _, clicks in wanted for item, _ in clicks}) > 1)
    log, report = read_log(data)
    got = [
        (s.session_id, [(log.catalog.ids[i], int(t)) for i, t in zip(s.items, s.times, strict=True)])  # type: ignore[arg-type]
        for s in log
    ]
    assert got == wanted
    assert report.rows_read == len(rows)
    assert report.rows_kept == log.n_clicks == len(rows) - sum(count for _, count in report.dropped)
    assert log.catalog.ids == tuple(dict.fromkeys(item for _, clicks in wanted for item, _ in clicks))


@settings(max_examples=80, deadline=None)
@given(
    ROWS,
    st.sampled_from([",", "\t", ";", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_csv_comes_back_exactly(rows: Rows, delimiter: str, line_end: str, quoting: int) -> None:
    check(written(rows, delimiter, line_end, quoting), rows)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-3, 5).map(str) | st.sampled_from(["007", "00", "-0"]),
            st.integers(-(10**19), 10**19).map(str) | st.integers(-12, 12).map(str),
            st.integers(1_000_000_000, 1_000_000_050),
        ),
        min_size=2,
        max_size=40,
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_numbers_come_back_exactly(rows: Rows, line_end: str, ends: bool) -> None:
    data = written(rows, ",", line_end, csv.QUOTE_MINIMAL)
    check(data if ends else data.rstrip(b"\r\n"), rows)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_parquet_comes_back_exactly(rows: Rows) -> None:
    session, item, time = zip(*rows, strict=True)
    sink = io.BytesIO()
    pq.write_table(pa.table({"session": session, "item": item, "time": time}), sink, row_group_size=7)
    check(sink.getvalue(), rows)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_raise_anything_but_input_error(data: st.DataObject) -> None:
    base = b'session,item,time\ns,"a",1400000000\ns,b,1400000060\nt,c,1400000000\n'
    kind = data.draw(st.sampled_from(["any", "cut", "spliced"]))
    if kind == "any":
        content = data.draw(st.binary(max_size=200))
    else:
        at = data.draw(st.integers(0, len(base)))
        middle = data.draw(st.binary(max_size=6)) if kind == "spliced" else b""
        content = base[:at] + middle + (base[at:] if kind == "spliced" else b"")
    try:
        log, _ = read_log(content)
    except InputError as error:
        message = str(error)
    else:
        message = f"{log.n_clicks} clicks"
        assert log.n_clicks >= 2
    assert message.isprintable()
