"""How does a comparison of models stand?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gru_viz.compare.document import FILE_NAME
from gru_viz.compare.names import EXPERIMENTS, NAMES, short_name
from gru_viz.jobs import folder as files
from gru_viz.jobs.folder import Job
from gru_viz.jobs.request import SETTINGS
from gru_viz.jobs.status import Standing, standing


@dataclass(frozen=True)
class At:
    """Where a comparison is.

    name:         the model that learns or is measured, or the experiment that is made
    share:        of the data that it learns from
    done:         share of all the work, in [0, 1]
    seconds_left: of all the work, None where nobody can know yet
    """

    name: str
    share: float
    done: float
    seconds_left: float | None


@dataclass(frozen=True)
class ComparisonStatus(Standing):
    """A comparison as its folder has it now.

    at:     where it is, None before it has told
    models: that were asked for
    result: its models.json, with what is finished so far; None before the first model is
    """

    at: At | None
    models: tuple[str, ...]
    result: Path | None


def read_comparison_status(job: Job, place: int) -> ComparisonStatus:
    """The comparison as it is now; `place` is its place in the queue if it waits."""
    stands, told = standing(job, place)
    at = _at(told)
    values = vars(stands)
    if stands.state == "lost":
        values = {**values, "message": _lost(at)}
    result = job.folder / FILE_NAME
    return ComparisonStatus(
        **values, at=at, models=_models(job.folder), result=result if result.is_file() else None
    )


def _lost(at: At | None) -> str:
    where = "" if at is None else f" at {short_name(at.name)}"
    return (
        f"the process of this comparison ended{where}; what was finished is kept, and it can only be "
        "started again from the beginning"
    )


def _models(folder: Path) -> tuple[str, ...]:
    asked = (files.read(folder, SETTINGS) or {}).get("models")
    if not isinstance(asked, list):
        return ()
    return tuple(name for name in asked if isinstance(name, str) and name in NAMES)


def _at(told: dict[str, Any]) -> At | None:
    name, numbers = told.get("name"), [told.get(key) for key in ("share", "done")]
    left = told.get("seconds_left")
    if not isinstance(name, str) or name not in NAMES | EXPERIMENTS:
        return None
    if not all(type(number) in (int, float) for number in (*numbers, 0 if left is None else left)):
        return None
    share, done = map(float, numbers)  # type: ignore[arg-type]
    return At(name, share, done, None if left is None else float(left))
