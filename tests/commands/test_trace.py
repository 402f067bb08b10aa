"""`trace`: its JSON is a contract (DESIGN.md section 2). Oracle: `record`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.commands.model_and_session import item_ids
from gru_viz.errors import InputError
from gru_viz.record import record
from tests.cli import Output, document, ran, refused


def test_trace_json_is_the_recorded_trace(output: Output, trained: Path) -> None:
    told = document(output, "trace", trained, "--session", "i0,i4,i5")
    trace = record(gru_viz.load(trained), ["i0", "i4", "i5"])
    assert told["items"] == ["i0", "i4", "i5"]
    (layer,) = told["layers"]
    assert set(layer) == {"z", "r", "candidate", "h"}
    for name, values in trace.layers[0].quantities().items():
        np.testing.assert_array_equal(np.array(layer[name], np.float32), values)
    assert [len(step) for step in told["top"]] == [8, 8, 8]
    assert [set(row) for row in told["top"][0]] == [{"item_id", "score", "probability"}] * 8
    assert [row["item_id"] for row in told["top"][2]] == trace.top(8, 2)["item_id"].tolist()
    assert len(document(output, "trace", trained, "--session", "i0", "--top", "3")["top"][0]) == 3


def test_trace_as_a_table(output: Output, trained: Path) -> None:
    _, out, _ = ran(output, "trace", trained, "--session", "i0,i4")
    assert [row.split()[:2] for row in out.splitlines()[1:]] == [["1", "i0"], ["2", "i4"]]


def test_trace_bad_input(output: Output, trained: Path) -> None:
    assert "'nope'" in refused(output, "trace", trained, "--session", "i0,nope")
    refused(output, "trace", trained, "--session", "")
    refused(output, "trace", trained, "--session", "i0,,i1")
    refused(output, "trace", trained, "--session", 'i0,"i1')
    refused(output, "trace", trained, "--session", "i0\ni1", "--json")
    refused(output, "trace", trained, "--session", "i0", "--top", "0")
    refused(output, "trace", trained)


def test_item_ids_are_one_line_of_csv() -> None:
    assert item_ids('"Washington, D.C.",Paris, x') == ["Washington, D.C.", "Paris", " x"]
    assert item_ids("0042") == ["0042"]
    with pytest.raises(InputError):
        item_ids("a,")
