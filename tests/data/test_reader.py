"""A log is read as a careful person would read it; every number is worked out by hand."""

from __future__ import annotations

import gzip
import io
import json
import pickle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gru_viz.catalog import Catalog
from gru_viz.data.reader import CleaningReport, read_log
from gru_viz.data.reading.findings import EmptyIdError, UnclearColumnError
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

# two sessions that overlap; b starts first although a stands first in the file
PLAIN = "SessionId,ItemId,Time\na,x,110\nb,y,100\na,y,130\nb,z,140\na,x,120\n"


def read(text: str | bytes, **options: object) -> tuple[ClickLog, CleaningReport]:
    data = text.encode() if isinstance(text, str) else text
    return read_log(data, name="log.csv", **options)  # type: ignore[arg-type]


def sessions(log: ClickLog) -> dict[str, list[str]]:
    """Session id → item ids, in the order of the log."""
    return {s.session_id: [log.catalog.ids[i] for i in s.items] for s in log}


def test_sorts_by_time_within_and_across_sessions() -> None:
    log, report = read(PLAIN)
    assert sessions(log) == {"b": ["y", "z"], "a": ["x", "x", "y"]}
    assert list(sessions(log)) == ["b", "a"]
    assert log.times is not None
    assert log.times.tolist() == [100, 140, 110, 120, 130]
    assert log.offsets.tolist() == [0, 2, 5]
    assert log.catalog.ids == ("y", "z", "x")  # by first click in the sorted log
    assert (report.rows_read, report.rows_kept, report.sessions, report.items) == (5, 5, 2, 3)
    assert report.columns == (("session", "SessionId"), ("item", "ItemId"), ("time", "Time"))
    assert (report.time_first, report.time_last) == ("1970-01-01T00:01:40Z", "1970-01-01T00:02:20Z")
    assert report.format == "comma-separated text"


def test_equal_times_keep_file_order() -> None:
    log, _ = read("session,item,time\ns,c,5\ns,a,5\ns,b,5\ns,z,4\n")
    assert sessions(log) == {"s": ["z", "c", "a", "b"]}


@pytest.mark.parametrize("step", [1, 0.5])
def test_any_order_of_rows_gives_the_same_log(step: float) -> None:
    rng = np.random.default_rng(3)
    rows = [f"s{i % 70000},i{i % 11},{1.5e9 + i * step:.1f}" for i in range(140_000)]
    expected, _ = read("session,item,time\n" + "\n".join(rows))
    rng.shuffle(rows)
    log, report = read("session,item,time\n" + "\n".join(rows))
    assert log.session_ids == expected.session_ids == tuple(f"s{i}" for i in range(70_000))
    assert log.catalog.ids == expected.catalog.ids
    assert log.items.tolist() == expected.items.tolist()
    last = [log.catalog.ids[i] for i in log[69_999].items]
    assert last == ["i6", "i2"]  # rows 69,999 and 139,999, modulo 11
    assert any("sorted" in note for note in report.notes)


def test_no_time_column_means_file_order() -> None:
    log, report = read("sid;sku\nb;2\na;1\nb;1\na;2\n")
    assert sessions(log) == {"b": ["2", "1"], "a": ["1", "2"]}
    assert log.times is None
    assert (report.time_first, report.time_last, report.time_unit) == (None, None, None)
    assert "no time column; clicks and sessions stand in file order" in report.notes
    assert report.format == "semicolon-separated text"


def test_short_sessions_are_dropped_and_counted() -> None:
    text = "session,item,time\na,x,1\nb,x,2\nb,y,3\nc,q,9\nd,y,4\nd,x,5\nd,y,6\n"
    log, report = read(text)
    assert list(sessions(log)) == ["b", "d"]
    assert report.dropped == (("session of one click", 2),)
    assert log.catalog.ids == ("x", "y")  # q was clicked only in a dropped session
    log, report = read(text, min_session=3)
    assert sessions(log) == {"d": ["y", "x", "y"]}
    assert report.dropped == (("session of fewer than 3 clicks", 4),)
    log, report = read(text, min_session=1)
    assert (report.rows_kept, report.dropped) == (7, ())


