"""Small requests, and children that cost nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gru_viz.jobs import JobRequest, Jobs, JobStatus, process
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.parts import Parts
from gru_viz.learn.split import split_by_time
from tests.logs import memory_log

MODEL = {"units": [5], "embedding_dim": 4, "dropout_hidden": 0.2}


def request_of(sessions: int = 60, **training: Any) -> JobRequest:
    split = split_by_time(memory_log(sessions), 0.2)
    parts = Parts(split.train, split.test, "clicks.csv", "the last 20%", True, {"log": {"rows_read": 7}})
    return JobRequest(parts, MODEL, TrainingConfig(**{"epochs": 2, "batch": 16, **training}))


def until(wanted: Callable[[], bool], seconds: float = 240.0) -> None:
    end = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def settled(jobs: Jobs, job: str, owner: str = "me") -> JobStatus:
    """Its status once it neither waits nor runs."""
    until(lambda: not jobs.status(job, owner).active)
    return jobs.status(job, owner)


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    """An empty folder for jobs; none of its children outlives the test."""
    yield Jobs(tmp_path / "jobs")
    end_all()


def end_all() -> None:
    for child in list(process._children):
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        child.wait()
    process.reap()


@pytest.fixture
def sleepers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Children that only sleep, with everything else as it is; the ids of the jobs that were started."""
    started: list[str] = []
    real = subprocess.Popen

    def sleeping(command: list[str], **options: Any) -> Any:
        started.append(Path(command[-1]).name)
        return real([sys.executable, "-S", "-c", "import time; time.sleep(600)"], **options)

    monkeypatch.setattr("gru_viz.jobs.process.subprocess.Popen", sleeping)
    return started
