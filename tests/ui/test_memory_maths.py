"""Does each panel explain itself with the equations of the loaded cell?"""

from __future__ import annotations

import pytest

from gru_viz.anatomy import CELLS
from gru_viz.ui.memory.maths import maths
from gru_viz.ui.view import PANELS


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("panel", PANELS)
def test_no_gate_of_another_cell_is_spoken_of(panel: str, cell: str) -> None:
    """Oracle: gates by name and by symbol, which only the cell that has them may speak of."""
    said = maths(panel, cell)
    if panel == "reset" and cell != "gru":
        assert said is None
        return
    assert said is not None
    words = {
        "gru": ("update gate", "reset gate", "1-z", "z_"),
        "lstm": ("forget gate", "input gate", "output gate", "f_", "c_t"),
        "rnn": (),
    }
    for other in set(words) - {cell}:
        assert not [word for word in words[other] if word in said]
    assert said.count("$") % 2 == 0
    if panel == "carried" and cell != "gru":
        assert {"lstm": "c_t = f_t", "rnn": "W x_t + U h_{t-1} + b"}[cell] in said
