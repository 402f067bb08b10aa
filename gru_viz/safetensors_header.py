"""What does a .safetensors file say it holds, before any of it is believed?

A file is 8 bytes (the header's length N, little endian), N bytes of JSON, then the
tensors' bytes side by side (https://huggingface.co/docs/safetensors). Nothing here
allocates more than the header, whatever sizes the file claims.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any

from gru_viz.errors import InputError, quote

# 800,000 empty tensors in a 53 MB header took 38 s and 1 GB; an honest model needs a few kB.
MAX_HEADER_BYTES = 64 * 1024
LENGTH_BYTES = 8
REWRITE = "write it again with the program it came from"
CONVERT = "python -m gru_viz convert FILE --out model.safetensors"

BYTES_OF = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0"), 1),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 2),
    **dict.fromkeys(("U32", "I32", "F32"), 4),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 8),
}

# What else arrives under this name: its first bytes, and what to call it.
STRANGERS = (
    (b"PK", "a zip archive, as .pt and .npz files are"),
    (b"\x80", "a Python pickle, as .pt and .pkl files are"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file, as Keras writes"),
    (b"\x1f\x8b", "a gzip file"),
    (b"version https://git-lfs", "a Git LFS pointer; fetch the file itself with `git lfs pull`"),
    (b"<", "a web page"),
)
TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257


@dataclass(frozen=True)
class TensorEntry:
    """One tensor as the header announces it; its bytes are file[begin:end]."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Header:
    """The free text and the tensors that a file announces, checked against its length."""

    metadata: dict[str, str]
    tensors: dict[str, TensorEntry]


def read_header(data: bytes, file: str) -> Header:
    """The header of the file whose content is `data`; `file` is its name as messages show it.

    Raises InputError unless the tensors fill the rest of the file exactly, each once.
    """
    start = LENGTH_BYTES + _header_length(data, file)
    try:
        fields = strict_json(data[LENGTH_BYTES:start])
    except ValueError as error:
        raise InputError(f"{file}: the header is not valid JSON ({error}); {REWRITE}") from None
    if not isinstance(fields, dict):
        raise InputError(f"{file}: the header is not a JSON object; {REWRITE}")
    metadata = fields.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise InputError(f"{file}: __metadata__ in the header is not a table of texts; {REWRITE}")
    tensors = {name: _entry(name, values, start, file) for name, values in fields.items()}
    _check_layout(tensors, start, len(data), file)
    return Header(metadata, tensors)


def strict_json(text: bytes) -> Any:
    """`text` as JSON. Raises ValueError also for a key given twice, NaN, and nesting without end."""
    try:
        return json.loads(text.decode("utf-8"), object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}") from None


def _no_key_twice(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise ValueError(f"key {quote(key)} stands there twice")
        values[key] = value
    return values


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number")


def _header_length(data: bytes, file: str) -> int:
    if not data:
        raise InputError(f"{file} is empty; choose the .safetensors file of a trained model")
    length = int.from_bytes(data[:LENGTH_BYTES], "little")
    if length > MAX_HEADER_BYTES or data[LENGTH_BYTES : LENGTH_BYTES + 1] not in (b"{", b""):
        kind = _stranger(data)
        if kind:
            raise InputError(
                f"{file} is {kind}, not a .safetensors file; this app never opens pickles or archives, "
                f"convert the model offline with `{CONVERT}`"
            )
        if length > MAX_HEADER_BYTES and data[LENGTH_BYTES : LENGTH_BYTES + 1] != b"{":
            raise InputError(f"{file} is not a .safetensors file; choose the one of a trained model")
    if len(data) < LENGTH_BYTES:
        many = "1 byte" if len(data) == 1 else f"{len(data)} bytes"
        raise InputError(f"{file} is cut off after {many}; copy or download it again")
    if length > MAX_HEADER_BYTES:
        raise InputError(
            f"{file}: the header claims {length:,} bytes, at most {MAX_HEADER_BYTES:,} are read; "
            "choose a .safetensors file written by this app"
        )
    if LENGTH_BYTES + length > len(data):
        raise InputError(
            f"{file} is cut off: its header needs {LENGTH_BYTES + length:,} bytes, the file has "
            f"{len(data):,}; copy or download it again"
        )
    return length


def _stranger(data: bytes) -> str | None:
    if data[TAR_MAGIC_AT : TAR_MAGIC_AT + len(TAR_MAGIC)] == TAR_MAGIC:
        return "a tar archive"
    return next((kind for magic, kind in STRANGERS if data.startswith(magic)), None)


def _entry(name: str, values: Any, start: int, file: str) -> TensorEntry:
    """The announced tensor, its own fields checked."""
    what = f"{file}: tensor {quote(name)}"
    if not isinstance(values, dict) or set(values) != {"dtype", "shape", "data_offsets"}:
        raise InputError(f"{what} needs exactly dtype, shape and data_offsets in the header; {REWRITE}")
    dtype, shape, offsets = values["dtype"], values["shape"], values["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BYTES_OF:
        raise InputError(f"{what} has the unknown number type {quote(dtype)}; {REWRITE} as F32")
    if not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise InputError(f"{what} has a shape or offsets that are not whole numbers; {REWRITE}")
    if 0 in shape:
        raise InputError(f"{what} has the shape {quote(shape)}, which holds no number; {REWRITE}")
    begin, end = offsets
    needed = prod(shape) * BYTES_OF[dtype]
    if end - begin != needed:
        raise InputError(
            f"{what} of {dtype} and shape {quote(shape)} needs {quote(needed)} bytes, "
            f"its offsets span {quote(end - begin)}; {REWRITE}"
        )
    return TensorEntry(dtype, tuple(shape), start + begin, start + end)


def _are_sizes(values: Any) -> bool:
    # type() and not isinstance: JSON's true is not a size
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)


def _check_layout(tensors: dict[str, TensorEntry], start: int, size: int, file: str) -> None:
    """Raises InputError unless the tensors lie side by side from `start` to the end of the file."""
    placed = sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end))
    ends = [("the header", TensorEntry("", (), start, start)), *placed]
    for (before, left), (after, right) in pairwise(ends):
        if right.begin != left.end:
            how = "overlaps" if right.begin < left.end else "leaves a hole after"
            raise InputError(f"{file}: tensor {quote(after)} {how} {quote(before)}; {REWRITE}")
    last = ends[-1][1].end
    if last > size:
        raise InputError(
            f"{file} is cut off: its tensors need {quote(last)} bytes, the file has {size:,}; "
            "copy or download it again"
        )
    if last < size:
        raise InputError(f"{file} has {size - last:,} bytes after its last tensor; {REWRITE}")
