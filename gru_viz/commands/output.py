"""What goes to stdout, what to stderr, and in which shape?"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TextIO

from gru_viz.errors import InputError


class NoOutputError(InputError):
    """The result cannot be written to stdout."""


def emit(text: str) -> None:
    """A line of the result, on stdout. Raises NoOutputError where it cannot be written there."""
    try:
        _write(_stdout(), text)
    except OSError as error:
        raise _lost(error) from None


def finish() -> None:
    """Let all of the result arrive; what waits in a buffer can still be lost. Raises NoOutputError."""
    if sys.stdout is None:  # nothing was said, or `emit` would have complained
        return
    try:
        sys.stdout.flush()
    except OSError as error:
        raise _lost(error) from None


def say_no_more() -> None:
    """What stdout still holds goes nowhere, so that Python's own end does not fail on it again."""
    _silence(sys.stdout)


def _silence(stream: TextIO | None) -> None:
    if stream is None:
        return
    with suppress(OSError, ValueError):  # it is closed, or no file of the system's
        number = stream.fileno()
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), number)


def emit_json(document: Any) -> None:
    """The one JSON document of --json, on stdout."""
    emit(json.dumps(document, allow_nan=False))


def note(text: str) -> None:
    """A line about the work, on stderr: it never mixes with the result. Lost where there is none."""
    if sys.stderr is None:  # 2>&-
        return
    try:
        _write(sys.stderr, text)
        sys.stderr.flush()
    except BrokenPipeError:
        raise
    except OSError:  # there is no place left to say so
        _silence(sys.stderr)


def _stdout() -> TextIO:
    if sys.stdout is None:  # >&-
        raise NoOutputError("cannot write the result: stdout is closed; leave it open, or give it a file")
    return sys.stdout


def _lost(error: OSError) -> Exception:
    """What to raise: a reader who has seen enough (| head) is no error."""
    if isinstance(error, BrokenPipeError):
        return error
    return NoOutputError(f"cannot write the result to stdout: {error.strerror}; send it to another place")


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text + "\n")
    except UnicodeEncodeError:  # a terminal that does not know a letter of somebody's title
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def printable(text: str) -> str:
    """Text from a log as a terminal may show it: no control characters."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns side by side, the first to the left and the others to the right."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(line(row, widths) for row in cells)


def line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()


def share(value: float) -> str:
    """0.6651 → ".6651", as quality is written everywhere here."""
    return f"{value:.4f}".removeprefix("0")


def seconds(value: float) -> str:
    """A duration a person reads at a glance: "8 s", "2 min 05 s", "1 h 02 min"."""
    whole = max(0, round(value))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
