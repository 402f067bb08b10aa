"""`torchrun … -m gru_viz train`: two real processes over gloo. Oracle: the same training in one process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import torch

import gru_viz
from gru_viz.learn.figures_file import read_run
from tests.cli import QUICK, Output, ran

# without dropout, which each rank draws for itself, the sums are the same up to rounding
PLAIN = [*QUICK, "--dropout", "0", "--schedule", "constant"]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def torchrun(*argv: str | Path) -> subprocess.CompletedProcess[str]:
    home = Path(gru_viz.__file__).parents[1]
    command = [*TORCHRUN, "-m", "gru_viz", *map(str, argv)]
    return subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=300)


def test_two_processes_train_what_one_does_and_go_on(output: Output, log_file: Path, tmp_path: Path) -> None:
    command = ["train", log_file, *PLAIN, "--out"]
    assert ran(output, *command, tmp_path / "one")[0] == 0
    first = torchrun(*command, tmp_path / "two", "--epochs", "1")
    assert first.returncode == 0, first.stderr
    second = torchrun(*command, tmp_path / "two", "--resume", "--json")
    assert second.returncode == 0, second.stderr

    told = json.loads(second.stdout)  # one document: one of the two tells
    assert [epoch["epoch"] for epoch in told["epochs"]] == [1, 2]
    assert second.stderr.count("2/2") == 1
    one, two = (read_run(tmp_path / name) for name in ("one", "two"))
    assert one is not None
    assert two is not None
    assert [epoch.events for epoch in two.epochs] == [epoch.events for epoch in one.epochs]
    expected = gru_viz.load(tmp_path / "one" / one.epochs[-1].checkpoint).state_dict()
    found = gru_viz.load(tmp_path / "two" / two.epochs[-1].checkpoint).state_dict()
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, rtol=1e-3, atol=1e-4)
