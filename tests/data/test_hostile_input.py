"""Every odd file gets its verdict of HOSTILE_INPUT.md: accepted and said, warned of, or one clear error."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gru_viz.data.reader import CleaningReport, read_log
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

HEAD = "session,item,time\n"
GOOD = HEAD + "s,a,1400000000\ns,b,1400000060\n"


def read(data: str | bytes, **options: object) -> tuple[ClickLog, CleaningReport]:
    return read_log(data.encode() if isinstance(data, str) else data, name="log.csv", **options)  # type: ignore[arg-type]


def ids(log: ClickLog) -> list[str]:
    return [log.catalog.ids[i] for i in log.items]


def parquet(**columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def zipped(name: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(name, "x")
    return sink.getvalue()


def times(*cells: str) -> str:
    return HEAD.replace(",", "\t") + "".join(f"s\ti{n}\t{cell}\n" for n, cell in enumerate(cells))


WIDE = ",".join(f"c{i}" for i in range(1001))
LONG = "x" * 1_000_000
GOOD_PARQUET = parquet(session=["s", "s"], item=["a", "b"])

ERRORS: dict[str, tuple[str | bytes, str]] = {
    # encoding
    "mixed encodings": (
        GOOD.encode() + "s,é,1400000070\n".encode() + b"s,\xe9,1400000080\n",
        r"row 5: byte 0xe9 at offset 66 is not UTF-8, though other parts",
    ),
    "undefined in cp1252": (
        GOOD.encode() + b"s,\x81,1400000080\n",
        "row 4: byte 0x81 belongs to no known encoding",
    ),
    "NUL": (GOOD + "s,c\0,1400000080\n", r"row 4: a NUL character '\\x00'; remove it"),
    "UTF-16 cut short": (GOOD.encode("utf-16")[:-1], "damaged UTF-16 text"),
    "UTF-16 without mark": (GOOD.encode("utf-16-le"), "looks like UTF-16 without a byte order mark"),
    # shape
    "duplicate column": ("session,item,item\ns,a,b\ns,c,d\n", "column 'item': two columns have this name"),
    "two spellings": (
        "session,item_id,ItemId\ns,a,b\ns,c,d\n",
        "columns 'item_id', 'ItemId' could each be the item; keep the right one, rename it to ItemId",
    ),
    "missing column": ("session,colour,time\ns,red,1\n", "no item column among 'session', 'colour', 'time'"),
    "missing session": (
        "basket_no,item\ns,red\ns,blue\n",
        "no session column among 'basket_no', 'item'; rename the right one to SessionId",
    ),
    "one column": ("session\ns\n", "only one column: 'session'"),
    "short row": (
        GOOD + "s,c\ns,d,1400000090\n",
        "row 4: 2 cells instead of 3: 's,c'; is the file cut short",
    ),
    "long row": (
        GOOD + "s,c,1400000080,x\n",
        "row 4: 4 cells instead of 3: 's,c,1400000080,x'; put cells that contain a comma",
    ),
    "every row longer": (
        HEAD + "0,s,a,14\n1,s,b,15\n",
        "every row has 4 cells but the header names 3 columns",
    ),
    "trailing comma that hides a value": (
        HEAD + "s,a,1,\n" * 150 + "s,a,1,x\n",
        "row 152: 4 cells where the header names 3, the last 'x'",
    ),
    "short row after blank line": (HEAD + "\ns,a,1\n\n\ns,b\n", "row 6: 2 cells instead of 3: 's,b'"),
    "short row after quoted newline": (HEAD + 's,"a\nb",1\ns,b\n', "row 4: 2 cells instead of 3: 's,b'"),
    # quoting
    "unclosed quote": (
        GOOD + 's,"c,1400000080\ns,d,1400000090\n',
        "row 4: a quote opens here and is not closed",
    ),
    "two unclosed quotes": (
        GOOD + 's,"c,1400000080\ns,"d,1400000090\n',
        "row 4: a quote opens here and is not closed",
    ),
    "quote closed too early": (GOOD + 's,"Weird Al" Yankovic,1400000080\n', "row 4: a quote opens here"),
    "unclosed quote after a quote within a cell": (
        GOOD + 's,5" pipe,1400000080\ns,"d,1400000090\n',
        "row 5: a quote opens",
    ),
    "1,001 columns": (WIDE + "\n" + WIDE + "\n", "more than 1,000 columns"),
    "a million columns": ("," * 1_000_000 + "\n", "more than 1,000 columns"),
    "1 MB cell": (
        GOOD + f"s,{LONG},1400000080\n",
        r"row 4, column 'item': a cell of 1,000,000 characters: 'xxx",
    ),
    "3 MB cell": (GOOD + f"s,{LONG * 3},1400000080\n", "row 4: a cell of more than 131,072 characters"),
    "200 kB first cell": (HEAD + f"s,{LONG},1400000080\n" + "s,b,1\n", "a cell of"),
    # ids
    "empty item id": (
        GOOD + "s,,1400000080\n",
        "row 4, column 'item': empty item id; fill it in, or drop such rows",
    ),
    "blank session id": (GOOD + "  ,b,1400000080\n", "row 4, column 'session': empty session id"),
    "missing id in Parquet": (
        parquet(session=["s", "s", None], item=["a", "b", "c"]),
        "row 3, column 'session': empty session id",
    ),
    # time
    "mixed units": (
        times("1400000000", "1400000060", "1400000070000"),
        r"row 4, column 'time': '1400000070000' looks like milliseconds, most other times like seconds",
    ),
    "numbers and dates": (
        times("1400000000", "2014-04-07T10:00:00Z", "1400000060"),
        "row 3, column 'time': '2014-04-07T10:00:00Z' does not fit the other rows",
    ),
    "thousands separators": (
        times("1400000000", "1,400,000,060"),
        "row 3, column 'time': '1,400,000,060' has thousands separators",
    ),
    "inf": (times("1400000000", "inf"), "row 3, column 'time': 'inf' is not a time"),
    "NaN": (times("1400000000.5", "NaN"), "row 3, column 'time': 'NaN' is not a time"),
    "NaN among dates": (times("2014-04-07", "NaN"), "row 3, column 'time': 'NaN' is not a time"),
    "empty time": (times("1400000000", ""), "row 3, column 'time': no time; fill it in"),
    "words": (
        times("1400000000", "yesterday"),
        "row 3, column 'time': 'yesterday' is not a time; use epoch seconds or ISO",
    ),
    "impossible date": (
        times("2014-04-07T10:00:00Z", "2014-02-30T10:00:00Z", "2014-04-07T10:00:00Z"),
        "row 3, column 'time': '2014-02-30T10:00:00Z' is not a valid date",
    ),
    "day and month contradict": (
        times("13/01/2014", "01/13/2014"),
        "row 3, column 'time': '01/13/2014' is not a valid date here",
    ),
    "infinite time in Parquet": (
        parquet(session=["s", "s"], item=["a", "b"], time=[1.5, float("inf")]),
        "row 2, column 'time': 'inf' is not a time",
    ),
    "boolean time in Parquet": (
        parquet(session=["s", "s"], item=["a", "b"], time=[True, False]),
        "column 'time': times of type bool",
    ),
    # content
    "all one-click": (
        HEAD + "s,a,1400000000\nt,b,1400000000\n",
        r"no click is left \(2 × session of one click\)",
    ),
    "one item": (
        HEAD + "s,a,1400000000\ns,a,1400000060\n",
        "the log has only one item; there is nothing to recommend",
    ),
    # files
    "empty": (b"", "the file is empty"),
    "blank": (b"\xef\xbb\xbf \n\n", "the file is empty"),
    "a lot of blank": (b"\n" * 5000, "the file is empty"),
    "header only": (HEAD, "there are no rows under the header"),
    "header without line end": (HEAD.strip(), "there are no rows under the header"),
    "comments only": ("# one\n# two\n", "the file has no rows"),
    "binary": (bytes(range(256)) * 8, "this is a binary file"),
    "zip": (zipped("log.csv"), "this is a zip archive; unpack it"),
    "xlsx": (zipped("xl/workbook.xml"), r"this is an Excel workbook \(\.xlsx\); save it as CSV"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(600), "an old Excel workbook"),
    "PDF": (b"%PDF-1.7\n" + GOOD.encode(), "a PDF document"),
    "JSON array": (json.dumps([{"session": 1, "item": 2}]), "this is JSON, not a table"),
    "JSON lines": ('{"session": 1, "item": 2}\n{"session": 1, "item": 3}\n', "this is JSON"),
    "HTML": ("\n<!DOCTYPE html><html><body>404, not found</body></html>", r"this is a web page \(HTML\)"),
    "XML": ("<?xml version='1.0'?><a,b>\n1,2\n", "this is XML or HTML"),
    "LFS pointer": (
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "this is a Git LFS pointer",
    ),
    "gzip cut short": (gzip.compress(GOOD.encode() * 50)[:-12], "the gzip file is damaged or cut short"),
    "gzip damaged": (b"\x1f\x8b\x08\x00" + b"garbage" * 9, "the gzip file is damaged or cut short"),
    "gzip in gzip": (gzip.compress(gzip.compress(GOOD.encode())), "a gzip file inside a gzip file"),
    "gzip of nothing": (gzip.compress(b""), "the file is empty"),
    "gzip of binary": (gzip.compress(bytes(range(256)) * 8), "this is a binary file"),
    "Parquet cut short": (GOOD_PARQUET[:-20], "the Parquet file is damaged or cut short"),
    "Parquet header only": (b"PAR1", "the Parquet file is damaged or cut short"),
    "Parquet without rows": (
        parquet(session=pa.array([], pa.string()), item=pa.array([], pa.string())),
        "there are no rows",
    ),
    "nested Parquet": (
        parquet(session=["s", "t"], item=[["a", "b"], ["c"]]),
        r"column 'item': nested values \(list<.*\) where one item a row is needed",
    ),
    "long cell in Parquet": (
        parquet(session=["s", "s"], item=["a", LONG]),
        "row 2, column 'item': a cell of 1,000,000 characters",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_one_clear_line_for_what_cannot_be_read(case: str) -> None:
    data, message = ERRORS[case]
    with pytest.raises(InputError, match=rf"^log\.csv(:|,) ?.*{message}") as caught:
        read(data)
    text = str(caught.value)
    assert text.isprintable()  # one line, nothing hidden
    assert len(text) < 450
    assert "; " in text  # what is wrong; what to do


# name: (file, items of the log in order, what the notes must say)
ACCEPTED: dict[str, tuple[str | bytes, list[str], str]] = {
    "plain": (GOOD, ["a", "b"], "epoch seconds"),
    "UTF-8 mark": (b"\xef\xbb\xbf" + GOOD.encode(), ["a", "b"], "byte order mark"),
    "UTF-16": (GOOD.encode("utf-16"), ["a", "b"], "UTF-16 was converted"),
    "UTF-32": (GOOD.encode("utf-32"), ["a", "b"], "UTF-32 was converted"),
    "decomposed twins": (
        HEAD + "s,caf\u00e9,1400000000\ns,cafe\u0301,1400000060\ns,b,1400000070\n",
        ["café", "café", "b"],
        "1 item id written in decomposed Unicode were composed (NFC); 1 of them met a twin",
    ),
    "invisible characters": (
        GOOD + "s,c\u200b,1400000070\n",
        ["a", "b", "c\u200b"],
        r"1 item id such as 'c\u200b' hold invisible characters",
    ),
    "emoji and HTML": (GOOD + "s,👩‍🚀 <b>*x*,1400000070\n", ["a", "b", "👩‍🚀 <b>*x*"], ""),
    "semicolon": (GOOD.replace(",", ";"), ["a", "b"], ""),
    "tab in .csv": (GOOD.replace(",", "\t"), ["a", "b"], ""),
    "bar": (GOOD.replace(",", "|"), ["a", "b"], ""),
    "Excel's sep": ("sep=;\r\n" + GOOD.replace(",", ";").replace("\n", "\r\n"), ["a", "b"], ""),
    "CR only": (GOOD.replace("\n", "\r"), ["a", "b"], ""),
    "CRLF": (GOOD.replace("\n", "\r\n"), ["a", "b"], ""),
    "no last line end": (GOOD.strip(), ["a", "b"], ""),
    "header spaces and case": (
        GOOD.replace("session,item,time", " SESSION ID, Item_Id ,TIME"),
        ["a", "b"],
        "",
    ),
    "commented header": ("#" + GOOD, ["a", "b"], ""),
    "index column": (",session,item\n0,s,a\n1,s,b\n", ["a", "b"], "1 column(s) without a name ignored"),
    "trailing comma": ("session,item,\ns,a,\ns,b,\n", ["a", "b"], "without a name ignored"),
    "trailing comma in rows only": (
        "session,item\ns,a,\ns,b,\n",
        ["a", "b"],
        "every row ends in a delimiter",
    ),
    "blank lines": (HEAD + "\ns,a,1400000000\n  \n\ns,b,1400000060\n\n", ["a", "b"], ""),
    "quoted newline": (HEAD + 's,"a\nx",1400000000\ns,b,1400000060\n', ["a\nx", "b"], ""),
    "quoted delimiter and quote": (
        HEAD + 's,"a,""x""",1400000000\ns,b,1400000060\n',
        ['a,"x"', "b"],
        "",
    ),
    "quote within a cell": (HEAD + 's,5" pipe,1400000000\ns,"b",1400000060\n', ['5" pipe', "b"], ""),
    "leading zeros": (HEAD + "s,007,1400000000\ns,7,1400000060\n", ["007", "7"], ""),
    "numbers written long": ("session,item,time\n1,007,1400000000\n1,7,1400000060\n", ["007", "7"], ""),
    "number beside a blank": ("session,item,time\n1, 7,1400000000\n1,7,1400000060\n", [" 7", "7"], ""),
    "minus zero": ("session,item,time\n1,-0,1400000000\n1,0,1400000060\n", ["-0", "0"], ""),
    "hexadecimal": (
        "session,item,time\n1,0xFFFFFFFFF,1400000000\n1,68719476735,1400000060\n",
        ["0xFFFFFFFFF", "68719476735"],
        "",
    ),
    "hexadecimal in a column": (
        HEAD + "s,0xFFFFFFFFF,1400000000\ns,68719476735,1400000060\n",
        ["0xFFFFFFFFF", "68719476735"],
        "",
    ),
    "numbers beside a text column": (
        HEAD + "s,12,1400000000\ns,-5,1400000060\ns,0,1400000070\ns,12,1400000080\n",
        ["12", "-5", "0", "12"],
        "",
    ),
    "late hexadecimal": (
        "session,item,time\n" + "1,2,1400000000\n" * 400 + "1,0xFFFFFFFFF,1400000060\n1,5,1400000070\n",
        ["2", "0xFFFFFFFFF", "5"],
        "",
    ),
    "literal NA": (
        HEAD + "s,NA,1400000000\nnull,None,1400000060\ns,nan,1400000060\nnull,null,1400000070\n",
        ["NA", "nan", "None", "null"],
        "",
    ),
    "1e5 and 100000": (HEAD + "s,1e5,1400000000\ns,100000,1400000060\n", ["1e5", "100000"], ""),
    "2^53 + 1": (
        HEAD + "s,9007199254740993,1400000000\ns,9007199254740992,1400000060\n",
        ["9007199254740993", "9007199254740992"],
        "",
    ),
    "true and false": (HEAD + "s,true,1400000000\ns,TRUE,1400000060\n", ["true", "TRUE"], ""),
    "negative and 30 digits": (
        HEAD + "s,-5,1400000000\ns,123456789012345678901234567890,1400000060\n",
        ["-5", "123456789012345678901234567890"],
        "",
    ),
    "plain numbers": (
        "session,item,time\n1,-5,1400000000\n1,5,1400000060\n1,123456,1400000061\n",
        ["-5", "5", "123456"],
        "",
    ),
    "formula": (GOOD + "s,=1+1,1400000070\n", ["a", "b", "=1+1"], ""),
    "unsorted": (HEAD + "s,b,1400000060\ns,a,1400000000\n", ["a", "b"], "they were sorted"),
    "interleaved": ("session,item\ns,a\nt,b\ns,c\nt,a\n", ["a", "c", "b", "a"], "gathered in file order"),
    "gzip": (gzip.compress(GOOD.encode()), ["a", "b"], ""),
    "gzip of two members": (
        gzip.compress(GOOD.encode()) + gzip.compress(b"s,c,1400000070\n"),
        ["a", "b", "c"],
        "",
    ),
    "gzip of Parquet": (gzip.compress(GOOD_PARQUET), ["a", "b"], ""),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted_and_said(case: str) -> None:
    data, items, note = ACCEPTED[case]
    log, report = read(data, strict=True)  # strict: nothing here deserves a warning
    if case == "late hexadecimal":
        log = log.select([0])  # type: ignore[arg-type]
        assert ids(log)[-3:] == items
    else:
        assert ids(log) == items
    assert note in " | ".join(report.lines())
    assert report.rows_read == report.rows_kept + sum(count for _, count in report.dropped)


