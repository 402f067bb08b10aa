"""Does `bench` measure both sides and say so in the promised shape? Nothing here looks at a clock."""

from __future__ import annotations

import argparse
import importlib
import json

import pytest

from gru_viz.bench import MEASUREMENTS, untrained
from gru_viz.bench.row import Effort, Row, bar_words, verdict
from gru_viz.checkpoint import load
from gru_viz.commands import bench
from gru_viz.data.reader import read_log
from gru_viz.errors import InputError
from gru_viz.record import record

TINY = ["--scale", "0.01", "--repeats", "2"]
KEYS = {
    "measurement", "work", "against", "ours", "yardstick", "unit", "bar", "limit",
    "more_is_better", "skipped", "ratio", "ok",
}  # fmt: skip


def run(*arguments):
    parser = argparse.ArgumentParser()
    bench.add_parser(parser.add_subparsers())
    args = parser.parse_args(["bench", *TINY, *arguments])
    return args.run(args)


def row(**values):
    return Row("reading", "work", **values)


@pytest.mark.parametrize(
    ("values", "ok"),
    [
        ({"ours": 3.0, "yardstick": 2.0, "bar": 1.5}, True),
        ({"ours": 3.1, "yardstick": 2.0, "bar": 1.5}, False),
        ({"ours": 3.0, "yardstick": 2.0, "bar": 1.5, "limit": 2.9}, False),
        ({"ours": 0.98, "yardstick": 1.0, "bar": 0.97, "more_is_better": True}, True),
        ({"ours": 0.96, "yardstick": 1.0, "bar": 0.97, "more_is_better": True}, False),
        ({"ours": 5.0, "limit": 10.0}, True),
        ({"ours": 5.0, "yardstick": 2.0}, None),
        ({"bar": 1.5, "skipped": "no Chromium"}, None),
    ],
)
def test_a_row_is_ok_when_every_bar_holds(values, ok):
    assert row(**values).ok is ok
    assert verdict(row(**values)) == {True: "ok", False: "missed", None: ""}[ok]


def test_bars_are_words():
    assert bar_words(row(bar=0.35, limit=40.0)) == "≤ 0.35 ×, ≤ 40 ms"
    assert bar_words(row(bar=0.97, more_is_better=True)) == "≥ 0.97 ×"
    assert bar_words(row()) == ""


def test_every_measurement_is_there():
    for module in MEASUREMENTS.values():
        assert callable(importlib.import_module(module).measure)


@pytest.mark.parametrize("name", ["recording", "ranking", "reading"])
def test_json_is_one_document_with_both_sides(name, capsys):
    assert run("--only", name, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"machine", "rows"}
    assert document["rows"]
    for found in document["rows"]:
        assert set(found) == KEYS
        assert found["measurement"] == name
        assert found["ours"] > 0
        assert found["yardstick"] > 0
        assert found["ratio"] == pytest.approx(found["ours"] / found["yardstick"])
        assert found["ok"] in (True, False)


def test_the_table_has_a_line_a_row(capsys):
    run("--only", "ranking")
    header, line = capsys.readouterr().out.splitlines()
    assert header.startswith("work")
    assert "torch.topk" in line
    assert "≤ 1.3 ×" in line


def test_the_fused_yardstick_computes_the_same_scores(capsys):
    from gru_viz.bench import recording

    rows = recording.measure(Effort(0.02, 1))
    assert {found.against for found in rows} >= {"nn.GRU + scores, the same weights"}


def test_evaluation_is_held_to_seconds():
    (found,) = importlib.import_module("gru_viz.bench.evaluation").measure(Effort(0.01, 1))
    assert "100 predictions" in found.work
    assert found.ours > 0
    assert (found.unit, found.limit) == ("s", 1.0)


def test_agreement_is_a_share_beside_chance():
    rows = importlib.import_module("gru_viz.bench.agreement").measure(Effort(0.01, 1))
    assert len(rows) == 7
    for found in rows:
        assert 0 <= found.ours <= 1
        assert 0 < found.yardstick < 1
        assert found.ok is None


def test_a_big_log_is_read_in_a_process_of_its_own():
    memory, time = importlib.import_module("gru_viz.bench.big_log").measure(Effort(0.0001, 1))
    assert "2,000 rows" in memory.work
    assert (memory.unit, memory.limit) == ("MB", 4000.0)
    assert 50 < memory.ours < 4000  # what a Python process with Arrow takes at least
    assert time.ours > 0


def test_learning_is_measured_on_ones_own_log(tmp_path, capsys):
    lines = [f"s{s},{'abcdefgh'[(s + t) % 8]},{100 * s + t}" for s in range(40) for t in range(5)]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(["session,item,time", *lines]) + "\n")
    rows = importlib.import_module("gru_viz.bench.learning").measure(Effort(1, 1, str(log)))
    time, *quality = rows
    assert (time.unit, time.bar) == ("s", 1 / 3)
    assert time.yardstick > 0
    assert {found.work.split(",")[0] for found in quality} == {"Recall@20", "MRR@20"}
    assert all(found.more_is_better and 0 < found.ours <= 1 for found in quality)
    run("--only", "learning")
    assert "skipped: training on a log: give one with --log" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "work"),
    [
        ("stepping", "step, key to paint"),
        ("memory_page", "open the Memory page"),
        ("what_if", "edit, key to"),
    ],
)
def test_a_missing_browser_is_a_skipped_row(name, work, monkeypatch, capsys):
    monkeypatch.setattr("gru_viz.bench.browser.find_chromium", lambda: None)
    run("--only", name)
    printed = capsys.readouterr().out
    assert f"skipped: {work}" in printed
    assert ": no Chromium; install one" in printed


def test_the_session_of_an_untrained_model_can_be_recorded(tmp_path):
    _, model, _, log = untrained.written(tmp_path, clicks=5, units=3, items=40)
    loaded = load(model)
    sessions, _ = read_log(log, catalog=loaded.catalog)
    assert record(loaded, sessions[0].items.tolist()).scores.shape == (5, 40)


@pytest.mark.parametrize("names", ["nonsense", "ranking,nonsense", ","])
def test_an_unknown_name_is_one_clear_error(names):
    with pytest.raises(InputError, match="stepping, recording"):
        run("--only", names)
