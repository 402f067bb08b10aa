"""Where do the bytes come from, and are there too many of them?"""

from __future__ import annotations

import gzip
import io
import mmap
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from gru_viz.data.reading.findings import Findings
from gru_viz.data.reading.progress import UNPACKING, Progress, ReadSoFar, silent

Source = str | os.PathLike[str] | bytes | BinaryIO
Buffer = bytes | mmap.mmap

# 20 M clicks of 30 bytes are 0.6 GB; what is over 2 GiB cannot be sorted within 4 GB of memory.
MAX_BYTES = 2 << 30
# Text logs shrink 3 to 30 times; 350 kB that became 240 MB (700 times) was an attack.
MAX_GZ_RATIO = 100
# Below this an expanded file does no harm, whatever its ratio (a log of one item shrinks a lot).
FREE_GZ_BYTES = 64 << 20
# Mapping costs more than copying for small files.
MAP_FROM_BYTES = 1 << 20
# A file that starts with so many blanks and byte order marks is taken for empty.
BLANK_BYTES = 4096
# Pieces in which gzip is expanded, so that a bomb is stopped early.
PIECE = 4 << 20

GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Blob:
    """The bytes of one file, expanded if it was a gzip; never empty."""

    data: Buffer
    gzipped: bool


def source_name(source: Source, name: str | None) -> str:
    """What to call the source in messages. An upload's name is shown, never opened."""
    if name is not None:
        return name
    if isinstance(source, str | os.PathLike):
        return Path(source).name or os.fspath(source)
    own = getattr(source, "name", None)
    return own if isinstance(own, str) else "the uploaded file"


def open_source(source: Source, findings: Findings, progress: Progress = silent) -> Blob:
    """All bytes of a path, an upload's bytes or a binary file. Raises InputError."""
    data = _bytes_of(source, findings)
    if data[:2] == GZIP:
        expanded = _expand(data, findings, progress)
        if expanded[:2] == GZIP:
            raise findings.error("a gzip file inside a gzip file", "unpack it once and read the result")
        return Blob(_not_empty(expanded, findings), gzipped=True)
    return Blob(_not_empty(data, findings), gzipped=False)


def _bytes_of(source: Source, findings: Findings) -> Buffer:
    if isinstance(source, bytes | bytearray | memoryview):
        return _within_cap(bytes(source), findings)
    if isinstance(source, str | os.PathLike):
        return _guarded(lambda: _read_path(Path(source), findings), findings)
    if hasattr(source, "read"):
        return _guarded(lambda: _read_file(source, findings), findings)
    raise findings.error(
        f"cannot read from a {type(source).__name__}", "give a path, bytes or a file opened in binary mode"
    )


def _guarded(read: Callable[[], Buffer], findings: Findings) -> Buffer:
    """`read()`, with what the operating system refuses told as one clear line."""
    try:
        return read()
    except FileNotFoundError:
        raise findings.error("there is no such file", "check the path") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise findings.error(f"cannot be read ({reason})", "check the path and its permissions") from None
    except ValueError as error:
        if type(error) is not ValueError:  # an InputError passes as it is
            raise
        raise findings.error("cannot be opened", "check the path") from None


def _read_path(path: Path, findings: Findings) -> Buffer:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > MAX_BYTES:
            raise _too_big(findings)
        if size >= MAP_FROM_BYTES:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _within_cap(file.read(MAX_BYTES + 1), findings)  # a pipe says size 0


def _read_file(file: BinaryIO, findings: Findings) -> Buffer:
    if hasattr(file, "seekable") and file.seekable():
        file.seek(0)  # a page that reruns hands us the same, already read upload
    data = file.read(MAX_BYTES + 1)
    if isinstance(data, str):
        raise findings.error("the file was opened as text", "open it in binary mode ('rb')")
    return _within_cap(bytes(data), findings)


def _within_cap(data: bytes, findings: Findings) -> bytes:
    if len(data) > MAX_BYTES:
        raise _too_big(findings)
    return data


def _too_big(findings: Findings) -> Exception:
    return findings.error(f"larger than {MAX_BYTES >> 20:,} MiB", "split the log by time and read one part")


def _not_empty(data: Buffer, findings: Findings) -> Buffer:
    if not data[:BLANK_BYTES].strip(b" \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise findings.error("the file is empty", "give a file with a header and at least two clicks")
    return data


def _expand(data: Buffer, findings: Findings, progress: Progress) -> bytes:
    """The content of a gzip file (of several members, too), within the caps."""
    cap = min(MAX_BYTES, max(FREE_GZ_BYTES, MAX_GZ_RATIO * len(data)))
    packed, expanded = pa.BufferReader(pa.py_buffer(data)), io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=packed) as file:
            while piece := file.read(PIECE):
                expanded.write(piece)
                progress(ReadSoFar(UNPACKING, packed.tell(), len(data), 0))
                if expanded.tell() > cap:
                    raise findings.error(
                        f"{len(data):,} bytes of gzip expand to more than {cap:,}",
                        "unpack it yourself if you trust it",
                    )
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise findings.error(
            "the gzip file is damaged or cut short", "compress or download it again"
        ) from None
    return expanded.getvalue()  # its own buffer, not a copy
