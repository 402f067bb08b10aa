"""How does a model get into a file and safely back?

A checkpoint is one .safetensors file: numbers and text, nothing that runs.

    tensors   embedding, layers.0.W .U .b .c, feed_forward.0.weight .bias, output.embedding, output.bias
    catalog   a uint8 tensor of UTF-8 JSON: ids, titles (unless they are the ids), categories (if any);
              it can be large, and the header may not
    metadata  "gru_viz": JSON with schema, written_by, convention, config, items, about

Whatever can be refused is refused from the header, before any tensor is built.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save as to_safetensors

import gru_viz
from gru_viz.anatomy import CELLS
from gru_viz.errors import InputError, quote
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.safetensors_header import (
    CONVERT,
    LENGTH_BYTES,
    MAX_HEADER_BYTES,
    Header,
    TensorEntry,
    read_header,
    strict_json,
)
from gru_viz.stored import CATALOG, METADATA, Source, catalog_json, read_bytes, stored_array, stored_catalog
from gru_viz.stored import FILE_NAME as FILE_NAME
from gru_viz.stored import MAX_FILE_BYTES as MAX_FILE_BYTES
from gru_viz.whole_file import write_whole

SCHEMA = 1
DECLARED = ("units", "cell", "reset", "input", "output")  # never guessed from a default
BOTH_WAYS = "both_ways"  # declared by what gru_viz.both_ways_file writes
HUGE = 1e3  # one weight of this size pins a gate open or shut whatever else is clicked

# parameters whose name in the file is not their name in the model
FILE_NAMES = {"own_output": "output.embedding", "output_bias": "output.bias"}
MODEL_NAMES = {written: name for name, written in FILE_NAMES.items()}


@dataclass(frozen=True, eq=False)
class Loaded:
    """A model as it came out of a file, and what to say about that.

    warnings: what a person should confirm before believing the model
    notes:    what was done without asking, such as half precision read as single
    digest:   sha256 of the file, hex; the same as `content_hash`
    """

    model: GRU4Rec
    warnings: tuple[str, ...]
    digest: str
    notes: tuple[str, ...] = ()


def save(model: GRU4Rec, path: str | Path) -> None:
    """Write `model` to `path`, whole or not at all; the same model gives the same bytes.

    Raises InputError if `about` is not JSON or too large, or the file cannot be written.
    """
    write_whole(Path(path), to_bytes(model))


def to_bytes(model: GRU4Rec) -> bytes:
    """The checkpoint that `save` writes."""
    tensors = {
        FILE_NAMES.get(name, name): weight.detach().cpu().contiguous()
        for name, weight in model.state_dict().items()
    }
    tensors[CATALOG] = torch.frombuffer(bytearray(catalog_json(model.catalog)), dtype=torch.uint8)
    facts = {
        "schema": SCHEMA,
        "written_by": gru_viz.__version__,
        "convention": convention(model.config.cell),
        "config": model.config.to_dict(),
        "items": len(model.catalog),
        "about": model.about,
    }
    try:
        text = json.dumps(facts, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"what `about` says of the model cannot be written as JSON: {error}") from None
    data = to_safetensors(tensors, {METADATA: text})
    header = int.from_bytes(data[:LENGTH_BYTES], "little")
    if header > MAX_HEADER_BYTES:
        raise InputError(
            f"the model's facts and settings need {header:,} bytes, a checkpoint has room for "
            f"{MAX_HEADER_BYTES:,}; shorten `about`"
        )
    return data


def load(source: Source, name: str | None = None) -> GRU4Rec:
    """The model in a file, a folder's model.safetensors, bytes or an open file; ready to record.

    It is in eval mode and its weights are not trainable (`requires_grad_()` changes that).
    `name` is what messages call it. Raises InputError for anything but a sound checkpoint.
    """
    return load_checked(source, name).model


def load_checked(source: Source, name: str | None = None) -> Loaded:
    """`load`, with the warnings a person should see and the content's digest."""
    data, file = read_bytes(source, name)
    header = read_header(data, file)
    facts = _facts(header, file)
    config = _config(facts, file)
    entries = dict(header.tensors)
    entry_of_catalog = entries.pop(CATALOG, None)
    _check_tensors(entries, config, facts["items"], file)
    catalog = stored_catalog(data, entry_of_catalog, facts["items"], file)
    arrays = {key: stored_array(data, key, entry, file) for key, entry in entries.items()}

    with torch.device("meta"):  # shapes only: no memory, and no draw from anyone's random numbers
        model = GRU4Rec(catalog, config, facts["about"])
    state = {MODEL_NAMES.get(key, key): torch.from_numpy(array) for key, array in arrays.items()}
    model.load_state_dict(state, assign=True)
    model.eval().requires_grad_(False)

    warnings = (*_version_warnings(facts, file), *_value_warnings(arrays, file))
    half = sorted({entry.dtype for entry in entries.values()} & {"F16", "BF16"})
    notes = (f"{file}: {' and '.join(half)} numbers were read as float32",) if half else ()
    return Loaded(model, warnings, hashlib.sha256(data).hexdigest(), notes)


