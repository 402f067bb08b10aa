"""What of an earlier run does a folder hold, and may another one begin there?"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from gru_viz.checkpoint import FILE_NAME as MODEL
from gru_viz.errors import InputError, quote
from gru_viz.explain.words import plural
from gru_viz.learn.figures_file import FILE_NAME as RUN
from gru_viz.learn.figures_file import read_run
from gru_viz.learn.room import EPOCHS, checkpoint_of, epochs_in, named
from gru_viz.learn.state import FILE_NAME as STATE

ELSEWHERE = "choose another folder"


@dataclass(frozen=True)
class Earlier:
    """What is in a folder.

    run, state, model: is there a run.json, a state, a kept model?
    epochs:            whose models are there
    """

    there: bool = False
    run: bool = False
    state: bool = False
    model: bool = False
    epochs: tuple[int, ...] = ()

    def names(self) -> list[str]:
        """All but run.json."""
        epochs = [checkpoint_of(epoch) for epoch in self.epochs[-1:]]
        return [*([STATE] * self.state), *epochs, *([MODEL] * self.model)]


def look(folder: Path) -> Earlier:
    """Nothing is changed. Raises InputError for a folder in which no run can be."""
    try:
        if not stat.S_ISDIR(os.stat(folder).st_mode):
            raise InputError(f"cannot write to {named(folder)}: it is no folder; {ELSEWHERE}")
    except FileNotFoundError:
        return Earlier()
    except InputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"cannot use {named(folder)}: {_reason(error)}; {ELSEWHERE}") from None
    try:
        run, state, model = (os.path.lexists(folder / name) for name in (RUN, STATE, MODEL))
        return Earlier(True, run, state, model, epochs_in(folder))
    except NotADirectoryError:
        raise InputError(
            f"{quote(EPOCHS)} in {named(folder)} is no folder; move it away, or {ELSEWHERE}"
        ) from None
    except OSError as error:
        raise InputError(f"cannot look into {named(folder)}: {_reason(error)}; {ELSEWHERE}") from None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or quote(error)


def refuse_to_begin(folder: Path, found: Earlier, overwrite: bool) -> None:
    """Raises InputError where a new run would destroy what is there, unless somebody said so.

    What no run has left is never destroyed, whatever was said.
    """
    if found.epochs and not (found.run or found.state):
        raise InputError(
            f"{named(folder)} holds {checkpoint_of(found.epochs[0])} but no run, so that file is not a "
            f"training's to replace; {ELSEWHERE}"
        )
    if overwrite:
        return
    if found.run or found.state:
        _refuse_run(folder, found)
    if found.model:
        raise InputError(
            f"{named(folder)} holds a {MODEL}, which would be replaced; give another --out, or --overwrite"
        )


def _refuse_run(folder: Path, found: Earlier) -> None:
    """Not where there is nothing to lose: no epoch had ended."""
    try:
        run = read_run(folder)
    except InputError:
        what, remedy = f"a run whose {RUN} cannot be read", ""
    else:
        if run is not None and not (run.epochs or found.names()):
            return
        count = 0 if run is None else len(run.epochs)
        whole = f"a run of {plural(count, 'epoch')}"
        what = f"{found.names()[0]} of a run" if run is None else whole
        remedy = "" if run is None else "go on with --resume, "
    raise InputError(
        f"{named(folder)} holds {what}; {remedy}give another --out, or --overwrite to begin anew"
    )


def refuse_to_go_on(folder: Path, found: Earlier) -> None:
    """Raises InputError where there is something of a run, and nothing that says which."""
    if not found.run and found.names():
        raise InputError(
            f"{named(folder)} holds {found.names()[0]} but no {RUN}, so nobody can go on with it; "
            f"put that back, or {ELSEWHERE}"
        )
