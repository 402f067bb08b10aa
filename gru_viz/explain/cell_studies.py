"""What was measured of the shop's cells at several hidden sizes, and which file holds which model?

Written by `python -m gru_viz cells` as one JSON file, so that nobody has to wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gru_viz.explain.cell_study import OTHERS, CellStudy
from gru_viz.explain.study_file import read_study

FOLDER, FILE = "cells", "cells.json"
SIZES = (64, 32, 16)  # hidden units; the first is the size of the shop's own model
SCHEMA = 2
_SHARED = ("chance", "sessions", "machine")


@dataclass(frozen=True, eq=False)
class CellStudies:
    """A study for each hidden size, of the same sessions on the same machine.

    by_size: by the number of hidden units, the shop's own size among them
    """

    by_size: Mapping[int, CellStudy]

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it, what is the same at every size once; `from_dict` takes it back."""
        made = {units: study.to_dict() for units, study in self.by_size.items()}
        first = next(iter(made.values()))
        shared = {name: first[name] for name in _SHARED} | {name: first["detours"][name] for name in OTHERS}
        for study in made.values():
            for name in OTHERS:
                del study["detours"][name]
            for name in _SHARED:
                del study[name]
        return {"schema": SCHEMA, **shared, "sizes": {str(units): study for units, study in made.items()}}

    @staticmethod
    def from_dict(values: Any) -> CellStudies:
        """Raises ValueError, TypeError, KeyError or AttributeError for anything that is none."""
        if values["schema"] != SCHEMA:
            raise ValueError("another schema")
        shared = {name: values[name] for name in _SHARED}
        by_size = {}
        for units, study in values["sizes"].items():
            detours = {**study["detours"], **{name: values[name] for name in OTHERS}}
            by_size[_units(units)] = CellStudy.from_dict({**study, **shared, "detours": detours})
        if SIZES[0] not in by_size:
            raise ValueError("the shop's own size is missing")
        return CellStudies(by_size)


def model_file(folder: Path, cell: str, units: int) -> Path:
    """Where in the shop's folder this model is: the shop's own GRU, or a file named after the two."""
    if (cell, units) == ("gru", SIZES[0]):
        return folder / "model.safetensors"
    return folder / FOLDER / f"{cell}_{units}.safetensors"


def read(path: Path) -> CellStudies:
    """The studies in this file. Raises InputError where there are none."""
    return read_study(path, "a study of the shop's cells", CellStudies.from_dict)


def _units(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 9_999 and text == str(int(text))):
        raise ValueError("not a number of hidden units")
    return int(text)
