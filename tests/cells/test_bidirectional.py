"""Do two GRUs read a session from both ends as they should, forward and backward?

Oracles: `torch.nn.GRU(bidirectional=True)` for reset after (its z keeps, so our z block is the
negated one), values and gradients; `tests.oracles`, float64 NumPy, fed with each session turned
round, for reset before; counting by hand.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from gru_viz.cells.bidirectional import BidirectionalGRU, turning
from gru_viz.cells.gru import GRUCell
from tests import oracles

EXACT = {"rtol": 0, "atol": 1e-12}
RAGGED = [[5], [4, 4, 4], [5, 3, 3, 1], [1, 1], [6, 1]]  # lengths, longest first


def sizes(lengths: list[int]) -> list[int]:
    return [sum(length > step for length in lengths) for step in range(lengths[0])]


def random_cells(reset: str, inputs: int = 3, units: int = 4) -> BidirectionalGRU:
    cells = BidirectionalGRU(inputs, units, reset).double()
    with torch.no_grad():
        for weight in cells.parameters():
            weight.normal_()
    return cells


def theirs(cell: GRUCell) -> dict[str, Tensor]:
    """The cell's weights as torch names and orders them: blocks r, z, n; z keeps = σ(−a)."""
    named = {}
    for name, ours in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", cell.b)):
        z, r, n = ours.chunk(3)
        named[name] = torch.cat([r, -z, n])
    assert cell.c is not None
    named["bias_hh"] = torch.cat([torch.zeros(2 * cell.units).double(), cell.c])
    return named


def as_torch_gru(cells: BidirectionalGRU) -> nn.GRU:
    gru = nn.GRU(cells.forwards.W.shape[1], cells.units, bidirectional=True).double()
    with torch.no_grad():
        for cell, end in ((cells.forwards, ""), (cells.backwards, "_reverse")):
            for name, weight in theirs(cell).items():
                getattr(gru, f"{name}_l0{end}").copy_(weight)
    return gru


@pytest.mark.parametrize("lengths", RAGGED)
def test_reset_after_equals_torch(lengths: list[int]) -> None:
    """Oracle: torch.nn.GRU(bidirectional=True) over the same packed batch, values and gradients."""
    cells = random_cells("after")
    gru = as_torch_gru(cells)
    x = torch.randn(sum(lengths), 3).double().requires_grad_()
    x2 = x.detach().clone().requires_grad_()
    pull = torch.randn(sum(lengths), 8).double()
    ours = cells.unroll(x, sizes(lengths)).encoding
    expected = gru(PackedSequence(x2, torch.tensor(sizes(lengths))))[0].data
    torch.testing.assert_close(ours, expected, **EXACT)
    (ours * pull).sum().backward()
    (expected * pull).sum().backward()
    torch.testing.assert_close(x.grad, x2.grad, **EXACT)
    for cell, end in ((cells.forwards, ""), (cells.backwards, "_reverse")):
        H = cell.units
        for name, weight in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", cell.b)):
            r, z, n = getattr(gru, f"{name}_l0{end}").grad.chunk(3)
            torch.testing.assert_close(weight.grad, torch.cat([-z, r, n]), rtol=0, atol=1e-10)
        assert cell.c is not None
        torch.testing.assert_close(
            cell.c.grad, getattr(gru, f"bias_hh_l0{end}").grad[2 * H :], rtol=0, atol=1e-10
        )


@pytest.mark.parametrize("reset", ["before", "after"])
@pytest.mark.parametrize("lengths", RAGGED)
def test_equals_transcription(reset: str, lengths: list[int]) -> None:
    """Oracle: float64 NumPy, session by session, the second time last click first."""
    cells, steps = random_cells(reset), sizes(lengths)
    x = torch.randn(sum(lengths), 3).double()
    record = cells.unroll(x, steps)
    for session, length in enumerate(lengths):
        rows = [sum(steps[:step]) + session for step in range(length)]
        for cell, part, order in (
            (cells.forwards, record.forward, slice(None)),
            (cells.backwards, record.backward, slice(None, None, -1)),
        ):
            weights = [None if w is None else w.detach().numpy() for w in (cell.W, cell.U, cell.b, cell.c)]
            expected = oracles.gru(
                x[rows].numpy()[order], oracles.GRUWeights.from_blocks(*weights), np.zeros(4)
            )
            for name, values in part.named().items():
                np.testing.assert_allclose(values[rows].detach().numpy()[order], expected[name], **EXACT)


@pytest.mark.parametrize("lengths", RAGGED)
def test_around_is_one_click_off_on_either_side(lengths: list[int]) -> None:
    """Oracle: the encoding's halves looked up at the neighbours, zeros where there is none."""
    steps = sizes(lengths)
    record = random_cells("before").unroll(torch.randn(sum(lengths), 3).double(), steps)
    for session, length in enumerate(lengths):
        rows = [sum(steps[:step]) + session for step in range(length)]
        for step, row in enumerate(rows):
            before = record.forward.h[rows[step - 1]] if step else torch.zeros(4).double()
            after = record.backward.h[rows[step + 1]] if step + 1 < length else torch.zeros(4).double()
            assert torch.equal(record.around[row], torch.cat([before, after]))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_turning_twice_changes_nothing(lengths: list[int]) -> None:
    """Oracle: each session's rows in reverse, counted by hand."""
    lengths = sorted(lengths, reverse=True)
    steps = sizes(lengths)
    turned = turning(steps)
    assert torch.equal(turned[turned], torch.arange(sum(lengths)))
    for session, length in enumerate(lengths):
        rows = [sum(steps[:step]) + session for step in range(length)]
        assert turned[rows].tolist() == rows[::-1]
