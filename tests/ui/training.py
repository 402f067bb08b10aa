"""Trainings as their folders would tell them, for tests of what the page makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gru_viz.jobs import JobStatus
from gru_viz.learn.figures_file import EpochFigures
from gru_viz.learn.intervals import Intervals
from gru_viz.learn.paired import Margin
from gru_viz.learn.progress import Progress
from gru_viz.learn.quality import Quality


def quality(recall: float, predictions: int = 10_000) -> Quality:
    return Quality(dict.fromkeys((5, 10, 20), recall), dict.fromkeys((5, 10, 20), recall / 2), predictions)


def sure(recall: float, error: float, **baselines: float) -> dict[str, Any]:
    """An epoch's intervals and margins, all as wide as `error` to both sides."""
    around = {20: (recall - error, recall + error)}
    margins = {
        name: Margin(recall - other, (recall - other - error, recall - other + error), 0.0, (-error, error))
        for name, other in baselines.items()
    }
    return {"intervals": Intervals(around, around), "margins": margins}


def epoch(number: int, recall: float | None = 0.6, **figures: Any) -> EpochFigures:
    usual: dict[str, Any] = {
        "loss": 5.0 / number,
        "gradient_norm": 0.5,
        "clipped": 0.1,
        "events": 1000,
        "seconds": 2.0,
        "update_gate": 0.7,
        "saturated": 0.2,
        "checkpoint": f"epochs/{number:04}.safetensors",
    }
    known = None if recall is None else quality(recall)
    return EpochFigures(epoch=number, epochs=8, quality=known, **{**usual, **figures})


def progress(epoch: int = 2, batch: int = 5, **figures: Any) -> Progress:
    usual = {"loss": 3.0, "events_per_s": 12_345.0, "seconds_left": 42.0, "gradient_norm": 0.5}
    return Progress(epoch=epoch, batch=batch, batches=10, **{**usual, **figures})


def job(state: str = "running", **told: Any) -> JobStatus:
    usual: dict[str, Any] = {
        "id": "ab" * 16,
        "place": 0,
        "progress": None,
        "doing": "",
        "epochs": (),
        "baselines": {"markov": quality(0.7), "popularity": quality(0.17)},
        "kept": 0,
        "message": "",
        "folder": Path("/nowhere"),
        "name": "clicks.csv",
        "started": 0.0,
        "updated": 0.0,
    }
    return JobStatus(state=state, **{**usual, **told})
