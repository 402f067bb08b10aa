"""How are the cells of the shop's studies called?"""

from __future__ import annotations

from gru_viz.anatomy import CELLS
from gru_viz.explain.cell_study import OTHERS, SASREC, kind


def cell_name(cell: str) -> str:
    """As a label: "LSTM", "GRU, reset after"; the plain GRU has it before."""
    return CELLS[kind(cell)].name + (", reset after" if kind(cell) != cell else "")


def named(cell: str) -> str:
    """Within a sentence: "the LSTM", "the GRU with reset after", "SASRec", "a Markov chain"."""
    if cell in OTHERS:
        return "SASRec" if cell == SASREC else "a Markov chain"
    return f"the {CELLS[kind(cell)].name}" + (" with reset after" if kind(cell) != cell else "")
