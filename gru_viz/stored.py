"""How do bytes become names and numbers, and back, whichever model they are of?

What every model's .safetensors file has: a source it is read from, a catalogue, tensors of floats.
"""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError, quote
from gru_viz.safetensors_header import TensorEntry, strict_json

FILE_NAME = "model.safetensors"
MAX_FILE_BYTES = 2 * 1024**3
CATALOG = "catalog"
METADATA = "gru_viz"

Source = str | Path | bytes | BinaryIO


# --- from a source to bytes


def read_bytes(source: Source, name: str | None) -> tuple[bytes, str]:
    """The content and its quoted name. Raises InputError for what is no plain file or too large."""
    if isinstance(source, str | Path):
        path = Path(source)
        try:
            if path.is_dir():
                path = path / FILE_NAME
            file = quote(name or path.name)
            _check_plain_file(path, file)
            with path.open("rb") as opened:
                return _capped(opened, file), file
        except FileNotFoundError:
            raise InputError(
                f"there is no file {quote(path.name)} in {quote(path.parent)}; check the path, or train "
                "a model with `python -m gru_viz train LOG --out DIR`"
            ) from None
        except InputError:
            raise
        except (OSError, ValueError) as error:  # ValueError: a NUL in the path
            why = error.strerror if isinstance(error, OSError) else error
            raise InputError(f"cannot read {quote(path.name)}: {why}; check the path") from None
    if isinstance(source, bytes | bytearray | memoryview):
        file = quote(name or "the uploaded file")
        if len(source) > MAX_FILE_BYTES:
            raise _too_large(file)
        return bytes(source), file
    if source.seekable():
        source.seek(0)
    file = quote(name or Path(str(getattr(source, "name", "the uploaded file"))).name)
    return _capped(source, file), file


def _check_plain_file(path: Path, file: str) -> None:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        kind = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "not a plain file"
        raise InputError(f"{file} is {kind}; give the path of the .safetensors file itself")
    if status.st_size > MAX_FILE_BYTES:
        raise _too_large(file)


def _capped(opened: BinaryIO, file: str) -> bytes:
    data = opened.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(file)
    return data


def _too_large(file: str) -> InputError:
    return InputError(
        f"{file} is larger than {MAX_FILE_BYTES:,} bytes, the most that is read; "
        "train with a smaller catalogue or fewer units"
    )


# --- the catalogue


def catalog_json(catalog: Catalog) -> bytes:
    """What the tensor 'catalog' holds. Raises InputError for half of a surrogate pair."""
    columns = {"ids": catalog.ids}
    if catalog.titles != catalog.ids:
        columns["titles"] = catalog.titles
    if any(catalog.categories):
        columns["categories"] = catalog.categories
    try:
        return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"the catalogue holds text that is not Unicode: {quote(error.object)}") from None


def stored_catalog(data: bytes, entry: TensorEntry | None, n_items: int, file: str) -> Catalog:
    """The catalogue that the tensor holds. Raises InputError unless it names `n_items` items."""
    if entry is None:
        raise InputError(f"{file} lacks the tensor 'catalog' that names its items; save the model again")
    if entry.dtype != "U8" or len(entry.shape) != 1:
        raise InputError(
            f"{file}: tensor 'catalog' should be a row of U8, "
            f"got {entry.dtype} of shape {quote(list(entry.shape))}; save the model again"
        )
    try:
        columns = strict_json(data[entry.begin : entry.end])
    except ValueError as error:
        raise InputError(f"{file}: the catalogue is not valid JSON ({error}); save the model again") from None
    if not isinstance(columns, dict) or not {"ids"} <= set(columns) <= {"ids", "titles", "categories"}:
        raise InputError(f"{file}: the catalogue needs 'ids', and may have 'titles' and 'categories'")
    for key, values in columns.items():
        if not isinstance(values, list) or not all(_is_text(value) for value in values):
            raise InputError(f"{file}: {key!r} in the catalogue is not a list of texts; save the model again")
    if len(columns["ids"]) != n_items:
        raise InputError(
            f"{file}: the catalogue names {len(columns['ids'])} items, the model scores {n_items}; "
            "they belong to different models"
        )
    try:
        return Catalog(**{key: tuple(values) for key, values in columns.items()})
    except InputError as error:
        raise InputError(f"{file}: {error}") from None


def _is_text(value: Any) -> bool:
    """Is this text that can be written again? JSON can smuggle half of a surrogate pair."""
    return isinstance(value, str) and not re.search("[\ud800-\udfff]", value)


# --- numbers


def stored_array(data: bytes, key: str, entry: TensorEntry, file: str) -> np.ndarray:
    """The tensor as a fresh float array, F64 or else F32. Raises InputError for NaN and infinity."""
    raw = data[entry.begin : entry.end]
    if entry.dtype == "BF16":  # the upper half of a float32
        values = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
    else:
        values = np.frombuffer(raw, {"F16": "<f2", "F32": "<f4", "F64": "<f8"}[entry.dtype])
    bad = np.count_nonzero(~np.isfinite(values))
    if bad:
        raise InputError(
            f"{file}: tensor {quote(key)} holds {bad} NaN or infinite numbers of {values.size}; "
            "train again with a lower learning rate"
        )
    precision = np.float64 if entry.dtype == "F64" else np.float32
    return values.astype(precision).reshape(entry.shape)
