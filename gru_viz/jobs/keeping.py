"""Which jobs that have ended are deleted, so that the disk does not fill, and when?

Where there are too many, those go first that lose least: without a result, then stopped ones with
one, then finished ones; among equals the oldest.

Under the queue's lock a job is only moved out of sight (`Gone.take`); its files, which may be
many and large, are deleted when the lock is free again.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from gru_viz.compare.document import FILE_NAME as COMPARED
from gru_viz.jobs import folder as files
from gru_viz.jobs.folder import Job
from gru_viz.jobs.status import ACTIVE, state_of

AN_OWNER = 5  # jobs of whatever kind, a new one included
DAYS = 14
ALL_BYTES = 5 * 1024**3
DAY, HOUR = 86_400.0, 3600.0  # seconds
HALF_MADE = HOUR  # nobody takes so long to write down a request
TIDIED = "tidied"  # a file that was changed when there was tidied up last
JUMPED = "clock_jumped"  # a file that was changed when the clock was last seen to jump
STILL_STEADY = DAYS * DAY / 2  # so much later there may be tidied up again without a doubt about the clock
RESULTS = ("model.safetensors", COMPARED)  # a training's after its first epoch, a comparison's


class Gone:
    """Folders on their way out."""

    def __init__(self) -> None:
        self.folders: list[Path] = []

    def take(self, folder: Path) -> None:
        """Out of sight in one move, so that no half of a job is ever seen. Raises OSError."""
        aside = folder.with_name(f".{folder.name}")
        if os.path.lexists(aside):  # of a job that nobody could delete
            aside = folder.with_name(f".{secrets.token_hex(16)}")
        folder.rename(aside)
        self.folders.append(aside)

    def delete(self) -> None:
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)


def due(root: Path) -> bool:
    """Was nothing tidied up for an hour?"""
    try:
        return not 0 <= time.time() - (root / TIDIED).stat().st_mtime < HOUR
    except FileNotFoundError:
        return True


def sure_time(root: Path, now: float) -> float:
    """The time by which jobs grow old: `now`; within a day of a jump of the clock 0, by which none is old.

    A clock that is wrong for a moment (a machine that starts before it has asked for the time) must
    not delete everybody's work for good, and keeping it a day longer costs little: what is too much
    goes all the same. After a day somebody has seen the wrong date.
    """
    try:
        sure = now - (root / JUMPED).stat().st_mtime >= DAY
    except FileNotFoundError:
        return now
    return now if sure else 0.0


def _notice_jump(root: Path, now: float) -> None:
    """Remember it where the last tidying was not within half the time that jobs are kept, or is to come.

    A jump cannot be told from a server that nobody used so long; then too jobs stay for another day.
    A smaller jump takes at most that half from a job.
    """
    try:
        steady = 0 <= now - (root / TIDIED).stat().st_mtime <= STILL_STEADY
    except FileNotFoundError:
        steady = False
    if not steady:
        _mark(root / JUMPED, now)


def _mark(file: Path, now: float) -> None:
    file.touch(mode=0o600)
    os.utime(file, (now, now))


def tidy(root: Path, jobs: Sequence[Job], gone: Gone, owner: str | None = None) -> None:
    """Take what is too old or too much, and what somebody who was killed left half-made.

    owner: who is to get another job
    """
    now = time.time()
    if jobs:
        _notice_jump(root, now)
    ended = [job for job in jobs if state_of(job.folder) not in ACTIVE]
    for old in superfluous(ended, owner, sure_time(root, now), files.bytes_in):
        with suppress(OSError):  # one that cannot be moved must not keep the others' waiting
            gone.take(old.folder)
    for left in root.glob(".*"):
        if not files.ID.fullmatch(left.name[1:]) or left in gone.folders:
            continue
        with suppress(FileNotFoundError):  # who put it there deletes it just now
            if now - left.lstat().st_mtime > HALF_MADE:
                gone.folders.append(left)
    _mark(root / TIDIED, now)


def worth(folder: Path) -> int:
    """What a job that has ended came to: 2 finished, 1 stopped with a result, 0 nothing."""
    if state_of(folder) == "finished":
        return 2
    return int(any((folder / name).exists() for name in RESULTS))


def last_change(job: Job) -> float:
    """When the newest of its files was written; where there are none, when it was asked for.

    Both are what the clock said then. A job that took days is as old as its end, not as its beginning.
    """
    try:
        with os.scandir(job.folder) as found:
            return max((one.stat(follow_symlinks=False).st_mtime for one in found), default=job.at)
    except OSError:
        return job.at


def superfluous(
    ended: Sequence[Job],
    owner: str | None,
    now: float,
    size: Callable[[Path], int],
    worth: Callable[[Path], int] = worth,
) -> list[Job]:
    """Of these jobs, oldest first, those to delete; before `owner` gets another one, if anyone does.

    Gone are those of more than DAYS days, an owner's own beyond AN_OWNER, and then of all, until
    the others have less than ALL_BYTES together; who is worth least goes first, then who is oldest.
    """
    gone = [job for job in ended if now - last_change(job) > DAYS * DAY]
    recent = sorted((job for job in ended if job not in gone), key=lambda job: worth(job.folder))
    kept: list[Job] = []
    count = Counter() if owner is None else Counter({owner: 1})
    for job in reversed(recent):
        count[job.owner] += 1
        (gone if count[job.owner] > AN_OWNER else kept).append(job)
    total = 0
    for job in kept:
        total += size(job.folder)
        if total > ALL_BYTES:
            gone.append(job)
    return gone
