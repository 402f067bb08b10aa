"""`evaluate`: its JSON is a contract (DESIGN.md section 2)."""

from __future__ import annotations

import json
from pathlib import Path

from gru_viz.learn.clicks import FILE_NAME as CLICKS
from tests.cli import FIGURES, QUICK, Output, document, ran, refused
from tests.logs import log_of, memory_log, random_log, write_csv


def test_evaluate_json_is_exactly_this(output: Output, trained: Path, log_file: Path) -> None:
    told = document(output, "evaluate", trained, log_file)
    assert set(told) == {*FIGURES, "predictions", "ranks", "baselines"}
    assert told["ranks"] == "conservative"
    assert told["predictions"] == int((memory_log(60).lengths - 1).sum())
    assert {name: set(figures) for name, figures in told["baselines"].items()} == {
        "popularity": FIGURES,
        "markov": FIGURES,
    }
    assert document(output, "evaluate", trained / "model.safetensors", log_file) == told


def test_evaluate_a_lone_model(output: Output, trained: Path, log_file: Path, tmp_path: Path) -> None:
    lone = tmp_path / "model.safetensors"
    lone.write_bytes((trained / "model.safetensors").read_bytes())
    told = document(output, "evaluate", lone, log_file)
    assert told["baselines"] is None
    assert "--train LOG" in told["note"]
    with_log = document(output, "evaluate", lone, log_file, "--train", log_file)
    assert set(with_log["baselines"]) == {"popularity", "markov"}
    assert "--train LOG" in ran(output, "evaluate", lone, log_file)[1]


def test_clicks_of_another_training_are_not_compared_with(
    output: Output, trained: Path, log_file: Path, tmp_path: Path
) -> None:
    other = write_csv(random_log(60), tmp_path / "other.csv")
    ran(output, "train", other, "--out", tmp_path / "mixed", *QUICK)
    (tmp_path / "mixed" / "model.safetensors").write_bytes((trained / "model.safetensors").read_bytes())
    code, out, err = ran(output, "evaluate", tmp_path / "mixed", log_file, "--json")
    assert code == 0
    assert json.loads(out)["baselines"] is None
    assert "other items" in err


def test_evaluate_as_a_table(output: Output, trained: Path, log_file: Path) -> None:
    _, out, _ = ran(output, "evaluate", trained, log_file)
    assert [row.split()[0] for row in out.splitlines()[1:4]] == ["model", "popularity", "markov"]


def test_evaluate_bad_input(output: Output, trained: Path, log_file: Path, tmp_path: Path) -> None:
    refused(output, "evaluate", tmp_path, log_file)
    refused(output, "evaluate", trained / CLICKS, log_file)
    refused(output, "evaluate", trained, tmp_path / "missing.csv", "--json")
    strangers = write_csv(log_of([[0, 1]]), tmp_path / "x.csv")
    strangers.write_text(strangers.read_text().replace("i0", "x0").replace("i1", "x1"))
    code, out, err = ran(output, "evaluate", trained, strangers)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