def test_double_entries_go_and_repeat_clicks_stay() -> None:
    log, report = read("session,item,time\ns,a,1400000001\ns,a,1400000001\ns,a,1400000002\ns,b,1400000003\n")
    assert sessions(log) == {"s": ["a", "a", "b"]}
    assert report.dropped == (("exact duplicate (same session, item and time)", 1),)
    log, report = read("session,item\ns,a\ns,a\ns,b\n")
    assert sessions(log) == {"s": ["a", "a", "b"]}
    assert report.dropped == ()
    assert "1 row repeats the click before it exactly; kept as repeat clicks" in report.notes


def test_dates_without_hours_cannot_tell_double_entries() -> None:
    log, report = read("session,item,date\ns,a,2014-04-07\ns,a,2014-04-07\ns,b,2014-04-08\n")
    assert sessions(log) == {"s": ["a", "a", "b"]}
    assert report.dropped == ()


def test_a_given_catalogue_drops_and_counts_what_it_does_not_list() -> None:
    catalog = Catalog(("z", "x", "y"), ("Zed", "Ex", "Why"))
    log, report = read("session,item\na,x\na,q\na,y\nb,q\nb,x\n", catalog=catalog)
    assert log.catalog is catalog
    assert log.items.tolist() == [1, 2]
    assert log.session_ids == ("a",)
    assert report.dropped == (("item not in the catalogue", 2), ("session of one click", 1))
    assert (report.rows_read, report.rows_kept, report.items) == (5, 2, 3)


def test_titles_and_categories_of_the_log() -> None:
    log, report = read(
        "session,item,title,category\ns,1,,Toys\ns,2,Ball,Toys\ns,1,Doll,\ns,3,,\ns,1,Dolly,Books\n"
    )
    assert log.catalog.ids == ("1", "2", "3")
    assert log.catalog.titles == ("Doll", "Ball", "3")
    assert log.catalog.categories == ("Toys", "Toys", "")
    assert "1 item with more than one title; the first was used" in report.notes
    assert "1 item with more than one category; the first was used" in report.notes


def test_items_file_wins_over_the_log(tmp_path: Path) -> None:
    path = tmp_path / "items.tsv"
    path.write_text("product_id\tname\tdepartment\n2\tRed ball\tToys\n9\tUnknown\tX\n1\t\tBooks\n")
    log, report = read("session,item,title\ns,1,Doll\ns,2,Ball\ns,3,Car\n", items=path)
    assert log.catalog.titles == ("Doll", "Red ball", "Car")
    assert log.catalog.categories == ("Books", "Toys", "")
    assert "items.tsv: 1 item that no one clicked ignored" in report.notes
    assert "items.tsv: 1 item of the log not described here" in report.notes


def test_items_file_twice_the_same_id_is_a_warning() -> None:
    log, report = read("session,item\ns,1\ns,2\n", items=b"item,title\n1,A\n2,B\n1,C\n")
    assert log.catalog.titles == ("A", "B")
    assert report.warnings == ("the uploaded file: 1 row for an item that an earlier row describes",)


def test_errors_in_the_items_file_name_it(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("item,title\n1,A\n2\n")
    with pytest.raises(InputError, match=r"^items\.csv, row 3: 1 cell instead of 2: '2'; "):
        read(PLAIN, items=path)


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("session_id:token\titem_id:token\ttimestamp:float", None),  # RecBole
        ("Session ID\tProduct ID\tEvent Time", None),
        ("  SESSIONID \t Aid\tTS", None),
        ("user_session\tproduct_id\tevent_time", None),  # REES46
        ("when\tsession\twhat", {"item": "what", "time": "when"}),
        ("who\twhat\tmoment", {"session": "who", "item": "what", "time": "moment"}),
    ],
)
def test_common_and_mapped_column_names(header: str, columns: dict[str, str] | None) -> None:
    cells = {"when": "2", "session": "s", "what": "i"} if "when" in header else None
    row = "2\ts\t" if cells else "s\t{}\t2"
    rows = "\n".join(row.format(i) if "{}" in row else row + i for i in "ij")
    log, report = read(f"{header}\n{rows}\n", columns=columns)
    assert sessions(log) == {"s": ["i", "j"]}
    assert {role for role, _ in report.columns} == {"session", "item", "time"}


def test_of_several_names_the_better_known_is_taken_and_said() -> None:
    log, report = read("session,item,product_id,time\ns,1,7,5\ns,2,8,6\n")
    assert sessions(log) == {"s": ["1", "2"]}
    assert "column 'item' was taken as the item (not 'product_id')" in report.notes


