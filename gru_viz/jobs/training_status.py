"""How does a training stand?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gru_viz.errors import InputError
from gru_viz.jobs.folder import Job
from gru_viz.jobs.status import ACTIVE, Standing, standing
from gru_viz.learn.figures_file import EpochFigures, RunFile, read_run
from gru_viz.learn.intervals import Intervals
from gru_viz.learn.progress import Progress
from gru_viz.learn.quality import Quality


@dataclass(frozen=True)
class JobStatus(Standing):
    """A training as its folder has it now: run.json, epochs/, model.safetensors.

    progress:  of the last batch, None before the first
    epochs:    every finished epoch's figures, first to last
    baselines: by name, what each baseline reaches on the held-out part
    kept:      the epoch whose model is in `folder`; 0 before there is one
    intervals: by name, of the baselines' figures; none where a run began before these were kept
    """

    progress: Progress | None
    epochs: tuple[EpochFigures, ...]
    baselines: Mapping[str, Quality]
    kept: int
    intervals: Mapping[str, Intervals] = field(default_factory=dict)


def read_status(job: Job, place: int) -> JobStatus:
    """The training as it is now; `place` is its place in the queue if it waits."""
    stands, told = standing(job, place)
    progress = _progress(told)
    run, damage = _run(job.folder)
    values = vars(stands)
    if stands.state == "lost":
        values = {**values, "message": _lost(progress, len(run.epochs))}
    elif damage and stands.state not in ACTIVE:
        values = {**values, "state": "failed", "message": damage}
    return JobStatus(
        **values,
        progress=progress,
        epochs=run.epochs,
        baselines=run.baselines,
        kept=run.kept,
        intervals=run.intervals,
    )


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


def _progress(told: dict[str, Any]) -> Progress | None:
    try:
        return Progress(**told)
    except TypeError:
        return None
