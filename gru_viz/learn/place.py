"""May this process train in a folder, from where, and is the folder ready for it?"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from gru_viz.errors import InputError
from gru_viz.learn import earlier, going_on
from gru_viz.learn.earlier import ELSEWHERE, Earlier
from gru_viz.learn.figures_file import RunFile, read_run
from gru_viz.learn.only_one import OnlyOne
from gru_viz.learn.room import clear_half_written, named
from gru_viz.learn.state import TrainerState


class Place:
    """A run's folder, from a look into it until the run ends.

    writes: does this process write there? Then nobody else does, from the look on
    """

    def __init__(self, folder: Path, writes: bool) -> None:
        self.folder, self.writes = folder, writes
        self.alone, self.found = OnlyOne(folder), Earlier()

    def look(self) -> None:
        """Nothing is changed. Raises InputError for a folder of no use, or in use by another process."""
        self.found = earlier.look(self.folder)
        if self.found.there and self.writes:
            self._take()
            self.found = earlier.look(self.folder)

    def refuse_to_begin(self, overwrite: bool) -> None:
        if self.writes:
            earlier.refuse_to_begin(self.folder, self.found, overwrite)

    def gone_on_with(self) -> tuple[RunFile, TrainerState] | None:
        """The run and its state; None where it has still to begin. Raises InputError for a damaged one."""
        earlier.refuse_to_go_on(self.folder, self.found)
        run = read_run(self.folder)
        state = None if run is None else going_on.state_of(self.folder, run, self.found)
        return None if run is None or state is None else (run, state)

    def open(self) -> None:
        """The folder is there and can be written to; of an earlier run nothing goes."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error.strerror) from None
        self._take()
        if earlier.look(self.folder) != replace(self.found, there=True):  # another one was as quick
            raise InputError(f"another process has just trained in {named(self.folder)}; {ELSEWHERE}")
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise self._unusable("it is read-only")
        clear_half_written(self.folder)

    def free(self) -> None:
        """For others."""
        self.alone.free()

    def _take(self) -> None:
        try:
            self.alone.take()
        except OSError as error:
            raise self._unusable(error.strerror) from None

    def _unusable(self, why: str | None) -> InputError:
        return InputError(f"cannot write to {named(self.folder)}: {why}; {ELSEWHERE}")
