"""Instrumented recurrent cells, one a file."""

from __future__ import annotations

from gru_viz.cells.cell import Cell
from gru_viz.cells.gru import GRUCell
from gru_viz.cells.lstm import LSTMCell
from gru_viz.cells.rnn import RNNCell

__all__ = ["new_cell"]


def new_cell(kind: str, inputs: int, units: int, reset: str = "before") -> Cell:
    """An untrained layer of this kind; only a GRU looks at `reset`."""
    if kind == "gru":
        return GRUCell(inputs, units, reset)
    return {"lstm": LSTMCell, "rnn": RNNCell}[kind](inputs, units)
