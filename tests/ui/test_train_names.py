"""Oracle: headers written out by hand."""

from __future__ import annotations

import gzip
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gru_viz.ui.train.columns import remapped
from gru_viz.ui.train.names import column_names


def parquet(names: list[str]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: [1, 2] for name in names}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"who;what;when\n1;2;3\n1;2;4\n", ("who", "what", "when")),
        (b"\xef\xbb\xbfSessionId\tItemId\n1\t2\n1\t3\n", ("SessionId", "ItemId")),
        (gzip.compress(b"a,b\nx,y\nx,z\n", mtime=0), ("a", "b")),
        (b"1,2,1700000000\n1,3,1700000060\n", ("column 1", "column 2", "column 3")),
        (b"a,,b\n1,2,3\n1,3,4\n", ("a", "b")),
        (b"session,sessionid,item\n1,2,3\n1,2,4\n", ("session", "sessionid", "item")),
        (parquet(["who", "what"]), ("who", "what")),
        (b"a<b>,<img src=x>\nx,y\nx,z\n", ("a<b>", "<img src=x>")),
    ],
)
def test_names(data, names):
    assert column_names(data, "f") == names


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01",
        b"PAR1junk",
        b"<!doctype html><html></html>",
        b"a,a\n1,2\n",
        b"one\nx\n",
        b'a,"b\n1,2\n',
    ],
)
def test_a_file_that_cannot_be_read_has_none(data):
    assert isinstance(column_names(data, "f"), tuple)


def test_a_missing_file_has_none(tmp_path):
    assert column_names(str(tmp_path / "no.csv"), "no.csv") == ()


def test_remapping():
    assert remapped({}, "item", "sku") == {"item": "sku"}
    assert remapped({"item": "sku", "time": "t"}, "item", None) == {"time": "t"}
    assert remapped({"item": "sku"}, "item", "id") == {"item": "id"}
