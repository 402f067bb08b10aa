"""Which files of a folder are a run's, and which of an earlier run go before another one writes there?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gru_viz.checkpoint import FILE_NAME as MODEL
from gru_viz.errors import SHOWN_CHARACTERS, InputError, quote
from gru_viz.learn import beside, clicks, figures_file, state
from gru_viz.whole_file import TEMPORARY

EPOCHS = "epochs"
EPOCH_FILE = re.compile(r"([0-9]{4,})\.safetensors")
OWN = (figures_file.FILE_NAME, state.FILE_NAME, beside.FILE_NAME, clicks.FILE_NAME, MODEL)


def named(folder: Path) -> str:
    """What to call a run's folder in a message: as it was given, or what is short of it."""
    whole = str(folder)
    return quote(whole if len(whole) <= SHOWN_CHARACTERS else folder.name)


def checkpoint_of(epoch: int) -> str:
    """Where in a run's folder the model of this epoch is."""
    return f"{EPOCHS}/{epoch:04}.safetensors"


def epochs_in(folder: Path) -> tuple[int, ...]:
    """The epochs whose models are there. Raises OSError, also where `epochs` is no folder."""
    try:
        names = os.listdir(folder / EPOCHS)
    except FileNotFoundError:
        return ()
    return tuple(sorted(int(found[1]) for found in map(EPOCH_FILE.fullmatch, names) if found))


def clear_half_written(folder: Path) -> None:
    """What was killed while it was written; no other's, in a folder that may be anybody's."""
    for half in _half_written(folder):
        with suppress(OSError):  # a read-only disk; nobody takes it for a file of its own
            half.unlink()


def _half_written(folder: Path) -> Iterator[Path]:
    for name in OWN:
        yield from folder.glob(TEMPORARY.replace("*", f"{name}.*", 1))
    for half in (folder / EPOCHS).glob(TEMPORARY):
        if EPOCH_FILE.match(half.name, 1):
            yield half


def make_room(folder: Path) -> None:
    """For a new run; nothing of an earlier one may be taken for its own. Its kept model stays so far.

    And its run.json, which the new one's replaces in one move: killed before that, the folder still
    says that it is a run's. Raises InputError where something cannot be deleted.
    """
    try:
        for epoch in epochs_in(folder):
            (folder / checkpoint_of(epoch)).unlink(missing_ok=True)
        for name in (beside.FILE_NAME, state.FILE_NAME):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"cannot write to {named(folder)}: {error.strerror}; choose another folder"
        ) from None
