"""Which jobs that have ended are deleted, so that the disk does not fill, and when?

Under the queue's lock a job is only moved out of sight (`Gone.take`); its files, which may be
many and large, are deleted when the lock is free again.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from gru_viz.jobs import folder as files
from gru_viz.jobs.folder import Job
from gru_viz.jobs.status import ACTIVE, state_of

AN_OWNER = 5  # jobs of whatever kind, a new one included
DAYS = 14
ALL_BYTES = 5 * 1024**3
DAY, HOUR = 86_400.0, 3600.0  # seconds
HALF_MADE = HOUR  # nobody takes so long to write down a request
TIDIED = "tidied"  # a file that was changed when there was tidied up last


class Gone:
    """Folders on their way out."""

    def __init__(self) -> None:
        self.folders: list[Path] = []

    def take(self, folder: Path) -> None:
        """Out of sight in one move, so that no half of a job is ever seen. Raises OSError."""
        aside = folder.with_name(f".{folder.name}")
        folder.rename(aside)
        self.folders.append(aside)

    def delete(self) -> None:
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)


def due(root: Path) -> bool:
    """Was nothing tidied up for an hour?"""
    try:
        return time.time() - (root / TIDIED).stat().st_mtime >= HOUR
    except FileNotFoundError:
        return True


def tidy(root: Path, jobs: Sequence[Job], gone: Gone, owner: str | None = None) -> None:
    """Take what is too old or too much, and what somebody who was killed left half-made.

    owner: who is to get another job
    """
    ended = [job for job in jobs if state_of(job.folder) not in ACTIVE]
    for old in superfluous(ended, owner, time.time(), files.bytes_in):
        gone.take(old.folder)
    for left in root.glob(".*"):
        if not files.ID.fullmatch(left.name[1:]) or left in gone.folders:
            continue
        with suppress(FileNotFoundError):  # who put it there deletes it just now
            if time.time() - left.lstat().st_mtime > HALF_MADE:
                gone.folders.append(left)
    (root / TIDIED).touch(mode=0o600)


def superfluous(
    ended: Sequence[Job], owner: str | None, now: float, size: Callable[[Path], int]
) -> list[Job]:
    """Of these jobs, oldest first, those to delete; before `owner` gets another one, if anyone does.

    Gone are those of more than DAYS days, an owner's own beyond AN_OWNER, and then the oldest
    of all, until the others have less than ALL_BYTES together.
    """
    gone: list[Job] = []
    kept: list[Job] = []
    count = Counter() if owner is None else Counter({owner: 1})
    total = 0
    for job in reversed(ended):
        count[job.owner] += 1
        if now - job.at > DAYS * DAY or count[job.owner] > AN_OWNER:
            gone.append(job)
        else:
            kept.append(job)
    for job in kept:
        total += size(job.folder)
        if total > ALL_BYTES:
            gone.append(job)
    return gone
