"""Which of the shop's cells does the page compare, and what was measured of them?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.cell_studies import FILE, SIZES, CellStudies, model_file, read
from gru_viz.explain.cell_study import CELL_ORDER, fingerprint, kind
from gru_viz.explain.cell_words import cell_name, named
from gru_viz.ui.changed import changed
from gru_viz.ui.sources import SAMPLE, SAMPLE_DATA, Source


@dataclass(frozen=True)
class Choice:
    """Which of the shop's cells: how many hidden units, and is the GRU's reset after the weights?"""

    units: int = SIZES[0]
    after: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """By their names in the studies, the vanilla RNN first."""
        left_out = "gru" if self.after else "gru_after"
        return tuple(cell for cell in CELL_ORDER if cell != left_out)

    @property
    def gru(self) -> str:
        return self.cells[-1]


@dataclass(frozen=True, eq=False)
class Cells:
    """The models that stand side by side, by the kind of their cell, the vanilla RNN first.

    studies: what was measured of the shop's, of every size; None where it is not there
    missing: plain texts, what is not there or does not belong together
    """

    sources: dict[str, Source]
    studies: CellStudies | None = None
    missing: tuple[str, ...] = ()


def cells(gru: Source, choice: Choice | None = None) -> Cells:
    """The GRU of the sample shop with what ships beside it, or the cells of another choice."""
    choice = choice or Choice()
    files = [SAMPLE_DATA / FILE, *(model_file(SAMPLE_DATA, cell, choice.units) for cell in choice.cells)]
    return _cells(gru, gru.digest, choice, tuple(map(changed, files)))


@st.cache_resource(max_entries=8, show_spinner="Loading the cells …")
def _cells(_gru: Source, digest: str, choice: Choice, when: tuple[int, ...]) -> Cells:
    del digest, when  # part of the cache's key only
    found: dict[str, Source] = {}
    missing, units = [], choice.units
    for cell in choice.cells:
        try:
            found[kind(cell)] = _gru if (cell, units) == ("gru", SIZES[0]) else _shipped(cell, units, _gru)
        except InputError as error:
            missing.append(not_loaded(error))
    try:
        studies = read(SAMPLE_DATA / FILE)
    except InputError as error:
        return Cells(found, None, (*missing, str(error)))
    if units not in studies.by_size:
        missing.append(f"Nothing was measured with {units} units; `python -m gru_viz cells --measure`")
        return Cells(found, studies, tuple(missing))
    facts = studies.by_size[units].facts
    loaded = [cell for cell in choice.cells if kind(cell) in found]
    old = [cell for cell in loaded if fingerprint(found[kind(cell)].weights) != facts[cell].digest]
    if old:
        names = " and ".join(map(named, old))
        missing.append(f"The figures are of other weights of {names}; `python -m gru_viz cells --measure`")
    return Cells(found, studies, tuple(missing))


def not_loaded(error: InputError) -> str:
    """What is wrong with a model that ships, with the remedy there is for it.

    After the first "; " an error of loading has a remedy for a person's own file: that is left out.
    """
    return f"{str(error).partition('; ')[0]}; `python -m gru_viz cells` trains it"


def _shipped(cell: str, units: int, gru: Source) -> Source:
    """One of the models in sample_data/cells. Raises InputError."""
    from gru_viz.checkpoint import load_checked

    loaded = load_checked(model_file(SAMPLE_DATA, cell, units))
    if loaded.model.catalog.ids != gru.model.catalog.ids:
        raise InputError(f"{named(cell)} of {units} units knows other items than the shop's own model")
    made = Source(SAMPLE, f"Sample shop, {cell_name(cell)}", loaded.digest, loaded.model)
    return replace(made, warnings=loaded.warnings)
