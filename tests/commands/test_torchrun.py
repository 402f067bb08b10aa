"""What a command says at its end under torchrun. Oracle: torch's own report, made of what we leave for it.

Here the environment that torchrun gives is set in this process; one test starts two real ones.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError, ProcessFailure

import gru_viz
from gru_viz.commands import torchrun
from gru_viz.commands.torchrun import end, first_of_machine, say_why
from tests.cli import QUICK, Output, ran


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long a process gave way; nobody really waits."""
    slept: list[float] = []
    monkeypatch.setattr(torchrun.time, "sleep", slept.append)
    return slept


def as_process(local: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process as number `local` of its machine; where its report is to be."""
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "test")
    monkeypatch.setenv("WORLD_SIZE", "1")
    monkeypatch.setenv("LOCAL_RANK", str(local))
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(folder / "error.json"))
    return folder / "error.json"


@pytest.mark.parametrize(
    ("argv", "said"),
    [(["train", "missing.csv", "--out", "x"], "error: missing.csv: "), (["train"], "arguments are required")],
)
def test_the_first_process_says_it_and_torch_reports_it(
    argv: list[str],
    said: str,
    output: Output,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    slept: list[float],
) -> None:
    report = as_process(0, tmp_path, monkeypatch)
    code, out, err = ran(output, *argv)
    assert (code, out, err.count("\n"), slept) == (2, "", 1, [])
    assert said in err
    failure = ProcessFailure(local_rank=0, pid=1, exitcode=2, error_file=str(report))
    assert f"traceback : {err.strip()}" in str(ChildFailedError("gru_viz", {0: failure}))


def test_the_others_of_its_machine_wait_to_be_ended(
    output: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slept: list[float]
) -> None:
    """And say it only where nobody ended them: then the first one does not know of it."""
    as_process(1, tmp_path, monkeypatch)
    monkeypatch.setattr(torchrun.time, "sleep", lambda seconds: slept.append(seconds) or pytest.fail("woken"))
    with pytest.raises(pytest.fail.Exception, match="woken"):
        ran(output, "train", "missing.csv", "--out", "x")
    assert output.readouterr().err == ""
    monkeypatch.setattr(torchrun.time, "sleep", slept.append)
    code, _, err = ran(output, "train", "missing.csv", "--out", "x")
    assert code == 2
    assert err.startswith("process '1' of this machine, from 0 on: error: missing.csv")
    assert slept == [torchrun.GIVE_WAY] * 2


def test_alone_nothing_is_reported(output: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = as_process(1, tmp_path, monkeypatch)
    monkeypatch.delenv("TORCHELASTIC_RUN_ID")
    assert first_of_machine()
    say_why("error: it is so")
    assert output.readouterr().err == "error: it is so\n"
    assert not report.exists()
    with pytest.raises(SystemExit) as stop:
        end(2)
    assert stop.value.code == 2


def test_a_report_that_cannot_be_written(
    output: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_process(0, tmp_path / "nowhere", monkeypatch)
    say_why("error: it is so")
    assert output.readouterr().err == "error: it is so\n"


def test_under_torchrun_a_process_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_process(0, tmp_path, monkeypatch)
    codes: list[int] = []
    monkeypatch.setattr(torchrun.os, "_exit", codes.append)
    end(2)
    assert codes == [2]


def test_two_processes_that_go_on_from_other_folders_say_it_once(
    output: Output, log_file: Path, tmp_path: Path
) -> None:
    """Two real ones, each in a folder of its own, as on machines without a shared disk."""
    for rank in range(2):
        (tmp_path / str(rank)).mkdir()
    command = ["train", str(log_file), *QUICK, "--schedule", "constant", "--out"]
    assert ran(output, *command, tmp_path / "0" / "run", "--epochs", "1")[0] == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "0" / "run").glob("*.*")}
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    inner = ["bash", "-c", 'cd "$RANK" && exec "$@"', "bash", sys.executable, "-m", "gru_viz", *command]
    ended = subprocess.run(
        [*start, "--no-python", *inner, "run", "--resume"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(gru_viz.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 1  # torchrun's own, whatever we end with
    said = re.findall(r"^error: .*", ended.stderr, re.MULTILINE)
    (line,) = said
    assert "process 2 of 2 has another run to go on with than the first" in line
    root = ended.stderr.split("Root Cause")[1]
    assert f"traceback : {line}" in root
    assert "exitcode  : 2 " in root
    assert not list((tmp_path / "1").iterdir())
    assert {path.name: path.read_bytes() for path in (tmp_path / "0" / "run").glob("*.*")} == before
