"""How do the clicks of a job get into its folder and back?

    request.safetensors  the clicks of both parts as item indices, and the catalogue as JSON text

No session ids and no times: nothing is learned from them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from gru_viz.catalog import Catalog
from gru_viz.learn.parts import Parts
from gru_viz.safetensors_header import strict_json
from gru_viz.sessions import ClickLog
from gru_viz.whole_file import write_whole

CLICKS = "request.safetensors"
TOLD = ("name", "test_name", "keep_best", "facts")  # of the parts, that is no clicks


def write_parts(parts: Parts, folder: Path) -> dict[str, Any]:
    """The clicks into a file of `folder`; what else there is to tell of them. Raises InputError."""
    catalog = json.dumps([list(column) for column in _columns(parts.train.catalog)]).encode("ascii")
    tensors = {"catalog": np.frombuffer(catalog, dtype=np.uint8)}
    for name, log in (("train", parts.train), ("test", parts.test)):
        if log is not None:
            tensors[f"{name}.items"] = log.items.astype(np.int32)
            tensors[f"{name}.lengths"] = log.lengths.astype(np.int32)
    write_whole(folder / CLICKS, save(tensors))
    return {name: getattr(parts, name) for name in TOLD}


def read_parts(told: Mapping[str, Any], folder: Path) -> Parts:
    """What `write_parts` wrote and told; session ids are empty.

    Raises OSError, SafetensorError, KeyError, TypeError or ValueError for a damaged file.
    """
    tensors = load((folder / CLICKS).read_bytes())
    catalog = Catalog(*map(tuple, strict_json(tensors["catalog"].tobytes())))
    train, test = (_log(tensors, name, catalog) for name in ("train", "test"))
    if train is None:
        raise KeyError("train")
    return Parts(train, test, *(told[name] for name in TOLD))


def _columns(catalog: Catalog) -> tuple[tuple[str, ...], ...]:
    return catalog.ids, catalog.titles, catalog.categories


def _log(tensors: dict[str, np.ndarray], name: str, catalog: Catalog) -> ClickLog | None:
    if f"{name}.items" not in tensors:
        return None
    lengths = tensors[f"{name}.lengths"].astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return ClickLog(catalog, tensors[f"{name}.items"], offsets, ("",) * len(lengths))
