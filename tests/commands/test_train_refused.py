"""`train`, and what goes wrong: one line, exit code 2 or 130, no half-written file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import gru_viz
from gru_viz import checkpoint
from gru_viz.learn.clicks import FILE_NAME as CLICKS
from gru_viz.learn.trainer import train as real_train
from tests.cli import QUICK, Output, ran, refused
from tests.logs import log_of, write_csv
from tests.models import random_model


@pytest.mark.parametrize(
    "options",
    [
        ["--epochs", "0"],
        ["--units", "0"],
        ["--units", "1000000000"],
        ["--layers", "0"],
        ["--dropout", "1"],
        ["--lr", "0"],
        ["--lr", "nan"],
        ["--batch", "-4"],
        ["--holdout", "1"],
        ["--holdout", "-0.5"],
        ["--holdout", "0.1", "--test", "x.csv"],
        ["--tied", "--embedding", "3"],
        ["--tied", "--own"],
        ["--tied", "--start", "markov"],
        ["--threads", "0"],
        ["--column", "item"],
        ["--column", "prize=x"],
        ["--epochs", "many"],
        ["--seed", "-1"],
        ["--colour", "red"],
    ],
)
def test_settings_that_make_no_sense(
    output: Output, log_file: Path, tmp_path: Path, options: list[str]
) -> None:
    before = ["--units", "6"] if "--units" not in options else []
    code, out, err = ran(output, "train", log_file, "--out", tmp_path / "out", *before, *options)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert not (tmp_path / "out" / "model.safetensors").exists()


def test_bad_input_is_one_line(output: Output, log_file: Path, tmp_path: Path) -> None:
    out = ["--out", tmp_path / "out"]
    refused(output, "train", tmp_path / "missing.csv", *out)
    (tmp_path / "empty.csv").write_text("")
    refused(output, "train", tmp_path / "empty.csv", *out)
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    refused(output, "train", tmp_path / "bad.csv", *out, "--json")
    assert not (tmp_path / "out").exists()
    assert "LOG" in refused(output, "train")
    assert "--out" in refused(output, "train", log_file)
    refused(output)
    refused(output, "fly")


def test_a_folder_that_cannot_be_made(output: Output, log_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, out, err = ran(output, "train", log_file, "--out", tmp_path / "file", *QUICK)
    assert (code, out) == (2, "")
    assert "choose another --out" in err.splitlines()[-1]


def test_a_log_without_a_second_click(output: Output, tmp_path: Path) -> None:
    log = write_csv(log_of([[0], [1], [2]]), tmp_path / "log.csv")
    code, out, err = ran(output, "train", log, "--out", tmp_path / "out", "--holdout", "0")
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_ctrl_c_ends_with_130_and_keeps_whole_epochs(
    output: Output, log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: Any) -> Any:
        for event in real_train(*args):
            yield event
            if getattr(event, "epochs", 0):
                raise KeyboardInterrupt

    monkeypatch.setattr("gru_viz.learn.trainer.train", interrupted)
    code, out, err = ran(output, "train", log_file, "--out", tmp_path, *QUICK, "--json")
    assert (code, out) == (130, "")
    assert "holds epoch 1" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.safetensors", CLICKS]
    assert gru_viz.load(tmp_path).about["training"]["epochs"] == 1


def test_a_failed_write_leaves_the_model_of_before(
    output: Output, log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.save(random_model(), tmp_path / "model.safetensors")
    before = (tmp_path / "model.safetensors").read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "replace", full)
    code, out, err = ran(output, "train", log_file, "--out", tmp_path, *QUICK)
    assert (code, out) == (2, "")
    assert "No space left" in err.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]
    assert (tmp_path / "model.safetensors").read_bytes() == before
