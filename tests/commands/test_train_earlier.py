"""`train` where DIR holds something already: what it asks, in one line, before anything goes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli import QUICK, Output, ran


@pytest.fixture
def folder(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "model"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


def last_line(output: Output, folder: Path, *argv: str | Path) -> str:
    """Of a refusal that leaves the folder as it is."""
    before = files(folder)
    code, out, err = ran(output, "train", *argv, "--out", folder)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert files(folder) == before
    return err.splitlines()[-1]


def test_a_run_is_not_overwritten_unasked(output: Output, log_file: Path, folder: Path) -> None:
    line = last_line(output, folder, log_file, *QUICK)
    assert "holds a run of 2 epochs; go on with --resume, give another --out, or --overwrite" in line
    code, _, _ = ran(output, "train", log_file, *QUICK, "--epochs", "1", "--out", folder, "--overwrite")
    assert code == 0
    assert [path.name for path in (folder / "epochs").iterdir()] == ["0001.safetensors"]


def test_a_refused_command_deletes_nothing(output: Output, log_file: Path, folder: Path) -> None:
    asked = ["--one-hot", "--start", "markov", "--overwrite"]
    assert "start at random instead" in last_line(output, folder, log_file, *QUICK, *asked)


def test_resume_and_overwrite_are_two_wishes(output: Output, log_file: Path, folder: Path) -> None:
    assert "not allowed with" in last_line(output, folder, log_file, *QUICK, "--resume", "--overwrite")


def test_resume_without_run_json(output: Output, log_file: Path, folder: Path) -> None:
    (folder / "run.json").unlink()
    assert "but no run.json" in last_line(output, folder, log_file, *QUICK, "--resume")


def test_resume_of_a_finished_run_brings_its_model_back(output: Output, log_file: Path, folder: Path) -> None:
    before = files(folder)
    (folder / "model.safetensors").unlink()
    assert ran(output, "train", log_file, *QUICK, "--out", folder, "--resume")[0] == 0
    assert files(folder) == before


@pytest.mark.parametrize("resume", [[], ["--resume"]])
def test_folders_of_no_use(output: Output, log_file: Path, tmp_path: Path, resume: list[str]) -> None:
    (tmp_path / "epochs").write_text("")
    assert "is no folder; move it away" in last_line(output, tmp_path, log_file, *QUICK, *resume)
    code, out, err = ran(output, "train", log_file, "--out", tmp_path / ("n" * 300), *QUICK, *resume)
    assert (code, out) == (2, "")
    assert "File name too long; choose another folder" in err.splitlines()[-1]
