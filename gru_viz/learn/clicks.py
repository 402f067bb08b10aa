"""Which clicks was the model trained on?

Kept beside a model, so that baselines can be fitted to what it learned from and
compared with it on any later log. Item indices only: no session ids, no times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError, quote
from gru_viz.sessions import ClickLog
from gru_viz.whole_file import write_whole

FILE_NAME = "training_clicks.safetensors"
CATALOG = "catalog_sha256"
CLICKS = "clicks_sha256"  # under which a model tells the fingerprint of the log it was trained on


def save_clicks(log: ClickLog, path: str | Path) -> None:
    """Write the log's clicks, whole or not at all. Raises InputError if that is not possible."""
    tensors = {"items": log.items.astype(np.int32), "lengths": log.lengths.astype(np.int32)}
    write_whole(Path(path), save(tensors, {CATALOG: fingerprint(log.catalog)}))


def load_clicks(path: str | Path, catalog: Catalog, clicks: str | None = None) -> ClickLog:
    """The log that `save_clicks` wrote; session ids are empty.

    clicks: fingerprint of the log it must be; None where nobody knows

    Raises InputError for a file that is damaged, about other items than the catalogue's, or of another log.
    """
    file = quote(Path(path).name)
    try:
        with safe_open(path, framework="numpy") as opened:
            known = (opened.metadata() or {}).get(CATALOG)
            items, lengths = (opened.get_tensor(name).astype(np.int64) for name in ("items", "lengths"))
    except (OSError, SafetensorError, ValueError, TypeError) as error:
        raise InputError(f"cannot read {file}: {quote(error)}; train again, or leave the file out") from None
    if known != fingerprint(catalog):
        raise InputError(f"{file} is about other items than the model; it belongs to another training")
    sound = (
        items.ndim == lengths.ndim == 1
        and len(lengths) > 0
        and lengths.min() > 0
        and lengths.sum() == len(items)
        and 0 <= items.min() <= items.max() < len(catalog)
    )
    if not sound:
        raise InputError(f"{file} is damaged; train again, or leave the file out")
    log = ClickLog(catalog, items, np.concatenate([[0], np.cumsum(lengths)]), ("",) * len(lengths))
    if clicks is not None and log.fingerprint != clicks:
        raise InputError(
            f"{file} holds other clicks than the model was trained on; it belongs to another training"
        )
    return log


def trained_on(about: Mapping[str, Any]) -> str | None:
    """What a model's `about` tells of its clicks, their fingerprint; None where it tells nothing."""
    training = about.get("training")
    told = training.get(CLICKS) if isinstance(training, dict) else None
    return told if isinstance(told, str) else None


def fingerprint(catalog: Catalog) -> str:
    """sha256 over the item ids in their order, hex."""
    digest = hashlib.sha256()
    for item_id in catalog.ids:
        text = item_id.encode("utf-8", "surrogatepass")
        digest.update(len(text).to_bytes(8, "little") + text)
    return digest.hexdigest()
