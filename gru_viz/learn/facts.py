"""What is a run told by: what was asked for, and what its checkpoints say of it?"""

from __future__ import annotations

import json
from typing import Any

from gru_viz.learn.clicks import CLICKS, fingerprint
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.figures_file import RunFile
from gru_viz.learn.parts import Parts
from gru_viz.model import ModelConfig
from gru_viz.sessions import ClickLog


def asked_of(parts: Parts, model: ModelConfig, training: TrainingConfig) -> dict[str, Any]:
    """What decides every figure of a run, under the names that people know; JSON."""
    return {
        "log": _identity(parts.train),
        "test": None if parts.test is None else _identity(parts.test),
        "model": json.loads(json.dumps(model.to_dict())),
        "training": training.to_dict(),
    }


def _identity(log: ClickLog) -> str:
    return f"{log.fingerprint} {fingerprint(log.catalog)}"


def about(run: RunFile, parts: Parts, training: TrainingConfig) -> dict[str, Any]:
    """What a checkpoint tells of the training so far."""
    log = parts.train
    told: dict[str, Any] = {
        "training": {
            "log": parts.name,
            "sessions": len(log),
            "clicks": log.n_clicks,
            "items": len(log.catalog),
            CLICKS: log.fingerprint,
            "epochs": len(run.epochs),
            "seconds": round(run.seconds),
            "settings": training.to_dict(),
        }
    }
    quality = run.epochs[-1].quality
    if quality is not None:
        told["quality"] = {
            "on": parts.test_name,
            **quality.to_dict(10, 20),
            "predictions": quality.predictions,
            "ranks": quality.ranks,
            "baselines": {name: q.to_dict(10, 20) for name, q in run.baselines.items()},
        }
    return told
