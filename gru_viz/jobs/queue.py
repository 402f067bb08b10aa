"""Who may have which job?"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from gru_viz.errors import InputError, quote
from gru_viz.jobs import keeping
from gru_viz.jobs.comparison_status import ComparisonStatus, read_comparison_status
from gru_viz.jobs.folder import Job, jobs_in, write_job
from gru_viz.jobs.keeping import Gone
from gru_viz.jobs.kinds import COMPARISON, TRAINING
from gru_viz.jobs.request import ComparisonRequest, JobRequest, write_request
from gru_viz.jobs.status import ACTIVE, Standing, state_of
from gru_viz.jobs.training_status import JobStatus, read_status
from gru_viz.jobs.turns import again, cancel, locked, start_waiting, stop

MOST_WAITING = 20  # over all owners and kinds


class NoSuchJobError(InputError):
    """It was removed, or it is somebody else's: nobody is told which."""


Request = TypeVar("Request", JobRequest, ComparisonRequest)
Status = TypeVar("Status", bound=Standing)


class Queue(ABC, Generic[Request, Status]):
    """All jobs of one kind under a folder, where those of the other kind wait in the same line.

    at_once: so many run, of whatever kind, the others wait for their turn
    owner:   any secret text that tells one person (a browser) from another; it is kept as a hash
             only. An owner sees, and may change, nobody else's job, and has one active, of
             whatever kind

    A process that ends starts the next one; every call does, too, for those that were killed.
    Calls from several threads, and from several servers on one folder, wait for each other, but
    not for files to be deleted.
    """

    kind: ClassVar[str]

    def __init__(self, root: str | Path, at_once: int = 2) -> None:
        self.root = Path(root).absolute()  # a job's process works in a folder of its own
        self.at_once = at_once

    @abstractmethod
    def _status(self, job: Job, place: int) -> Status:
        """How it stands; `place` is its place in the queue if it waits."""

    def submit(self, request: Request, owner: str) -> str:
        """The id of a new job. Raises InputError where the owner already has one waiting or running."""
        job, asked_by = secrets.token_hex(16), _hash(owner)
        made = self.root / f".{job}"
        try:
            with self._usable():
                made.mkdir(mode=0o700)
            write_request(request, made)
            with self._queue() as (jobs, gone):
                _refuse(jobs, asked_by)
                keeping.tidy(self.root, jobs, gone, asked_by)
                write_job(made, self.kind, asked_by, request.parts.name, time.time())
                made.rename(self.root / job)
                start_waiting(self.root, self.at_once)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return job

    def status(self, job: str, owner: str) -> Status:
        """Raises NoSuchJobError for a job that is not there, not of this kind, or not this owner's."""
        with self._queue() as (jobs, _):
            return self._read(self._own(jobs, job, owner), jobs)

    def of(self, owner: str) -> tuple[Status, ...]:
        """The owner's jobs of this kind, newest first."""
        asked_by = _hash(owner)
        with self._queue() as (jobs, _):
            mine = [job for job in reversed(jobs) if job.kind == self.kind and _same(job.owner, asked_by)]
            return tuple(self._read(job, jobs) for job in mine)

    def busy(self, owner: str) -> str | None:
        """The kind of the owner's job that waits or runs, if there is one."""
        asked_by = _hash(owner)
        with self._queue() as (jobs, _):
            return _active(jobs, asked_by)

    def making_room(self, owner: str) -> tuple[Job, ...]:
        """The owner's jobs, of whatever kind, that would be deleted if they got another one now."""
        asked_by = _hash(owner)
        with self._queue() as (jobs, _):
            mine = [job for job in jobs if _same(job.owner, asked_by)]
            ended = [job for job in mine if state_of(job.folder) not in ACTIVE]
            now = keeping.sure_time(self.root, time.time())
            return tuple(keeping.superfluous(ended, asked_by, now, lambda _: 0))

    def cancel(self, job: str, owner: str) -> None:
        """End it now, whatever it does; what it finished stays. Nothing happens if it has ended."""
        with self._queue() as (jobs, _):
            cancel(self._own(jobs, job, owner).folder)
            start_waiting(self.root, self.at_once)

    def resume(self, job: str, owner: str) -> None:
        """Go on from what is finished, or start again, at the end of the queue.

        Raises InputError if it is finished, still runs, or another of the owner's does.
        """
        with self._queue() as (jobs, _):
            own = self._own(jobs, job, owner)
            status = self._read(own, jobs)
            if not status.resumable:
                raise InputError(f"this {self.kind} is {status.state}; only one that was stopped can go on")
            _refuse(jobs, own.owner)
            again(own)
            start_waiting(self.root, self.at_once)

    def remove(self, job: str, owner: str) -> None:
        """Delete it with all its files; cancelled before if it runs."""
        with self._queue() as (jobs, gone):
            own = self._own(jobs, job, owner)
            if state_of(own.folder) in ACTIVE:
                stop(own.folder)
            gone.take(own.folder)
            start_waiting(self.root, self.at_once)

    @contextmanager
    def _queue(self) -> Iterator[tuple[list[Job], Gone]]:
        """All jobs, looked after, for this caller alone; what it wants gone is deleted afterwards."""
        gone = Gone()
        try:
            with self._usable(), locked(self.root):
                start_waiting(self.root, self.at_once)
                if keeping.due(self.root):
                    keeping.tidy(self.root, jobs_in(self.root), gone)
                yield jobs_in(self.root), gone
        finally:
            gone.delete()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """The folder is there. Raises InputError for what cannot be done in it."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            yield
        except OSError as error:
            raise InputError(
                f"cannot keep a {self.kind} in {quote(self.root)}: {error.strerror}; choose another place"
            ) from None

    def _own(self, jobs: list[Job], name: str, owner: str) -> Job:
        """The owner's job of this name: looked up, never made into a path."""
        asked_by = _hash(owner)
        for job in jobs:
            if job.folder.name == name and job.kind == self.kind and _same(job.owner, asked_by):
                return job
        raise NoSuchJobError(f"there is no such {self.kind} here: it was removed, or it is another browser's")

    def _read(self, job: Job, jobs: list[Job]) -> Status:
        before = [other for other in jobs[: jobs.index(job)] if other.waiting]
        return self._status(job, len(before))


class Jobs(Queue[JobRequest, JobStatus]):
    """Trainings."""

    kind = TRAINING

    def _status(self, job: Job, place: int) -> JobStatus:
        return read_status(job, place)


class Comparisons(Queue[ComparisonRequest, ComparisonStatus]):
    """Comparisons of models."""

    kind = COMPARISON

    def _status(self, job: Job, place: int) -> ComparisonStatus:
        return read_comparison_status(job, place)


def _refuse(jobs: list[Job], owner: str) -> None:
    """Raises InputError where the owner has an active job, or too many wait already."""
    active = _active(jobs, owner)
    if active is not None:
        raise InputError(f"you have a {active} that waits or runs; cancel it, or wait until it is done")
    if sum(job.waiting for job in jobs) >= MOST_WAITING:
        raise InputError(f"{MOST_WAITING} others are waiting already; try again later")


def _active(jobs: list[Job], owner: str) -> str | None:
    """The kind of this owner's job that waits or runs."""
    mine = (job for job in jobs if _same(job.owner, owner))
    return next((job.kind for job in mine if state_of(job.folder) in ACTIVE), None)


def _hash(owner: str) -> str:
    if not owner:
        raise InputError("a job needs an owner")
    return hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("ascii"))