def test_users_are_split_at_pauses() -> None:
    text = (
        "user_id,item,time\nu,a,1500000000\nu,b,1500001800\nu,c,1500003601\nv,a,1500000001\nu,d,1500003602\n"
    )
    log, report = read(text, min_session=1)
    # exactly 30 minutes is no pause; one second more is
    assert sessions(log) == {"u/1": ["a", "b"], "v/1": ["a"], "u/2": ["c", "d"]}
    assert report.warnings == (
        "no session column; 2 users were split into 3 sessions at pauses of more than 30 minutes",
    )


def test_users_without_times_are_one_session_each() -> None:
    log, report = read("user,item\nu,a\nu,b\n")
    assert sessions(log) == {"u": ["a", "b"]}
    assert report.warnings == ("no session column; each user's clicks were taken as one session",)


@pytest.mark.parametrize("as_bytes", [True, False])
def test_uploads(as_bytes: bool) -> None:
    data = PLAIN.encode()
    source = data if as_bytes else io.BytesIO(data)
    if isinstance(source, io.BytesIO):
        source.read()  # Streamlit hands the same object to every rerun
    log, report = read_log(source, name="../../etc/passwd.csv")
    assert len(log) == 2
    assert report.name == "../../etc/passwd.csv"


@pytest.mark.parametrize("large", [False, True])
def test_paths_gzip_and_parquet_by_content_not_by_name(tmp_path: Path, large: bool) -> None:
    repeats = 40_000 if large else 1  # past the size from which files are mapped
    body = "".join(f"a{i},x{i},110\na{i},y,120\n" for i in range(repeats))
    text = f"SessionId,ItemId,Time\n{body}"
    plain, _ = read(text)
    (tmp_path / "log.parquet").write_text(text)  # names lie
    (tmp_path / "log.txt").write_bytes(gzip.compress(text.encode()))
    columns = zip(*(line.split(",") for line in body.splitlines()), strict=True)
    table = pa.table(dict(zip(["SessionId", "ItemId", "Time"], map(list, columns), strict=True)))
    pq.write_table(table, tmp_path / "log.csv")
    for name, kind in [
        ("log.parquet", "comma-separated text"),
        ("log.txt", "comma-separated text, gzip"),
        ("log.csv", "Parquet"),
    ]:
        log, report = read_log(tmp_path / name)
        assert (report.format, report.name) == (kind, name)
        assert log.items.tolist() == plain.items.tolist()
        assert log.session_ids == plain.session_ids
        assert log.times is not None
        assert log.times[:2].tolist() == [110, 120]


