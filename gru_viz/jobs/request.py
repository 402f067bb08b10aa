"""What is asked of a training job, and how does it get into files and back?

    request.json         names, settings of model and training, facts
    request.safetensors  the clicks of both parts as item indices, and the catalogue as JSON text

No session ids and no times: nothing is learned from them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.parts import Parts
from gru_viz.safetensors_header import strict_json
from gru_viz.sessions import ClickLog
from gru_viz.whole_file import write_json, write_whole

SETTINGS = "request.json"
CLICKS = "request.safetensors"


@dataclass(frozen=True, eq=False)
class JobRequest:
    """Everything a training needs.

    parts:    the log and what is held out of it
    model:    settings of the model, as `ModelConfig.to_dict` has them
    training: settings of the training
    """

    parts: Parts
    model: Mapping[str, Any]
    training: TrainingConfig


def write_request(request: JobRequest, folder: Path) -> None:
    """Into two files of `folder`. Raises InputError if that is not possible."""
    parts = request.parts
    settings = {
        "name": parts.name,
        "test_name": parts.test_name,
        "keep_best": parts.keep_best,
        "facts": parts.facts,
        "model": dict(request.model),
        "training": request.training.to_dict(),
    }
    catalog = json.dumps([list(column) for column in _columns(parts.train.catalog)]).encode("ascii")
    tensors = {"catalog": np.frombuffer(catalog, dtype=np.uint8)}
    for name, log in (("train", parts.train), ("test", parts.test)):
        if log is not None:
            tensors[f"{name}.items"] = log.items.astype(np.int32)
            tensors[f"{name}.lengths"] = log.lengths.astype(np.int32)
    try:
        write_json(folder / SETTINGS, settings)
    except (TypeError, ValueError) as error:
        raise InputError(f"these settings cannot be written down: {error}") from None
    write_whole(folder / CLICKS, save(tensors))


def read_request(folder: Path) -> JobRequest:
    """What `write_request` wrote; session ids are empty. Raises InputError for a damaged file."""
    try:
        settings = strict_json((folder / SETTINGS).read_bytes())
        tensors = load((folder / CLICKS).read_bytes())
        catalog = Catalog(*map(tuple, strict_json(tensors["catalog"].tobytes())))
        train, test = (_log(tensors, name, catalog) for name in ("train", "test"))
        if train is None:
            raise KeyError("train")
        told = (settings[name] for name in ("name", "test_name", "keep_best", "facts"))
        parts = Parts(train, test, *told)
        return JobRequest(parts, dict(settings["model"]), TrainingConfig.from_dict(settings["training"]))
    except InputError:
        raise
    except (OSError, SafetensorError, KeyError, TypeError, ValueError):
        raise InputError("what was asked of this training cannot be read any more; start it again") from None


def _columns(catalog: Catalog) -> tuple[tuple[str, ...], ...]:
    return catalog.ids, catalog.titles, catalog.categories


def _log(tensors: dict[str, np.ndarray], name: str, catalog: Catalog) -> ClickLog | None:
    if f"{name}.items" not in tensors:
        return None
    lengths = tensors[f"{name}.lengths"].astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return ClickLog(catalog, tensors[f"{name}.items"], offsets, ("",) * len(lengths))
