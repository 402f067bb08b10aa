"""Does a clock that is wrong delete anything for good?

Oracle: the clock is set by hand: `time.time` and the times of the files together, as a machine has them.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from gru_viz.jobs import Jobs, keeping
from gru_viz.jobs import folder as files
from gru_viz.jobs.folder import Job
from gru_viz.jobs.keeping import DAY, DAYS, HOUR, superfluous
from tests.jobs.conftest import request_of


class Clock:
    """What `time.time` says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead, real = 0.0, time.time
        monkeypatch.setattr(time, "time", lambda: real() + self.ahead)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def stopped(jobs: Jobs, owner: str) -> str:
    job = jobs.submit(request_of(), owner)
    jobs.cancel(job, owner)
    return job


def test_time_that_really_passes_deletes(jobs: Jobs, sleepers: list[str], clock: Clock) -> None:
    """Somebody looks every three days."""
    job = stopped(jobs, "a")
    for _ in range(DAYS // 3):
        clock.ahead += 3 * DAY
        jobs.of("b")
        assert (jobs.root / job).exists()
    clock.ahead += 3 * DAY
    jobs.of("b")
    assert not (jobs.root / job).exists()


def test_a_clock_that_is_ahead_for_hours_deletes_nothing(
    jobs: Jobs, sleepers: list[str], clock: Clock
) -> None:
    job = stopped(jobs, "a")
    for _ in range(5):
        clock.ahead += 2 * HOUR + (15 * DAY if clock.ahead == 0 else 0)
        assert len(jobs.of("a")) == 1
    clock.ahead = 10 * HOUR
    assert len(jobs.of("a")) == 1
    tidied = (jobs.root / keeping.TIDIED).stat().st_mtime
    assert 0 <= time.time() - tidied < HOUR  # also after the clock went back
    clock.ahead += 2 * HOUR
    assert len(jobs.of("a")) == 1
    assert (jobs.root / job).exists()


def test_nor_where_nobody_knows_when_it_was_tidied_up(jobs: Jobs, sleepers: list[str], clock: Clock) -> None:
    job = stopped(jobs, "a")
    (jobs.root / keeping.TIDIED).unlink()
    clock.ahead = 15 * DAY
    jobs.of("b")
    assert (jobs.root / job).exists()
    clock.ahead += DAY + HOUR
    jobs.of("b")  # a day later it is believed
    assert not (jobs.root / job).exists()


def test_a_new_job_deletes_nothing_by_a_wrong_clock_either(
    jobs: Jobs, sleepers: list[str], clock: Clock
) -> None:
    job = stopped(jobs, "a")
    clock.ahead = 20 * DAY
    assert jobs.making_room("a") == ()
    jobs.submit(request_of(), "a")
    assert (jobs.root / job).exists()


def job_of(folder: Path, written: float, asked: float) -> Job:
    folder.mkdir()
    for name, when in (("request.json", written - DAY), ("model.safetensors", written)):
        (folder / name).touch()
        os.utime(folder / name, (when, when))
    return Job(folder, "me", "log", asked)


def test_age_counts_from_the_newest_file(tmp_path: Path) -> None:
    """A job that was asked for under a wrong clock, or took weeks, is as old as what it wrote last."""
    now = 100 * DAY
    old = job_of(tmp_path / "old", now - (DAYS + 1) * DAY, now)
    late = job_of(tmp_path / "late", now - (DAYS - 1) * DAY, 0.0)
    ahead = job_of(tmp_path / "ahead", now + 900 * DAY, 0.0)
    assert superfluous([old, late, ahead], None, now, lambda _: 0) == [old]


def test_nothing_is_marked_where_there_is_nothing_to_lose(jobs: Jobs) -> None:
    assert jobs.of("a") == ()
    assert not (jobs.root / keeping.JUMPED).exists()
    assert files.jobs_in(jobs.root) == []