WARNED: dict[str, tuple[str | bytes, list[str], str]] = {
    "Latin-1": (
        HEAD.encode() + b"s,caf\xe9,1400000000\ns,b,1400000060\n",
        ["café", "b"],
        "read as Windows-1252",
    ),
    "no header": (
        "s,a,1400000000\ns,b,1400000060\n",
        ["a", "b"],
        "no header row; took column 1 as session, column 2 as item, column 3 as time",
    ),
    "no header, words": ("s,a\ns,b\n", ["a", "b"], "took column 1 as session, column 2 as item"),
    "no header, RSC15": (
        "1,2014-04-07T10:51:09.277Z,214,0\n1,2014-04-07T10:54:09.868Z,215,0\n",
        ["214", "215"],
        "took column 1 as session, column 3 as item, column 2 as time",
    ),
    "comments on top": (
        "# made by x\n#\n" + GOOD,
        ["a", "b"],
        "2 lines starting with '#' at the top skipped",
    ),
    "comment between": (
        HEAD + "s,a,1400000000\n# half time\ns,b,1400000060\n",
        ["a", "b"],
        "1 line starting with '#' between the rows skipped",
    ),
    "5.0": (
        HEAD + "s,5.0,1400000000\ns,5,1400000060\n",
        ["5.0", "5"],
        "1 item id such as '5.0' look like whole numbers turned into decimals",
    ),
    "spreadsheet": (
        HEAD + "s,1.23457E+12,1400000000\ns,5,1400000060\n",
        ["1.23457E+12", "5"],
        "1 item id such as '1.23457E+12' look like long numbers shortened",
    ),
    "naive times": (
        HEAD + "s,a,2014-04-07 10:00\ns,b,2014-04-07 10:01\n",
        ["a", "b"],
        "name no time zone; taken as UTC",
    ),
    "before 1990": (
        HEAD + "s,a,20140407\ns,b,20140408\n",
        ["a", "b"],
        "2 times before 1990 or after 2100, taken as epoch seconds: the log spans 1970-08-22",
    ),
    "after 2100": (HEAD + "s,a,1400000000\ns,b,4500000000\n", ["a", "b"], "1 time before 1990 or after 2100"),
    "ambiguous dates": (
        HEAD + "s,b,01/03/2014\ns,a,02/01/2014\n",
        ["b", "a"],
        "ambiguous; taken as month/day",
    ),
    "decimal ids in Parquet": (
        parquet(session=["s", "s"], item=[1.5, 2.5]),
        ["1.5", "2.5"],
        "stored as decimal numbers",
    ),
}