def content_hash(source: Source) -> str:
    """sha256 of the content, hex: two sources with the same hash hold the same model."""
    return hashlib.sha256(read_bytes(source, None)[0]).hexdigest()


# --- what the metadata says


def convention(cell: object) -> dict[str, str]:
    """What the numbers of a model of this cell mean; of an unknown one, which is refused, a GRU's."""
    anatomy = CELLS.get(str(cell), CELLS["gru"])
    order = {"gate_order": ",".join(anatomy.blocks)}
    return {"z": "writes", **order} if "z" in anatomy.gates else order


def _facts(header: Header, file: str) -> dict[str, Any]:
    """The metadata, every field of it present and of its type."""
    text = header.metadata.get(METADATA)
    if text is None:
        raise InputError(
            f"{file} does not say which model its tensors make (no {METADATA!r} metadata); "
            f"it comes from another program, convert it with `{CONVERT}`"
        )
    try:
        facts = strict_json(text.encode("utf-8", "replace"))
    except ValueError as error:
        raise InputError(f"{file}: the {METADATA!r} metadata is not valid JSON ({error})") from None
    _refuse_other_kinds(facts, file)
    schema = facts.get("schema") if isinstance(facts, dict) else None
    if type(schema) is not int or schema != SCHEMA:
        raise InputError(
            f"{file} is written in schema {quote(schema)}, this version of gru_viz reads {SCHEMA}; "
            "update gru_viz or save the model again"
        )
    for key, kind in (("config", dict), ("convention", dict), ("items", int), ("about", dict)):
        if type(facts.get(key)) is not kind:
            raise InputError(
                f"{file}: {key!r} in the metadata should be a {kind.__name__}, "
                f"got {quote(facts.get(key))}; save the model again"
            )
    for key, ours in convention(facts["config"].get("cell")).items():
        theirs = facts["convention"].get(key)
        if theirs != ours:
            said = "is not declared" if theirs is None else f"is {quote(theirs)}"
            raise InputError(
                f"{file}: the convention's {key!r} {said}, expected {ours!r}; convert it with `{CONVERT}`"
            )
    return facts


def _refuse_other_kinds(facts: Any, file: str) -> None:
    """Raises InputError for a model of ours that is no next-item model."""
    if isinstance(facts, dict) and facts.get("kind") == BOTH_WAYS:
        raise InputError(
            f"{file} reads a session from both ends and cannot recommend live; the Cells page shows it"
        )


def _config(facts: dict[str, Any], file: str) -> ModelConfig:
    for key in DECLARED:
        if key not in facts["config"]:
            raise InputError(f"{file}: the config does not declare {key!r}; save the model again with it")
    try:
        return ModelConfig.from_dict(facts["config"])
    except InputError as error:
        raise InputError(f"{file}: {error}") from None


