"""`train`, and what goes wrong: one line, exit code 2 or 130, no half-written file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import gru_viz
from gru_viz import checkpoint, whole_file
from gru_viz.learn.progress import Progress
from gru_viz.learn.trainer import Trainer
from tests.cli import QUICK, Output, document, ran, refused
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
        ["--patience", "-1"],
        ["--patience", "2", "--holdout", "0"],
        ["--regularizer", "-1", "--loss", "bpr-max"],
        ["--loss", "bpr", "--negatives", "0"],
        ["--optimizer", "sgd"],
        ["--mode", "none"],
        ["--cell", "rnn", "--reset", "after"],
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
    assert "choose another folder" in err.splitlines()[-1]


def test_a_log_without_a_second_click(output: Output, tmp_path: Path) -> None:
    log = write_csv(log_of([[0], [1], [2]]), tmp_path / "log.csv")
    code, out, err = ran(output, "train", log, "--out", tmp_path / "out", "--holdout", "0")
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def interrupted(output: Output, monkeypatch: pytest.MonkeyPatch, *argv: str | Path) -> tuple[int, str, str]:
    """The command, with Ctrl-C at the first batch of its second epoch."""
    real = Trainer.epochs

    def epochs(trainer: Trainer) -> Any:
        for event in real(trainer):
            if isinstance(event, Progress) and event.epoch == 2:
                raise KeyboardInterrupt
            yield event

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "epochs", epochs)
        return ran(output, *argv)


def test_ctrl_c_ends_with_130_and_keeps_whole_epochs(
    output: Output, log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = interrupted(output, monkeypatch, "train", log_file, "--out", tmp_path, *QUICK, "--json")
    assert (code, out) == (130, "")
    assert "holds epoch 1; --resume goes on after epoch 1" in err
    assert gru_viz.load(tmp_path).about["training"]["epochs"] == 1


def test_resume_goes_on_as_if_it_had_never_stopped(
    output: Output, log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["train", log_file, *QUICK, "--epochs", "4", "--out"]
    ran(output, *command, tmp_path / "straight")
    interrupted(output, monkeypatch, *command, tmp_path / "stopped")
    told = document(output, *command, tmp_path / "stopped", "--resume")
    assert [epoch["epoch"] for epoch in told["epochs"]] == [1, 2, 3, 4]
    assert tensors_of(tmp_path / "stopped") == tensors_of(tmp_path / "straight")


def tensors_of(folder: Path) -> dict[str, list[float]]:
    model = gru_viz.load(folder)
    return {name: value.flatten().tolist() for name, value in model.state_dict().items()}


def test_resume_where_nothing_is_starts(output: Output, log_file: Path, tmp_path: Path) -> None:
    told = document(output, "train", log_file, "--out", tmp_path, *QUICK, "--resume")
    assert len(told["epochs"]) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [(["--units", "7"], "another model"), (["--holdout", "0.3"], "another log"), (["--seed", "9"], "seed")],
)
def test_resume_with_other_settings(
    output: Output, trained: Path, log_file: Path, changed: list[str], said: str
) -> None:
    before = (trained / "run.json").read_bytes()
    code, out, err = ran(output, "train", log_file, "--out", trained, *QUICK, *changed, "--resume")
    assert (code, out) == (2, "")
    assert said in err.splitlines()[-1]
    assert (trained / "run.json").read_bytes() == before


def test_a_failed_write_leaves_the_model_of_before(
    output: Output, log_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint.save(random_model(), tmp_path / "model.safetensors")
    before = (tmp_path / "model.safetensors").read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_file.os, "replace", full)
    code, out, err = ran(output, "train", log_file, "--out", tmp_path, *QUICK, "--overwrite")
    assert (code, out) == (2, "")
    assert "No space left" in err.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["model.safetensors"]
    assert (tmp_path / "model.safetensors").read_bytes() == before