@pytest.mark.parametrize("case", WARNED)
def test_warned_of(case: str) -> None:
    data, items, warning = WARNED[case]
    log, report = read(data)
    assert ids(log) == items
    assert warning in " | ".join(report.warnings)
    with pytest.raises(InputError, match=r"read without strict$"):
        read(data, strict=True)


def test_columns_without_a_header_can_be_named() -> None:
    log, report = read("a,s,1\nb,s,2\n", columns={"session": "column 2", "item": "column 1"})
    assert ids(log) == ["a", "b"]
    assert "took column 2 as session, column 1 as item" in report.warnings[0]
    assert "add a header such as ItemId, SessionId" in report.warnings[0]


def test_titles_show_invisible_characters() -> None:
    log, report = read("session,item,title\ns,a,evil\u202etxt\ns,b\u200b,\ns,c,👩‍🚀\n")
    assert log.catalog.titles == ("evil\\u202etxt", "b\\u200b", "👩‍🚀")
    assert log.catalog.ids[1] == "b\u200b"
    assert "1 title held invisible characters, now shown as escapes" in report.notes


def test_a_gzip_bomb_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gru_viz.data.reading.source.FREE_GZ_BYTES", 1_000_000)
    bomb = gzip.compress(GOOD.encode() + b"s,a,1400000060\n" * 400_000)
    with pytest.raises(InputError, match=r"bytes of gzip expand to more than [\d,]+; unpack it yourself"):
        read(bomb)
    monkeypatch.undo()
    assert read(bomb)[1].rows_read == 400_002


