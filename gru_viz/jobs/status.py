"""How does a job stand?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gru_viz.errors import InputError
from gru_viz.jobs import folder as files
from gru_viz.jobs import process
from gru_viz.jobs.folder import Job
from gru_viz.learn.figures_file import EpochFigures, RunFile, read_run
from gru_viz.learn.progress import Progress
from gru_viz.learn.quality import Quality

STATES = ("waiting", "starting", "running", "finished", "cancelled", "failed", "lost")
ACTIVE = ("waiting", "starting", "running")  # of which a person may have one
RESUMABLE = ("cancelled", "failed", "lost")


@dataclass(frozen=True)
class JobStatus:
    """A job as its folder has it now.

    state:     one of STATES; "lost" if its process ended without a word
    place:     while waiting, how many wait before it; else 0
    progress:  of the last batch, None before the first
    doing:     what the process does now, in words for people; "" unless it runs
    epochs:    every finished epoch's figures, first to last
    baselines: by name, what each baseline reaches on the held-out part
    kept:      the epoch whose model is in `folder`; 0 before there is one
    message:   one clear line where it failed or was lost, else ""
    folder:    the run's folder: run.json, epochs/, model.safetensors
    name:      of the log
    started:   seconds since 1970: when its process began; while it waits, when it was asked for
    updated:   seconds since 1970: when anything about it was last written
    """

    id: str
    state: str
    place: int
    progress: Progress | None
    doing: str
    epochs: tuple[EpochFigures, ...]
    baselines: Mapping[str, Quality]
    kept: int
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
        """Can it go on from its last finished epoch?"""
        return self.state in RESUMABLE


def read_status(job: Job, place: int) -> JobStatus:
    """The job as it is now; `place` is its place in the queue if it waits."""
    folder = job.folder
    state = state_of(folder)
    began, told, ended = (files.read(folder, name) for name in (files.PROCESS, files.PROGRESS, files.END))
    run, message = _run(folder)
    if state == "lost":
        message = _lost(_progress(told), len(run.epochs))
    elif message and state not in ACTIVE:
        state = "failed"
    elif ended is not None:
        message = str(ended.get("message", ""))
    return JobStatus(
        id=folder.name,
        state=state,
        place=place if state == "waiting" else 0,
        progress=_progress(told),
        doing=str((told or {}).get("doing", "")) if state == "running" else "",
        epochs=run.epochs,
        baselines=run.baselines,
        kept=run.kept,
        message=message,
        folder=folder,
        name=job.name,
        started=_at(began) or job.at,
        updated=max(job.at, _at(began), _at(told), _at(ended)),
    )


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


def _lost(progress: Progress | None, finished: int) -> str:
    epoch = progress.epoch if progress else finished + 1
    go_on = f"goes on from epoch {finished}" if finished else "starts it again"
    return f"the training process ended in epoch {epoch}; continue {go_on}"


def _run(folder: Path) -> tuple[RunFile, str]:
    """The run so far, and what is wrong with its file."""
    nothing = RunFile({}, "", "", keep_best=False)
    try:
        return read_run(folder) or nothing, ""
    except InputError as error:
        return nothing, str(error)


def _progress(told: dict[str, Any] | None) -> Progress | None:
    try:
        return Progress(**(told or {})["progress"])
    except (KeyError, TypeError):
        return None


def _at(values: dict[str, Any] | None) -> float:
    at = (values or {}).get("at")
    return float(at) if isinstance(at, int | float) else 0.0
