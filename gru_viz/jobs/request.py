"""What is asked of a job, and how does it get into files and back?

request.json         names, settings, facts
request.safetensors  the clicks, see clicks.py
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from safetensors import SafetensorError

from gru_viz.compare.names import NAMES
from gru_viz.errors import InputError
from gru_viz.jobs.clicks import CLICKS, read_parts, write_parts
from gru_viz.jobs.kinds import COMPARISON, TRAINING
from gru_viz.learn.config import PRESETS, TrainingConfig
from gru_viz.learn.parts import Parts
from gru_viz.safetensors_header import strict_json
from gru_viz.whole_file import write_json

__all__ = ["CLICKS", "SETTINGS", "ComparisonRequest", "JobRequest", "read_request", "write_request"]

SETTINGS = "request.json"
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class JobRequest:
    """Everything a training needs.

    parts:    the log and what is held out of it
    model:    settings of the model, as `ModelConfig.to_dict` has them
    training: settings of the training
    """

    kind: ClassVar[str] = TRAINING
    parts: Parts
    model: Mapping[str, Any]
    training: TrainingConfig

    def settings(self) -> dict[str, Any]:
        return {"model": dict(self.model), "training": self.training.to_dict()}


@dataclass(frozen=True, eq=False)
class ComparisonRequest:
    """Everything a comparison of models needs.

    parts:  what all learn from, and the held-out clicks that all are measured on
    models: keys of `gru_viz.compare.names.NAMES`, in the order in which they learn
    shares: of the training sessions, the whole (1) first
    preset: how GRU4Rec is trained, a key of `gru_viz.learn.config.PRESETS`
    claims: make the experiments for the textbook's claims, too

    Raises InputError for what cannot be compared.
    """

    kind: ClassVar[str] = COMPARISON
    parts: Parts
    models: tuple[str, ...]
    shares: tuple[float, ...] = (1.0,)
    preset: str = "best"
    seed: int = 0
    claims: bool = False

    def __post_init__(self) -> None:
        if not self.models or set(self.models) - set(NAMES):
            raise InputError("choose at least one model to compare")
        if self.parts.test is None:
            raise InputError("a comparison needs held-out clicks to measure on")
        if not self.shares or self.shares[0] != 1 or not all(0 < share <= 1 for share in self.shares):
            raise InputError("the shares to learn from must be above 0 and up to 1, the whole first")
        if self.preset not in PRESETS or not 0 <= self.seed < 2**63:
            raise InputError(
                f"the preset must be one of {', '.join(PRESETS)}, the seed a whole number from 0"
            )

    def settings(self) -> dict[str, Any]:
        asked = {"models": list(self.models), "shares": list(self.shares)}
        return {**asked, "preset": self.preset, "seed": self.seed, "claims": self.claims}


def write_request(request: JobRequest | ComparisonRequest, folder: Path) -> None:
    """Into two files of `folder`. Raises InputError if that is not possible."""
    settings = {**write_parts(request.parts, folder), **request.settings()}
    try:
        write_json(folder / SETTINGS, settings)
    except (TypeError, ValueError) as error:
        raise InputError(f"these settings cannot be written down: {error}") from None


def read_request(folder: Path) -> JobRequest:
    """A training's, as `write_request` wrote it. Raises InputError for a damaged file."""

    def made(parts: Parts, told: dict[str, Any]) -> JobRequest:
        return JobRequest(parts, dict(told["model"]), TrainingConfig.from_dict(told["training"]))

    return _read(folder, TRAINING, made)


def read_comparison_request(folder: Path) -> ComparisonRequest:
    """A comparison's. Raises InputError for a damaged file."""

    def made(parts: Parts, told: dict[str, Any]) -> ComparisonRequest:
        models, shares = tuple(told["models"]), tuple(map(float, told["shares"]))
        return ComparisonRequest(parts, models, shares, told["preset"], told["seed"], bool(told["claims"]))

    return _read(folder, COMPARISON, made)


def _read(folder: Path, kind: str, made: Callable[[Parts, dict[str, Any]], T]) -> T:
    try:
        told = strict_json((folder / SETTINGS).read_bytes())
        return made(read_parts(told, folder), told)
    except InputError:
        raise
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        raise InputError(f"what was asked of this {kind} cannot be read any more; start it again") from None