def test_a_parquet_bomb_is_refused_from_its_footer(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = 1_000_000
    bomb = parquet(session=pa.array([1] * rows), item=pa.array([7] * rows), unused=pa.array([0] * rows))
    assert len(bomb) < 20_000
    monkeypatch.setattr("gru_viz.data.reading.parquet.FREE_BYTES", 10_000_000)
    monkeypatch.setattr("gru_viz.data.reading.parquet._read", lambda *_: pytest.fail("was unpacked"))
    with pytest.raises(InputError, match=r"1,000,000 rows in a file of [\d,]+ bytes would unpack to 15 MiB"):
        read(bomb)


def test_a_long_cell_repeated_in_parquet_stays_one_cell() -> None:
    text = "x" * 90_000
    rows = 30_000  # 2.7 GB as text
    title = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    table = pa.table({"session": ["s"] * rows, "item": ["a", "b"] * (rows // 2), "title": title})
    sink = io.BytesIO()
    pq.write_table(table, sink, store_schema=False)  # in the file the titles are plain text
    data = sink.getvalue()
    assert len(data) < 500_000
    log, report = read(data)
    assert log.catalog.titles == (text, text)
    assert report.rows_read == 30_000


def test_flipped_bits_in_parquet_never_escape_as_another_error() -> None:
    data = parquet(session=[f"s{i // 3}" for i in range(60)], item=[f"é{i % 7}" for i in range(60)])
    refused = 0
    for at in range(0, len(data), 5):
        flipped = bytearray(data)
        flipped[at] ^= 0x55
        try:
            read(bytes(flipped))
        except InputError:
            refused += 1
    assert refused > len(data) // 5 // 4


def test_names_that_would_break_the_message_are_shown_escaped() -> None:
    with pytest.raises(InputError, match=r"^'bad\\n\\u202ename\.csv': the file is empty"):
        read_log(b"", name="bad\n\u202ename.csv")
    with pytest.raises(InputError, match=r"no item column among 'session', 'co\\nlour', 'x'"):
        read('session,"co\nlour",x\ns,a,b\n')


@pytest.mark.parametrize(
    ("cells", "expected", "unit"),
    [
        (("1400000000", "1400000060"), [1.4e9, 1.4e9 + 60], "epoch seconds"),
        (("1400000000000", "1400000060500"), [1.4e9, 1.4e9 + 60.5], "epoch milliseconds"),
        (("1400000000000000", "1400000060500000"), [1.4e9, 1.4e9 + 60.5], "epoch microseconds"),
        (("1400000000000000000", "1400000060500000000"), [1.4e9, 1.4e9 + 60.5], "epoch nanoseconds"),
        (("1400000000.25", "1400000060"), [1.4e9 + 0.25, 1.4e9 + 60], "epoch seconds"),
        (("1400000000,25", "1400000060"), [1.4e9 + 0.25, 1.4e9 + 60], "epoch seconds"),
        (("1.4e9", "+1400000060"), [1.4e9, 1.4e9 + 60], "epoch seconds"),
        ((" 1400000000", "1400000060 "), [1.4e9, 1.4e9 + 60], "epoch seconds"),
        (("2014-05-13T16:53:20Z", "2014-05-13T16:54:20Z"), [1.4e9, 1.4e9 + 60], "ISO 8601"),
        (
            ("2014-05-13T16:53:20.1234567Z", "2014-05-13T16:54:20Z"),
            [1.4e9 + 0.1234567, 1.4e9 + 60],
            "ISO 8601",
        ),
        (("2014-05-13T16:53:20Z", "2014-05-13 18:54:20+02:00"), [1.4e9, 1.4e9 + 60], "ISO 8601"),
        (("2014-05-13 16:53:20 UTC", "2014-05-13 11:54:20 -0500"), [1.4e9, 1.4e9 + 60], "ISO 8601"),
        (("2014-05-13 16:53:20+00", "2014-05-13 16:54:20"), [1.4e9, 1.4e9 + 60], "ISO 8601"),
        (("2014-05-13", "2014-05-14"), [1399939200, 1400025600], "ISO 8601"),
        (("2014/5/13 16:53:20", "2014/5/13 16:54:20"), [1.4e9, 1.4e9 + 60], "ISO 8601"),
        (("2014-5-3", "2014-05-13 4:00"), [1399075200, 1399953600], "ISO 8601"),
        (("13/05/2014 16:53:20", "14/05/2014 16:53:20"), [1.4e9, 1.4e9 + 86400], "day/month/year"),
        (("5/13/2014 16:53", "5/13/2014 16:54"), [1.4e9 - 20, 1.4e9 + 40], "month/day/year"),
        (("01.02.2014", "02.02.2014"), [1391212800, 1391299200], "day/month/year"),
    ],
)
def test_times_of_all_kinds(cells: tuple[str, str], expected: list[float], unit: str) -> None:
    log, report = read(times(*cells))
    assert log.times is not None
    assert log.times.tolist() == pytest.approx(expected, abs=1e-6)
    assert report.time_unit == unit


def test_nanoseconds_sort_exactly() -> None:
    # the two differ by less than float64 seconds can tell
    log, _ = read(HEAD + "s,b,1400000000000000002\ns,a,1400000000000000001\n")
    assert ids(log) == ["a", "b"]


def test_zones_are_said() -> None:
    _, report = read(times("2014-05-13T16:53:20Z", "2014-05-13 18:54:20+02:00"), strict=True)
    assert "times with a zone were converted to UTC" in report.notes