def _version_warnings(facts: dict[str, Any], file: str) -> Iterator[str]:
    theirs = str(facts.get("written_by"))
    if _version(theirs) > _version(gru_viz.__version__):
        yield (
            f"{file} was written by gru_viz {quote(theirs)}, newer than this {gru_viz.__version__}; "
            "update gru_viz if it looks wrong"
        )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", text)[:3])


# --- do the tensors make this model?


def expected_shapes(config: ModelConfig, n_items: int) -> dict[str, tuple[int, ...]]:
    """Every tensor of a checkpoint of this model and its shape, without the catalogue."""
    shapes: dict[str, tuple[int, ...]] = {}
    if config.input == "embedding":
        shapes["embedding"] = (n_items, config.embedding_dim)
    inputs = n_items if config.input == "onehot" else config.embedding_dim
    blocks = len(CELLS[config.cell].blocks)
    for number, (E, H) in enumerate(pairwise((inputs, *config.units))):
        shapes[f"layers.{number}.W"] = (blocks * H, E)
        shapes[f"layers.{number}.U"] = (blocks * H, H)
        shapes[f"layers.{number}.b"] = (blocks * H,)
        if config.reset == "after":
            shapes[f"layers.{number}.c"] = (H,)
    for number, (D, wider) in enumerate(pairwise((config.units[-1], *config.feed_forward))):
        shapes[f"feed_forward.{number}.weight"] = (wider, D)
        shapes[f"feed_forward.{number}.bias"] = (wider,)
    if config.output == "own":
        shapes["output.embedding"] = (n_items, config.features)
    shapes["output.bias"] = (n_items,)
    return shapes


def _check_tensors(entries: dict[str, TensorEntry], config: ModelConfig, n_items: int, file: str) -> None:
    """Raises InputError unless these are the tensors of this model, in shape and number type."""
    expected = expected_shapes(config, n_items)
    if config.output == "tied" and "output.embedding" in entries:
        raise InputError(
            f"{file}: the config ties the output embedding to the input's, yet the file holds "
            "'output.embedding'; remove it, or declare output 'own'"
        )
    wrong = [
        f"{what} {_listed(names)}"
        for what, names in (
            ("lacks", [key for key in expected if key not in entries]),
            ("has unexpected", [key for key in entries if key not in expected]),
        )
        if names
    ]
    if wrong:
        cell = f"reset {config.reset}" if config.cell == "gru" else f"cell {config.cell}"
        layers = f"{len(config.units)} layer(s), {cell}, {config.input} input"
        raise InputError(f"{file} {' and '.join(wrong)} for a model of {layers}; save the model again")
    for key, shape in expected.items():
        entry = entries[key]
        if entry.dtype not in ("F32", "F64", "F16", "BF16"):
            raise InputError(
                f"{file}: tensor {quote(key)} holds {entry.dtype} numbers, expected F32; "
                "save the model in single precision"
            )
        if entry.shape != shape:
            blocks = len(CELLS[config.cell].blocks)
            gates = f" ({blocks} gates × units)" if key.endswith((".W", ".U", ".b")) else ""
            raise InputError(
                f"{file}: tensor {quote(key)} should have shape {quote(list(shape))}{gates}, "
                f"got {quote(list(entry.shape))}; the config and the tensors belong to different models"
            )
    if len({entry.dtype == "F64" for entry in entries.values()}) > 1:
        raise InputError(f"{file} mixes F64 tensors with others; save the model in one precision")


def _listed(names: list[str], most: int = 6) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(quote, names[:most])) + more


def _value_warnings(arrays: dict[str, np.ndarray], file: str) -> Iterator[str]:
    for key, array in arrays.items():
        lowest, highest = float(array.min()), float(array.max())
        if array.ndim > 1 and array.size > 1 and lowest == highest:
            yield f"{file}: every number in {quote(key)} is {lowest:g}; was this model trained?"
        if max(-lowest, highest) > HUGE:
            yield (
                f"{file}: {quote(key)} holds a weight of {max(-lowest, highest):.3g}; "
                "gates will be stuck and scores extreme"
            )
