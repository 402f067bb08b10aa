"""Whose turn is it, and how does a job begin and end?

Everything here is done under the queue's lock (`locked`). A job's process holds a lock of its own
from its birth, and takes the queue's only when that one is gone (next.py). So who has the queue
and waits for a process to end never waits for one that waits for the queue.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gru_viz.compare.document import FILE_NAME
from gru_viz.errors import InputError
from gru_viz.jobs import folder as files
from gru_viz.jobs import process
from gru_viz.jobs.folder import Job, jobs_in, write_job
from gru_viz.jobs.status import ACTIVE, state_of
from gru_viz.whole_file import clear_temporaries

LOCK = "queue.lock"
TOLD_WITHIN = 3.0  # seconds in which a child that has just begun writes its id


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """For this caller alone, over all threads and processes. Raises OSError."""
    with (root / LOCK).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start_waiting(root: Path, at_once: int) -> None:
    """Start who may start: of all jobs under `root`, so many run."""
    jobs = jobs_in(root)
    # also those that have told their end and are about to go: their memory is not free yet
    alive = {job for job in jobs if process.alive(job.folder)}
    waiting = [job for job in jobs if job.waiting and job not in alive]
    for job in waiting[: max(at_once - len(alive), 0)]:
        start(job.folder, at_once)


def start(folder: Path, at_once: int) -> None:
    """Start it, or say why not; where not even that can be written it goes on waiting."""
    pid = None
    try:
        pid = process.start(folder, at_once)
        files.write(folder, files.PROCESS, {"pid": pid, "at": time.time()})
    except (OSError, InputError) as error:
        if pid is not None:
            process.end(folder, pid)
        why = getattr(error, "strerror", None) or error
        with suppress(OSError, InputError):  # a full disk must not close the queue to those who tidy up
            _end(folder, "failed", f"its process could not be started: {why}; try again later")


def again(job: Job) -> None:
    """Let one that has ended stand in the queue once more, at its end.

    A comparison begins from the beginning: what it had found would pass for what it finds now.
    """
    for name in (FILE_NAME, files.END, files.PROGRESS, files.PROCESS):
        (job.folder / name).unlink(missing_ok=True)
    write_job(job.folder, job.kind, job.owner, job.name, time.time())


def cancel(folder: Path) -> None:
    """End it now; nothing happens where it has ended."""
    if state_of(folder) not in ACTIVE:
        return
    stop(folder)
    if files.read(folder, files.END) is None:  # it may have ended by itself meanwhile
        _end(folder, "cancelled", "")
    clear_temporaries(folder)


def stop(folder: Path) -> None:
    """End its process, if it has one."""
    pid = _pid(folder)
    if pid is not None:
        process.end(folder, pid)


def _pid(folder: Path) -> int | None:
    """Of the job's process; one that lives and is not written down yet tells its own within a moment."""
    until = time.monotonic() + TOLD_WITHIN
    while True:
        began = files.read(folder, files.PROCESS)
        if began is not None and type(began.get("pid")) is int:
            return int(began["pid"])
        if not process.alive(folder) or time.monotonic() > until:
            return None
        time.sleep(0.05)


def _end(folder: Path, state: str, message: str) -> None:
    files.write(folder, files.END, {"state": state, "message": message, "at": time.time()})
