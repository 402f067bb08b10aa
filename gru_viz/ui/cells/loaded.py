"""Which three cells does the page compare, and what was measured of them?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.cell_study import CELL_ORDER, FILE, FOLDER, CellStudy, fingerprint, read
from gru_viz.ui.sources import SAMPLE, SAMPLE_DATA, Source

NAMES = {"gru": "the GRU", "lstm": "the LSTM", "rnn": "the vanilla RNN"}
ARTICLE_FREE = {"gru": "GRU", "lstm": "LSTM", "rnn": "vanilla RNN"}


@dataclass(frozen=True, eq=False)
class Cells:
    """The shop's models by cell, the vanilla RNN first, and the shipped study.

    missing: plain texts, what is not there or does not belong together
    """

    sources: dict[str, Source]
    study: CellStudy | None
    missing: tuple[str, ...]


def cells(gru: Source) -> Cells:
    """The GRU of the sample shop with what ships beside it."""
    files = [SAMPLE_DATA / FILE, *(SAMPLE_DATA / FOLDER / f"{cell}.safetensors" for cell in CELL_ORDER)]
    changed = tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files)
    return _cells(gru, gru.digest, changed)


@st.cache_resource(max_entries=2, show_spinner="Loading the cells …")
def _cells(_gru: Source, digest: str, changed: tuple[int, ...]) -> Cells:
    del digest, changed  # part of the cache's key only
    from gru_viz.checkpoint import load_checked

    found, missing = {}, []
    for cell in CELL_ORDER:
        if cell == "gru":
            found[cell] = _gru
            continue
        try:
            loaded = load_checked(SAMPLE_DATA / FOLDER / f"{cell}.safetensors")
        except InputError as error:
            missing.append(f"{error}; `python -m gru_viz cells` trains it")
            continue
        if loaded.model.catalog.ids != _gru.model.catalog.ids:
            missing.append(f"The {cell} knows other items than the GRU; `python -m gru_viz cells` trains it")
            continue
        made = Source(SAMPLE, f"Sample shop, {ARTICLE_FREE[cell]}", loaded.digest, loaded.model)
        found[cell] = replace(made, warnings=loaded.warnings)
    try:
        study = read(SAMPLE_DATA / FILE)
    except InputError as error:
        return Cells(found, None, (*missing, str(error)))
    old = [cell for cell, one in found.items() if fingerprint(one.weights) != study.facts[cell].digest]
    if old:
        named = " and ".join(NAMES[cell] for cell in old)
        missing.append(f"The figures are of other weights of {named}; `python -m gru_viz cells --measure`")
    return Cells(found, study, tuple(missing))
