"""How is a file written whole or not at all?"""

from __future__ import annotations

import json
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from gru_viz.errors import InputError, quote

TEMPORARY = ".*.tmp"  # what a process that was killed while writing leaves behind


def write_whole(path: Path, data: bytes, lasting: bool = True) -> None:
    """Replace `path` by `data` in one move: who reads meanwhile sees the old file or the new one.

    lasting: also after a power cut. Only a file is replaced; a link is, and not what it leads to.
    Raises InputError if it cannot be written.
    """
    refuse_special(path)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        try:
            with temporary.open("xb") as file:
                file.write(data)
                if lasting:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {quote(path.name)}: {error.strerror}; choose another place") from None
    if lasting:
        _settle(path.parent)


def refuse_special(path: Path) -> None:
    """Raises InputError where `path` is there and is no file: a folder, a device, a pipe.

    A device would be replaced by a file of its name: /dev/null is written to by every program.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # not there; if it cannot be looked at, writing says why
        return
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise InputError(f"cannot write {quote(path.name)}: it is {kind}, no file; choose another place")


def _settle(folder: Path) -> None:
    """Let the names in `folder` outlast a power cut, too, where its file system can."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def write_json(path: Path, document: Any, lasting: bool = True) -> None:
    """`write_whole` of a JSON document; no NaN in it, so that anything reads it."""
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    write_whole(path, text.encode("ascii"), lasting)


def clear_temporaries(folder: Path) -> None:
    """Delete what earlier processes began to write in `folder` and did not finish.

    What cannot be deleted (a read-only disk) stays: nobody takes it for a file of its own.
    """
    for left in folder.glob(TEMPORARY):
        with suppress(OSError):
            left.unlink()