def test_parquet_with_types() -> None:
    table = pa.table(
        {
            "session": pa.array([2**53 + 1, 2**53, 2**53 + 1, 2**53], pa.int64()),
            "item": pa.array(["NA", "007", "007", "NA"]).dictionary_encode(),
            "time": pa.array([3_000, 1_000, 2_500, 2_000], pa.timestamp("ms", tz="UTC")),
            "title": pa.array([None, "Bond", None, None]),
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    log, report = read_log(sink, name="log.parquet")
    assert sessions(log) == {"9007199254740992": ["007", "NA"], "9007199254740993": ["007", "NA"]}
    assert log.catalog.titles == ("Bond", "NA")
    assert log.times is not None
    assert log.times.tolist() == [1, 2, 2.5, 3]
    assert report.warnings[0].startswith("4 times before 1990")


def test_strict_turns_a_warning_into_an_error() -> None:
    text = "session,item,time\ns,a,2014-04-07T10:00:00\ns,b,2014-04-07T11:00:00\n"
    _, report = read(text)
    assert report.warnings == ("the times name no time zone; taken as UTC",)
    with pytest.raises(InputError, match=r"^log\.csv: the times name no time zone; taken as UTC; correct it"):
        read(text, strict=True)
    read(text.replace("00:00\n", "00:00Z\n"), strict=True)


def test_empty_ids_may_be_dropped() -> None:
    log, report = read("session,item\ns,a\n,b\ns,\ns,c\n", drop_empty_ids=True)
    assert sessions(log) == {"s": ["a", "c"]}
    assert report.dropped == (("empty session or item id", 2),)


def test_what_a_choice_settles_says_another_remedy_where_the_choice_is_made() -> None:
    with pytest.raises(EmptyIdError) as empty:
        read("session,item\ns,a\ns,\n")
    line = "log.csv, row 3, column 'item': empty item id; "
    assert str(empty.value) == f"{line}fill it in, or drop such rows"
    assert empty.value.settled_by("tick it") == f"{line}tick it"
    assert str(pickle.loads(pickle.dumps(empty.value))) == str(empty.value)
    for header in ("session,colour", "session,item_id,ItemId"):
        with pytest.raises(UnclearColumnError) as unclear:
            read(f"{header}\n{'s,' * header.count(',')}a\n")
        assert "rename" in str(unclear.value)
        assert "rename" not in unclear.value.settled_by("choose it below")


def test_an_items_file_leaves_no_choice() -> None:
    for items in ("colour,size\n1,2\n", "item,title\n,x\n"):
        with pytest.raises(InputError) as error:
            read(PLAIN, items=items.encode())
        assert type(error.value) is InputError


def test_a_log_without_times_says_so_once() -> None:
    _, report = read("session,item\ns,a\ns,b\n")
    assert [line for line in report.lines() if "time" in line] == [
        "note: no time column; clicks and sessions stand in file order"
    ]


def test_giants_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gru_viz.data.reading.clean.MAX_SESSION_CLICKS", 3)
    log, report = read("session,item\n" + "".join(f"s,{i}\n" for i in range(5)) + "t,1\nt,2\n")
    assert sessions(log) == {"s": ["0", "1", "2"], "t": ["1", "2"]}
    assert report.dropped == (("beyond the first 3 clicks of a session", 2),)
    assert "1 session of more than 3 clicks cut there" in report.notes


def test_many_items_warn_with_an_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gru_viz.data.reading.items.MANY_ITEMS", 2)
    _, report = read(PLAIN)
    assert any(text.startswith("3 items: a model of 100 units needs about") for text in report.warnings)


def test_a_session_id_used_again_days_later_warns() -> None:
    text = "session,item,time\ns,a,1500000000\ns,b,1500086401\nt,a,1500000000\nt,b,1500086400\n"
    _, report = read(text)
    assert report.warnings == ("1 session with a pause of more than 24 hours: is the session id used again?",)


def test_the_report_reads_well_and_is_json() -> None:
    _, report = read("session,item,time\ns,a,1400000000\ns,b,1400000060\nt,a,1400000000\n")
    assert report.lines() == [
        "log.csv: comma-separated text, UTF-8",
        "columns: session = 'session', item = 'item', time = 'time'",
        "read 3 rows; kept 2 clicks in 1 session over 2 items",
        "dropped 1 click: session of one click",
        "times: epoch seconds, from 2014-05-13T16:53:20Z to 2014-05-13T16:54:20Z",
    ]
    told = json.loads(json.dumps(report.to_dict()))
    assert told["dropped"] == [{"reason": "session of one click", "clicks": 1}]
    assert told["columns"] == {"session": "session", "item": "item", "time": "time"}
    assert told["rows_read"] == 3
    assert pickle.loads(pickle.dumps(report)) == report


def test_arguments_are_checked() -> None:
    with pytest.raises(InputError, match="there is no role 'sesion'; the roles are session, user, item"):
        read(PLAIN, columns={"sesion": "SessionId"})
    with pytest.raises(InputError, match="no column 'Nope'; the columns are 'SessionId', 'ItemId', 'Time'"):
        read(PLAIN, columns={"session": "Nope"})
    with pytest.raises(InputError, match="one column is mapped to two roles"):
        read(PLAIN, columns={"session": "ItemId", "item": "ItemId"})
    with pytest.raises(InputError, match="min_session is 0"):
        read(PLAIN, min_session=0)
    with pytest.raises(InputError, match="cannot read from a int"):
        read_log(7)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="was opened as text"):
        read_log(io.StringIO(PLAIN))  # type: ignore[arg-type]


def test_what_the_disk_refuses_is_one_line(tmp_path: Path) -> None:
    for source, fragment in [
        (tmp_path / "missing.csv", r"missing\.csv: there is no such file; check the path"),
        (tmp_path, "cannot be read"),
        ("a\0b", "cannot be opened"),
    ]:
        with pytest.raises(InputError, match=fragment) as caught:
            read_log(source)
        assert "\n" not in str(caught.value)
