"""Who may have which job, and whose turn is it?"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gru_viz.errors import InputError, quote
from gru_viz.jobs import folder as files
from gru_viz.jobs import process
from gru_viz.jobs.folder import Job, jobs_in
from gru_viz.jobs.keeping import superfluous
from gru_viz.jobs.request import JobRequest, write_request
from gru_viz.jobs.status import ACTIVE, JobStatus, read_status, state_of
from gru_viz.whole_file import clear_temporaries

LOCK = "queue.lock"
MOST_WAITING = 20  # over all owners
TOLD_WITHIN = 3.0  # seconds in which a child that has just begun writes its id
HALF_MADE = 3600.0  # seconds; nobody takes so long to write down a request


class Jobs:
    """All training jobs under a folder; `at_once` of them run, the others wait for their turn.

    owner: any secret text that tells one person (a browser) from another; it is kept as a
           hash only. An owner sees, and may change, nobody else's job.

    Every call looks after the queue, so whoever asks starts what may start. Calls from several
    threads, and from several servers on one folder, wait for each other.
    """

    def __init__(self, root: str | Path, at_once: int = 2) -> None:
        self.root, self.at_once = Path(root), at_once

    def submit(self, request: JobRequest, owner: str) -> str:
        """The id of a new job. Raises InputError where the owner already has one waiting or running."""
        job, asked_by = secrets.token_hex(16), _hash(owner)
        made = self.root / f".{job}"
        try:
            with self._usable():
                made.mkdir(mode=0o700)
            write_request(request, made)
            with self._queue() as jobs:
                self._refuse(jobs, asked_by)
                self._tidy(jobs, asked_by)
                about = {"owner": asked_by, "name": request.parts.name, "at": time.time()}
                files.write(made, files.JOB, about)
                made.rename(self.root / job)
                self._look_after()
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return job

    def status(self, job: str, owner: str) -> JobStatus:
        """Raises InputError for a job that is not there, or not this owner's."""
        with self._queue() as jobs:
            return _status(_own(jobs, job, owner), jobs)

    def of(self, owner: str) -> tuple[JobStatus, ...]:
        """The owner's jobs, newest first."""
        with self._queue() as jobs:
            asked_by = _hash(owner)
            return tuple(_status(job, jobs) for job in reversed(jobs) if _same(job.owner, asked_by))

    def cancel(self, job: str, owner: str) -> None:
        """End it now, whatever it does; its finished epochs stay. Nothing happens if it has ended."""
        with self._queue() as jobs:
            _cancel(_own(jobs, job, owner).folder)
            self._look_after()

    def resume(self, job: str, owner: str) -> None:
        """Go on from its last finished epoch, at the end of the queue.

        Raises InputError if it is finished, still runs, or another of the owner's does.
        """
        with self._queue() as jobs:
            own = _own(jobs, job, owner)
            status = _status(own, jobs)
            if not status.resumable:
                raise InputError(f"this training is {status.state}; only one that was stopped can go on")
            self._refuse(jobs, own.owner)
            for name in (files.END, files.PROGRESS, files.PROCESS):
                (own.folder / name).unlink(missing_ok=True)
            files.write(own.folder, files.JOB, {"owner": own.owner, "name": own.name, "at": time.time()})
            self._look_after()

    def remove(self, job: str, owner: str) -> None:
        """Delete it with all its files; cancelled before if it runs."""
        with self._queue() as jobs:
            own = _own(jobs, job, owner)
            if state_of(own.folder) in ACTIVE:
                _stop(own.folder)
            _delete(own.folder)
            self._look_after()

    @contextmanager
    def _queue(self) -> Iterator[list[Job]]:
        """All jobs, looked after, for this caller alone."""
        with self._usable(), (self.root / LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._look_after()
            yield jobs_in(self.root)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """The folder is there. Raises InputError for what cannot be done in it."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            yield
        except OSError as error:
            raise InputError(
                f"cannot keep trainings in {quote(self.root)}: {error.strerror}; choose another place"
            ) from None

    def _look_after(self) -> None:
        """Start who may start. Under the lock."""
        jobs = jobs_in(self.root)
        # also those that have told their end and are about to go: their memory is not free yet
        alive = {job for job in jobs if process.alive(job.folder)}
        waiting = [job for job in jobs if job.waiting and job not in alive]
        for job in waiting[: max(self.at_once - len(alive), 0)]:
            _start(job.folder)

    def _tidy(self, jobs: list[Job], owner: str) -> None:
        """Delete what is too old or too much, and what somebody who was killed left half-made."""
        ended = [job for job in jobs if state_of(job.folder) not in ACTIVE]
        for old in superfluous(ended, owner, time.time(), files.bytes_in):
            _delete(old.folder)
        for left in self.root.glob(".*"):
            if files.ID.fullmatch(left.name[1:]) and time.time() - left.lstat().st_mtime > HALF_MADE:
                shutil.rmtree(left, ignore_errors=True)

    def _refuse(self, jobs: list[Job], owner: str) -> None:
        """Raises InputError where the owner has an active job, or too many wait already."""
        if any(_same(job.owner, owner) and state_of(job.folder) in ACTIVE for job in jobs):
            raise InputError("you have a training that waits or runs; cancel it, or wait until it is done")
        if sum(job.waiting for job in jobs) >= MOST_WAITING:
            raise InputError(f"{MOST_WAITING} trainings are waiting already; try again later")


def _own(jobs: list[Job], name: str, owner: str) -> Job:
    """The owner's job of this name: looked up, never made into a path."""
    asked_by = _hash(owner)
    for job in jobs:
        if job.folder.name == name and _same(job.owner, asked_by):
            return job
    raise InputError("there is no such training; it may have been removed")


def _status(job: Job, jobs: list[Job]) -> JobStatus:
    before = [other for other in jobs[: jobs.index(job)] if other.waiting]
    return read_status(job, len(before))


def _start(folder: Path) -> None:
    """Start it, or say why not; where not even that can be written it goes on waiting."""
    pid = None
    try:
        pid = process.start(folder)
        files.write(folder, files.PROCESS, {"pid": pid, "at": time.time()})
    except (OSError, InputError) as error:
        if pid is not None:
            process.end(folder, pid)
        why = getattr(error, "strerror", None) or error
        with suppress(OSError, InputError):  # a full disk must not close the queue to those who tidy up
            _end(folder, "failed", f"the training process could not be started: {why}; try again later")


def _cancel(folder: Path) -> None:
    if state_of(folder) not in ACTIVE:
        return
    _stop(folder)
    if files.read(folder, files.END) is None:  # it may have ended by itself meanwhile
        _end(folder, "cancelled", "")
    clear_temporaries(folder)


def _stop(folder: Path) -> None:
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


def _delete(folder: Path) -> None:
    """Out of sight in one move, so that no half of a job is ever seen."""
    gone = folder.with_name(f".{folder.name}")
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _hash(owner: str) -> str:
    if not owner:
        raise InputError("a training needs an owner")
    return hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("ascii"))
