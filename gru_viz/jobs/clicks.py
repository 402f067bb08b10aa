"""How do the clicks of a job get into its folder and back?

    request.safetensors  the clicks of both parts as item indices, and the catalogue as JSON text;
                         of the held-out sessions, which are looked at later, their ids, too

No other session ids and no times: nothing is learned from them.
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
IDS_BYTES = 16 * 1024**2  # that the ids may take; where they take more, the sessions are numbered
TOLD = ("name", "test_name", "keep_best", "facts")  # of the parts, that is no clicks


def write_parts(parts: Parts, folder: Path) -> dict[str, Any]:
    """The clicks into a file of `folder`; what else there is to tell of them. Raises InputError."""
    tensors = {"catalog": _text([list(column) for column in _columns(parts.train.catalog)])}
    for name, log in (("train", parts.train), ("test", parts.test)):
        if log is not None:
            tensors[f"{name}.items"] = log.items.astype(np.int32)
            tensors[f"{name}.lengths"] = log.lengths.astype(np.int32)
    if parts.test is not None:
        ids = _text(list(parts.test.session_ids))
        if len(ids) <= IDS_BYTES:
            tensors["test.ids"] = ids
    write_whole(folder / CLICKS, save(tensors))
    return {name: getattr(parts, name) for name in TOLD} | {"items": len(parts.train.catalog)}


def read_parts(told: Mapping[str, Any], folder: Path) -> Parts:
    """What `write_parts` wrote and told; session ids that it did not write are empty.

    Raises OSError, SafetensorError, KeyError, TypeError or ValueError for a damaged file.
    """
    tensors = load((folder / CLICKS).read_bytes())
    catalog = Catalog(*map(tuple, _values(tensors["catalog"])))
    train, test = (_log(tensors, name, catalog) for name in ("train", "test"))
    if train is None:
        raise KeyError("train")
    return Parts(train, test, *(told[name] for name in TOLD))


def _columns(catalog: Catalog) -> tuple[tuple[str, ...], ...]:
    return catalog.ids, catalog.titles, catalog.categories


def _text(values: list[Any]) -> np.ndarray:
    """JSON as the bytes of a tensor."""
    return np.frombuffer(json.dumps(values).encode("ascii"), dtype=np.uint8)


def _values(text: np.ndarray) -> Any:
    return strict_json(text.tobytes())


def _log(tensors: dict[str, np.ndarray], name: str, catalog: Catalog) -> ClickLog | None:
    if f"{name}.items" not in tensors:
        return None
    lengths = tensors[f"{name}.lengths"].astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    ids = ("",) * len(lengths)
    if f"{name}.ids" in tensors:
        ids = tuple(map(str, _values(tensors[f"{name}.ids"])))
        if len(ids) != len(lengths):
            raise ValueError("not one id a session")
    return ClickLog(catalog, tensors[f"{name}.items"], offsets, ids)
