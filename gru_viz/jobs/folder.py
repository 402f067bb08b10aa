"""What does a job's folder hold, and which jobs are there?

    job.json       its kind, who asked (a hash), of which log, and since when it stands in the queue
    process.json   the id of its process and when that began; not there while it waits
    progress.json  what the process does now
    end.json       how it ended: state and one line; not there while it waits or runs
    alive.lock, log.txt                 see process.py
    request.json, request.safetensors   see request.py
    run.json, epochs/, model.safetensors, …   a training's, see gru_viz/learn/run.py
    models.json                               a comparison's, see gru_viz/compare/document.py

A folder becomes a job in one move, when it is complete. Later anything in it may be missing
or damaged; without a sound `job.json` it is nobody's, and left alone.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gru_viz.jobs.kinds import KINDS, TRAINING
from gru_viz.safetensors_header import strict_json
from gru_viz.whole_file import write_json

JOB, PROCESS, PROGRESS, END = "job.json", "process.json", "progress.json", "end.json"
ID = re.compile("[0-9a-f]{32}")
YEAR_9999 = 253_370_764_800.0  # seconds since 1970; no calendar knows a later one


@dataclass(frozen=True)
class Job:
    """A job in its folder.

    kind:  one of KINDS
    owner: hash of who asked
    at:    seconds since 1970, when it was asked for, or asked to go on
    """

    folder: Path
    owner: str
    name: str
    at: float
    kind: str = TRAINING

    @property
    def waiting(self) -> bool:
        """Has it neither begun nor ended?"""
        return not any((self.folder / name).exists() for name in (PROCESS, END))


def jobs_in(root: Path) -> list[Job]:
    """Every job under `root`, in the order of the queue; links and stray files are none."""
    found = (job_in(path) for path in root.iterdir())
    return sorted(filter(None, found), key=lambda job: (job.at, job.folder.name))


def job_in(folder: Path) -> Job | None:
    """The job of this folder, None if it is not one."""
    values = read(folder, JOB) if ID.fullmatch(folder.name) and not folder.is_symlink() else None
    at = moment(values)
    if values is None or at is None:
        return None
    kind = values.get("kind", TRAINING)  # the first jobs of all had none
    if kind not in KINDS:
        return None
    return Job(folder, str(values.get("owner")), str(values.get("name")), at, kind)


def write_job(folder: Path, kind: str, owner: str, name: str, at: float) -> None:
    """Say whose job it is; asked for, or to go on, at that time. owner: a hash"""
    write(folder, JOB, {"kind": kind, "owner": owner, "name": name, "at": at})


def read(folder: Path, name: str) -> dict[str, Any] | None:
    """One of the small files; None if it is missing, damaged or something else."""
    try:
        with open(folder / name, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # a device may have no end
                return None
            values = strict_json(file.read())
    except (OSError, ValueError):
        return None
    return values if isinstance(values, dict) else None


def _at_once(path: str, flags: int) -> int:
    """For `open`: a pipe of that name is not waited for."""
    return os.open(path, flags | os.O_NONBLOCK)


def moment(values: dict[str, Any] | None) -> float | None:
    """When a small file was written, as it says: seconds since 1970; None where it names no such time."""
    at = (values or {}).get("at")
    return float(at) if isinstance(at, int | float) and 0 <= at < YEAR_9999 else None


def write(folder: Path, name: str, values: dict[str, Any]) -> None:
    write_json(folder / name, values, lasting=name != PROGRESS)


def bytes_in(folder: Path) -> int:
    """Bytes of all its files."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(where, name)).st_size
            except OSError:  # gone meanwhile
                continue
    return total
