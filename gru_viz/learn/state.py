"""What must be kept of a training, beside the model, to go on as if it had never stopped?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from safetensors.torch import save as to_safetensors
from torch import Tensor

from gru_viz.checkpoint import MAX_FILE_BYTES
from gru_viz.errors import InputError, quote
from gru_viz.learn.config import TrainingConfig
from gru_viz.model import GRU4Rec
from gru_viz.safetensors_header import Header, TensorEntry, read_header, strict_json
from gru_viz.whole_file import write_whole

FILE_NAME = "state.safetensors"
METADATA = "gru_viz_training"
DIGEST = "gru_viz_training_sha256"  # beside it, so that who knows no digest reads the file all the same
SCHEMA = 1
AGAIN = "start the training anew, or use the epochs that are finished"

DTYPES: dict[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "U8": np.dtype("u1")}

FREE = ("patience",)  # says only when to stop, not what is learned


@dataclass(frozen=True, eq=False)
class TrainerState:
    """Where a training stands after an epoch.

    config:   how it is trained
    epoch, updates, events, seconds: what is done so far
    model:    digest of the model's numbers then, and
    log:      fingerprint of the log: a state goes with no other
    tensors:  "optimizer/…": what the optimizer keeps of each parameter; "random/…": where the
              random numbers stand (torch's generators, bytes)
    """

    config: TrainingConfig
    epoch: int
    updates: int
    events: int
    seconds: float
    model: str
    log: str
    tensors: Mapping[str, Tensor]

    def save(self, path: str | Path) -> None:
        """Write it, whole or not at all. Raises InputError if that is not possible."""
        facts = {name: value for name, value in vars(self).items() if name != "tensors"}
        facts |= {"schema": SCHEMA, "config": self.config.to_dict()}
        tensors = {name: tensor.cpu().contiguous() for name, tensor in self.tensors.items()}
        text = json.dumps(facts, sort_keys=True, allow_nan=False)
        metadata = {METADATA: text, DIGEST: _sha256(text, tensors)}
        write_whole(Path(path), to_safetensors(tensors, metadata))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The state that `save` wrote. Raises InputError for anything else.

        One of before there was a digest is believed without; what it holds is checked either way.
        """
        file = quote(Path(path).name)
        data = _content(Path(path), file)
        header = _header(data, file)
        text = header.metadata.get(METADATA)
        if text is None:
            raise InputError(f"{file} holds no training to go on with; give the {FILE_NAME} of a run")
        try:
            facts = _facts(strict_json(text.encode("utf-8", "replace")))
        except InputError as error:
            raise InputError(f"{file}: {error}; {AGAIN}") from None
        except (KeyError, TypeError, ValueError):
            raise InputError(f"{file} does not say where the training stood; {AGAIN}") from None
        tensors = {name: _tensor(data, name, entry, file) for name, entry in header.tensors.items()}
        beside = {name: told for name, told in header.metadata.items() if name != METADATA}
        if beside and beside != {DIGEST: _sha256(text, tensors)}:
            raise InputError(f"{file} is damaged: it is not as it was written; {AGAIN}")
        return cls(**facts, tensors=tensors)

    def check(self, config: TrainingConfig, model: GRU4Rec, log_fingerprint: str) -> None:
        """Raises InputError unless this is a state of that training, and of the model as it was then.

        `epochs` may differ where the learning rate is constant, and `patience` always.
        """
        free = (*FREE, "epochs") if config.schedule == "constant" else FREE
        ours, asked = asdict(self.config), asdict(config)
        changed = [name for name in ours if ours[name] != asked[name] and name not in free]
        if changed:
            raise InputError(
                f"this training began with another {', '.join(changed)}; go on with the same settings, "
                "or start anew"
            )
        if self.log != log_fingerprint:
            raise InputError(f"this training began on another log; give the same log, or {AGAIN}")
        if self.model != digest(model):
            raise InputError(
                f"this is not the model as it was after epoch {self.epoch} of this training; load that one, "
                "or start anew"
            )


def digest(model: GRU4Rec) -> str:
    """sha256 over the model's numbers in their order, hex."""
    found = hashlib.sha256()
    for name, weight in model.state_dict().items():
        found.update(name.encode())
        found.update(weight.detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()


def _sha256(facts: str, tensors: Mapping[str, Tensor]) -> str:
    """Over all that a state's file holds, hex."""
    found = hashlib.sha256(facts.encode())
    for name, tensor in sorted(tensors.items()):
        found.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        found.update(tensor.numpy().tobytes())
    return found.hexdigest()


def _header(data: bytes, file: str) -> Header:
    """As `read_header`, with a remedy for a file that nobody can copy or download again."""
    try:
        return read_header(data, file)
    except InputError as error:
        what, _, _ = str(error).partition("; ")
        raise InputError(f"{what}; {AGAIN}") from None


def _content(path: Path, file: str) -> bytes:
    try:
        if not path.is_file() or path.is_symlink():
            raise InputError(f"there is no file {file}; {AGAIN}")
        # an optimizer keeps at most two numbers for each of the model's
        if path.stat().st_size > 3 * MAX_FILE_BYTES:
            raise InputError(f"{file} is too large to be the state of a training; {AGAIN}")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot read {file}: {quote(error)}; {AGAIN}") from None


def _facts(document: Any) -> dict[str, Any]:
    """The fields but for the tensors, each of its type."""
    kinds = {"epoch": int, "updates": int, "events": int, "seconds": float, "model": str, "log": str}
    if document["schema"] != SCHEMA or set(document) != {*kinds, "schema", "config"}:
        raise ValueError
    for name, kind in kinds.items():
        if type(document[name]) is not kind or (kind is not str and document[name] < 0):
            raise ValueError
    config = document["config"]
    if not isinstance(config, dict) or set(config) != {field.name for field in fields(TrainingConfig)}:
        raise ValueError
    return {**{name: document[name] for name in kinds}, "config": TrainingConfig.from_dict(config)}


def _tensor(data: bytes, name: str, entry: TensorEntry, file: str) -> Tensor:
    if entry.dtype not in DTYPES:
        raise InputError(
            f"{file}: {quote(name)} holds {entry.dtype} numbers, which no training keeps; {AGAIN}"
        )
    array = np.frombuffer(data[entry.begin : entry.end], DTYPES[entry.dtype]).reshape(entry.shape)
    if not np.isfinite(array).all():
        raise InputError(f"{file}: {quote(name)} holds values that are no numbers; {AGAIN}")
    return torch.from_numpy(array.copy())
