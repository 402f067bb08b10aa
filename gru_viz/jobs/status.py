"""How does a job stand, of whatever kind it is?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gru_viz.jobs import folder as files
from gru_viz.jobs import process
from gru_viz.jobs.folder import Job

STATES = ("waiting", "starting", "running", "finished", "cancelled", "failed", "lost")
ACTIVE = ("waiting", "starting", "running")  # of which a person may have one
RESUMABLE = ("cancelled", "failed", "lost")


@dataclass(frozen=True)
class Standing:
    """What the folder of any job tells.

    state:    one of STATES; "lost" if its process ended without a word
    place:    while waiting, how many wait before it; else 0
    doing:    what the process does now, in words for people; "" unless it runs
    message:  one clear line where it failed or was lost, else ""
    folder:   with its results
    name:     of the log
    started:  seconds since 1970: when its process began; while it waits, when it was asked for
    updated:  seconds since 1970: when anything about it was last written
    """

    id: str
    state: str
    place: int
    doing: str
    message: str
    folder: Path
    name: str
    started: float
    updated: float

    @property
    def active(self) -> bool:
        """Does it wait or run?"""
        return self.state in ACTIVE

    @property
    def resumable(self) -> bool:
        """Can it go on from what is finished, or start again?"""
        return self.state in RESUMABLE


def standing(job: Job, place: int) -> tuple[Standing, dict[str, Any]]:
    """The job as it is now, and what its process told last of its progress.

    place: in the queue, if it waits
    """
    folder = job.folder
    state = state_of(folder)
    began, told, ended = (files.read(folder, name) for name in (files.PROCESS, files.PROGRESS, files.END))
    progress = (told or {}).get("progress")
    stands = Standing(
        id=folder.name,
        state=state,
        place=place if state == "waiting" else 0,
        doing=str((told or {}).get("doing", "")) if state == "running" else "",
        message="" if state == "lost" else str((ended or {}).get("message", "")),
        folder=folder,
        name=job.name,
        started=files.moment(began) or job.at,
        updated=max(job.at, *(files.moment(values) or 0.0 for values in (began, told, ended))),
    )
    return stands, progress if isinstance(progress, dict) else {}


def state_of(folder: Path) -> str:
    """One of STATES."""
    began = (folder / files.PROCESS).exists()
    lives = began and process.alive(folder)  # asked before the end is looked for: it may come just now
    ended = files.read(folder, files.END)
    if ended is not None and ended.get("state") in STATES:
        return str(ended["state"])
    if not began:
        return "waiting"
    if not lives:
        return "lost"
    return "running" if (folder / files.PROGRESS).exists() else "starting"
