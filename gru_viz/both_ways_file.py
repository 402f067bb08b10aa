"""How does a model that reads both ways get into a file and safely back?

A .safetensors file as `gru_viz.checkpoint` writes, with `"kind": "both_ways"` in its metadata, which
that one refuses: no page but Cells can show a model that needs the clicks still to come.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as to_safetensors

import gru_viz
from gru_viz.both_ways import BothWays, BothWaysConfig
from gru_viz.checkpoint import BOTH_WAYS, SCHEMA, convention
from gru_viz.errors import InputError, quote
from gru_viz.safetensors_header import Header, TensorEntry, read_header, strict_json
from gru_viz.stored import CATALOG, METADATA, Source, catalog_json, read_bytes, stored_array, stored_catalog
from gru_viz.whole_file import write_whole

REMEDY = "`python -m gru_viz cells` writes one"


def save_both_ways(model: BothWays, path: Path) -> None:
    """Write `model` to `path`, whole or not at all; the same model gives the same bytes.

    Raises InputError if `about` is not JSON, or the file cannot be written.
    """
    tensors = {name: weight.detach().contiguous() for name, weight in model.state_dict().items()}
    tensors[CATALOG] = torch.frombuffer(bytearray(catalog_json(model.catalog)), dtype=torch.uint8)
    facts = {
        "kind": BOTH_WAYS,
        "schema": SCHEMA,
        "written_by": gru_viz.__version__,
        "convention": convention("gru"),
        "config": model.config.to_dict(),
        "items": len(model.catalog),
        "about": model.about,
    }
    try:
        text = json.dumps(facts, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(f"what `about` says of the model cannot be written as JSON: {error}") from None
    write_whole(path, to_safetensors(tensors, {METADATA: text}))


def load_both_ways(source: Source, name: str | None = None) -> BothWays:
    """The model in a file, in eval mode, its weights not trainable.

    Raises InputError for anything but a sound file of such a model.
    """
    data, file = read_bytes(source, name)
    header = read_header(data, file)
    facts = _facts(header, file)
    config = _config(facts["config"], file)
    entries = dict(header.tensors)
    catalog = stored_catalog(data, entries.pop(CATALOG, None), facts["items"], file)
    with torch.device("meta"):  # shapes only: no memory, and no draw from anyone's random numbers
        model = BothWays(catalog, config, facts["about"])
    _check_tensors(entries, model, file)
    arrays = {key: stored_array(data, key, entry, file) for key, entry in entries.items()}
    model.load_state_dict({key: torch.from_numpy(array) for key, array in arrays.items()}, assign=True)
    return model.eval().requires_grad_(False)


def _facts(header: Header, file: str) -> dict[str, Any]:
    try:
        facts = strict_json(header.metadata[METADATA].encode("utf-8", "replace"))
    except (KeyError, ValueError):
        facts = None
    if not isinstance(facts, dict) or facts.get("kind") != BOTH_WAYS:
        raise InputError(f"{file} is no model that reads a session from both ends; {REMEDY}")
    if facts.get("schema") != SCHEMA or facts.get("convention") != convention("gru"):
        raise InputError(f"{file} is written in another schema or convention than {SCHEMA}; {REMEDY}")
    for key, kind in (("config", dict), ("items", int), ("about", dict)):
        if type(facts.get(key)) is not kind:
            raise InputError(f"{file}: {key!r} in the metadata should be a {kind.__name__}; {REMEDY}")
    return facts


def _config(values: dict[str, Any], file: str) -> BothWaysConfig:
    try:
        return BothWaysConfig(**values)
    except (TypeError, InputError) as error:
        raise InputError(f"{file}: model settings that do not fit ({error}); {REMEDY}") from None


def _check_tensors(entries: dict[str, TensorEntry], model: BothWays, file: str) -> None:
    """Raises InputError unless these are this model's tensors, in name, shape and one kind of float."""
    expected = {name: tuple(weight.shape) for name, weight in model.state_dict().items()}
    got = {name: entry.shape for name, entry in entries.items()}
    if got != expected:
        wrong = sorted(n for n in expected.keys() | got.keys() if expected.get(n) != got.get(n))
        raise InputError(f"{file}: tensors that do not make this model: {quote(wrong)}; {REMEDY}")
    if {entry.dtype for entry in entries.values()} not in ({"F32"}, {"F64"}):
        raise InputError(f"{file}: its tensors must all be F32 or all F64; {REMEDY}")
