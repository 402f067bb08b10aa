"""A log and a model trained on it, once for all commands of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from gru_viz.__main__ import main
from tests.cli import QUICK, Output
from tests.logs import memory_log, write_csv


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Output:
    return capsys


@pytest.fixture(scope="module")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(memory_log(60), tmp_path_factory.mktemp("log") / "clicks.csv")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, log_file: Path) -> Path:
    """A folder that `train` wrote."""
    out = tmp_path_factory.mktemp("trained") / "model"
    assert main(["train", str(log_file), "--out", str(out), *QUICK]) == 0
    return out
