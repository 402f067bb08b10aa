"""Which jobs that have ended are deleted, so that the disk does not fill?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from gru_viz.jobs.folder import Job

AN_OWNER = 5  # jobs, a new one included
DAYS = 14
ALL_BYTES = 5 * 1024**3
DAY = 86_400.0


def superfluous(ended: Sequence[Job], owner: str, now: float, size: Callable[[Path], int]) -> list[Job]:
    """Of these jobs, oldest first, those to delete before `owner` gets another one.

    Gone are those of more than DAYS days, an owner's own beyond AN_OWNER, and then the oldest
    of all, until the others have less than ALL_BYTES together.
    """
    gone: list[Job] = []
    kept: list[Job] = []
    count = Counter({owner: 1})
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
