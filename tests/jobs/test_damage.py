"""Does one job's damage stay its own? Oracle: by hand; what others see is as if the job were sound."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from gru_viz.errors import InputError
from gru_viz.jobs import Jobs, keeping, process
from gru_viz.jobs import folder as files
from tests.jobs.conftest import request_of, until


def as_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def as_loop(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name("loop").symlink_to(path.name)
    path.symlink_to("loop")


def as_pipe(path: Path) -> None:
    """Nobody writes into it: who waits for that waits for ever."""
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def as_device(path: Path) -> None:
    """A file without an end."""
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


def stopped(jobs: Jobs, owner: str) -> str:
    job = jobs.submit(request_of(), owner)
    jobs.cancel(job, owner)
    return job


@pytest.mark.parametrize("name", [process.ALIVE, files.JOB, files.PROCESS, files.PROGRESS, files.END])
@pytest.mark.parametrize("damage", [as_folder, as_loop, as_pipe, as_device])
def test_the_queue_stays_open_to_others(
    jobs: Jobs, sleepers: list[str], damage: Callable[[Path], None], name: str
) -> None:
    mine, theirs = stopped(jobs, "a"), stopped(jobs, "b")
    damage(jobs.root / mine / name)
    assert [status.id for status in jobs.of("b")] == [theirs]
    assert len(jobs.of("a")) == int(name != files.JOB)
    assert jobs.submit(request_of(), "b") != theirs


@pytest.mark.parametrize("damage", [as_folder, as_loop, as_pipe])
def test_what_cannot_be_started_says_so_and_lets_others_start(
    jobs: Jobs, sleepers: list[str], damage: Callable[[Path], None]
) -> None:
    jobs.at_once = 0
    mine, theirs = jobs.submit(request_of(), "a"), jobs.submit(request_of(), "b")
    damage(jobs.root / mine / process.ALIVE)
    jobs.at_once = 1
    assert jobs.of("c") == ()  # whoever looks starts who may start
    assert jobs.status(mine, "a").state == "failed"
    assert "could not be started" in jobs.status(mine, "a").message
    assert jobs.status(theirs, "b").state == "starting"


def test_a_lock_that_leads_to_anothers_is_nobodys(jobs: Jobs, sleepers: list[str]) -> None:
    mine, running = stopped(jobs, "a"), jobs.submit(request_of(), "b")
    lock = jobs.root / mine / process.ALIVE
    lock.unlink()
    lock.symlink_to(jobs.root / running / process.ALIVE)
    assert not process.alive(jobs.root / mine)
    assert process.alive(jobs.root / running)


def test_a_machine_short_of_files_does_not_call_the_living_dead(
    jobs: Jobs, sleepers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = jobs.submit(request_of(), "a")

    def none_left(*_: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(process, "_own", none_left)
    with pytest.raises(OSError, match="Too many open files"):
        process.alive(jobs.root / job)


HUGE = "1" + "0" * 400


@pytest.mark.parametrize("at", [HUGE, f"-{HUGE}", "1e999", "-1", "1e20"])
@pytest.mark.parametrize("name", [files.JOB, files.PROCESS, files.PROGRESS, files.END])
def test_a_time_that_is_none(jobs: Jobs, sleepers: list[str], name: str, at: str) -> None:
    mine, theirs = stopped(jobs, "a"), stopped(jobs, "b")
    sound = files.read(jobs.root / mine, name) or {"doing": "x", "progress": None}
    text = json.dumps({**sound, "at": 0})
    (jobs.root / mine / name).write_text(text.replace('"at": 0', f'"at": {at}'))
    assert [status.id for status in jobs.of("b")] == [theirs]
    found = jobs.of("a")
    assert len(found) == int(name != files.JOB)  # whose job.json is damaged is nobody's
    assert all(0 < status.started <= status.updated < files.YEAR_9999 for status in found)


@pytest.mark.parametrize("pid", [0, -1, 1, int(HUGE)])
def test_a_process_id_that_is_none_is_never_sent_a_signal(
    jobs: Jobs, sleepers: list[str], monkeypatch: pytest.MonkeyPatch, pid: int
) -> None:
    """Oracle: kill(2): 0 and below mean groups of processes, -1 all that one may end."""
    job = jobs.submit(request_of(), "a")
    began = files.read(jobs.root / job, files.PROCESS)
    assert began is not None
    sent: list[int] = []

    def kill(pid: int, number: int) -> None:
        if pid > 2**31:
            raise OverflowError("signed integer is greater than maximum")
        sent.append(pid)

    with monkeypatch.context() as patched:
        patched.setattr(process, "PATIENCE", 0.0)
        patched.setattr("gru_viz.jobs.process.os.kill", kill)
        process.end(jobs.root / job, pid)
    assert sent == []
    os.kill(began["pid"], signal.SIGKILL)
    until(lambda: not process.alive(jobs.root / job))


# --- what is deleted


def aged(folder: Path, days: float) -> None:
    """As if nothing in it had been written since."""
    for file in folder.iterdir():
        was = file.stat().st_mtime - days * keeping.DAY
        os.utime(file, (was, was))


def tidied_two_hours_ago(jobs: Jobs) -> None:
    was = (jobs.root / keeping.TIDIED).stat().st_mtime - 2 * keeping.HOUR
    os.utime(jobs.root / keeping.TIDIED, (was, was))


def test_an_old_job_beside_what_could_not_be_deleted_of_it(jobs: Jobs, sleepers: list[str]) -> None:
    mine, theirs = stopped(jobs, "a"), stopped(jobs, "b")
    left = jobs.root / f".{mine}"
    left.mkdir()
    (left / "x").write_text("")
    aged(jobs.root / mine, keeping.DAYS + 1)
    tidied_two_hours_ago(jobs)
    assert [status.id for status in jobs.of("b")] == [theirs]
    assert jobs.of("a") == ()
    assert sorted(path.name for path in jobs.root.glob(".*")) == [left.name]  # it is not old yet
    assert not (jobs.root / mine).exists()


def test_an_old_job_that_cannot_be_moved_keeps_nobody_waiting(
    jobs: Jobs, sleepers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other, theirs = stopped(jobs, "a"), stopped(jobs, "c"), stopped(jobs, "b")
    for job in (mine, other):
        aged(jobs.root / job, keeping.DAYS + 1)
    tidied_two_hours_ago(jobs)
    rename = Path.rename

    def renamed(path: Path, target: Path) -> Path:
        if path.name == mine:
            raise PermissionError(1, "Operation not permitted")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)
    assert [status.id for status in jobs.of("b")] == [theirs]
    assert [status.id for status in jobs.of("a")] == [mine]
    assert not (jobs.root / other).exists()


# --- a folder that is given relative to where the server was started


def test_a_relative_folder_is_the_same_from_everywhere(
    sleepers: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child works in another folder, and is told where its job is."""
    monkeypatch.chdir(tmp_path)
    jobs = Jobs("runs", at_once=0)
    told: list[Path] = []

    def start(folder: Path, at_once: int) -> int:
        told.append(folder)
        raise OSError(12, "enough seen")

    monkeypatch.setattr(process, "start", start)
    jobs.at_once = 1
    job = jobs.submit(request_of(), "a")
    assert told == [tmp_path / "runs" / job]
    monkeypatch.chdir("/")
    assert jobs.status(job, "a").state == "failed"


def test_the_folder_may_not_be_there_yet(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="another place"):
        Jobs(tmp_path / "file" / "runs").of("a")
