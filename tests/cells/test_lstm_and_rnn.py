"""Are the LSTM and the vanilla RNN the functions that their equations say, forward and backward?

Oracles: `torch.nn.LSTM` (its blocks i, f, g, o; two biases) and `torch.nn.RNN`; `tests.oracles`,
float64 NumPy; numbers worked out by hand; autograd.
"""

from __future__ import annotations

from math import log, tanh

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gru_viz.cells import new_cell
from gru_viz.cells.cell import Cell
from gru_viz.cells.lstm import FORGET_BIAS
from tests import oracles

EXACT = {"rtol": 0, "atol": 1e-12}
KINDS = ("lstm", "rnn")
BATCH_SIZES = [3, 2, 2, 1]  # sessions of 4, 3 and 1 clicks, packed


def random_cell(kind: str, inputs: int = 3, units: int = 4) -> Cell:
    cell = new_cell(kind, inputs, units).double()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.normal_()
    return cell


def theirs(block: Tensor, kind: str) -> Tensor:
    """Our blocks f, i, o, candidate in torch's order i, f, g, o."""
    if kind == "rnn":
        return block
    f, i, o, candidate = block.chunk(4)
    return torch.cat([i, f, candidate, o])


def as_torch(cells: list[Cell]) -> nn.Module:
    """The `nn.LSTM` or `nn.RNN` that must compute the same h as these stacked cells."""
    kind, inputs, units = cells[0].kind, cells[0].W.shape[1], cells[0].units
    module = {"lstm": nn.LSTM, "rnn": nn.RNN}[kind](inputs, units, len(cells), batch_first=True).double()
    with torch.no_grad():
        for number, cell in enumerate(cells):
            for name, ours in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", cell.b)):
                getattr(module, f"{name}_l{number}").copy_(theirs(ours, kind))
            getattr(module, f"bias_hh_l{number}").zero_()
    return module


def start(cell: Cell, batch: int) -> tuple[Tensor, object]:
    """A state that is not zero, as ours and as torch takes it."""
    carried = torch.randn(batch, cell.carries).double()
    h, *c = (part[None].contiguous() for part in carried.split(cell.units, dim=1))
    return carried, (h, *c) if c else h


# --- forward


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", [1, 5])
def test_equals_torch(kind: str, batch: int) -> None:
    """Oracle: torch.nn with the same weights, from a state that is not zero."""
    cell, x = random_cell(kind), torch.randn(batch, 9, 3).double()
    carried, h0 = start(cell, batch)
    expected, last = as_torch([cell])(x, h0)
    record = cell(x, h0=carried)
    torch.testing.assert_close(record.h, expected, **EXACT)
    if kind == "lstm":
        torch.testing.assert_close(record.c[:, -1], last[1][0], **EXACT)


@pytest.mark.parametrize("kind", KINDS)
def test_both_torch_biases(kind: str) -> None:
    """Oracle: torch.nn as trained, with two biases; ours is their sum."""
    blocks = {"lstm": 4, "rnn": 1}[kind]
    module = {"lstm": nn.LSTM, "rnn": nn.RNN}[kind](3, 4, batch_first=True).double()
    cell = new_cell(kind, 3, 4).double()

    def ours(block: Tensor) -> Tensor:
        if blocks == 1:
            return block
        i, f, g, o = block.chunk(4)
        return torch.cat([f, i, o, g])

    with torch.no_grad():
        cell.W.copy_(ours(module.weight_ih_l0))
        cell.U.copy_(ours(module.weight_hh_l0))
        cell.b.copy_(ours(module.bias_ih_l0 + module.bias_hh_l0))
    x = torch.randn(2, 6, 3).double()
    torch.testing.assert_close(cell(x).h, module(x)[0], **EXACT)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [[5, 3, 1], [1, 5, 3], [2, 2, 2], [1, 1, 5]])
def test_stacked_and_padded_equals_torch(kind: str, lengths: list[int]) -> None:
    """Oracle: two layers of torch.nn over a packed sequence, and its own backward pass."""
    cells = [random_cell(kind), random_cell(kind, inputs=4)]
    module, sizes = as_torch(cells), torch.tensor(lengths)
    x = torch.randn(3, 5, 3).double().requires_grad_()
    weights = torch.randn(3, 5, 4).double()

    ours = cells[1](cells[0](x, sizes).h, sizes).h
    (ours * weights).sum().backward()
    dx, x.grad = x.grad, None
    packed = pack_padded_sequence(x, sizes, batch_first=True, enforce_sorted=False)
    expected = pad_packed_sequence(module(packed)[0], True, total_length=5)[0]
    (expected * weights).sum().backward()

    torch.testing.assert_close(ours, expected, **EXACT)
    torch.testing.assert_close(dx, x.grad, **EXACT)
    for number, cell in enumerate(cells):
        for name, mine in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", cell.b)):
            torch.testing.assert_close(
                theirs(mine.grad, kind), getattr(module, f"{name}_l{number}").grad, **EXACT
            )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [[6], [2, 6, 1], [1]])
def test_equals_transcription(kind: str, lengths: list[int]) -> None:
    """Oracle: the float64 transcription, session by session; gates, candidate and memory too."""
    cell = random_cell(kind)
    x = torch.randn(len(lengths), 6, 3).double()
    carried = torch.randn(len(lengths), cell.carries).double()
    record = cell(x, torch.tensor(lengths), carried)
    weights = oracles.blocks(*(w.detach().numpy() for w in (cell.W, cell.U, cell.b)))
    for place, length in enumerate(lengths):
        starts = np.split(carried[place].numpy(), len(cell.anatomy.carries))
        expected = getattr(oracles, kind)(x[place, :length].numpy(), weights, *starts)
        for name, values in record.named().items():
            ours = values[place].detach().numpy()
            np.testing.assert_allclose(ours[:length], expected[name], **EXACT, err_msg=name)
            assert not ours[length:].any()


@pytest.mark.parametrize("kind", KINDS)
def test_click_equals_unroll(kind: str) -> None:
    """Oracle: `click`, which is the equations and nothing else, called click by click."""
    cell, x = random_cell(kind), torch.randn(3, 6, 3).double()
    unrolled, carried = cell(x), torch.zeros(3, cell.carries).double()
    for t in range(6):
        record = cell.click(cell.project(x[:, t]), carried)
        carried = record.carried
        for name, values in record.named().items():
            torch.testing.assert_close(unrolled.named()[name][:, t], values, **EXACT)


def test_an_lstm_by_hand() -> None:
    """Oracle: one unit, gates from their biases only: f = σ(ln 3) = ¾, i = ½, o = σ(−ln 3) = ¼;

    c̃ = tanh(0.5 + 2 · 0.25) = tanh 1; c = ¾ · 0.4 + ½ · tanh 1; h = ¼ tanh c.
    """
    cell = new_cell("lstm", 1, 1).double()
    with torch.no_grad():
        cell.W.copy_(torch.tensor([[0.0], [0.0], [0.0], [1.0]]))
        cell.U.copy_(torch.tensor([[0.0], [0.0], [0.0], [2.0]]))
        cell.b.copy_(torch.tensor([log(3), 0.0, -log(3), 0.0], dtype=torch.float64))
    record = cell(torch.tensor([[[0.5]]]).double(), h0=torch.tensor([[0.25, 0.4]], dtype=torch.float64))
    c = 0.3 + tanh(1) / 2
    expected = [0.75, 0.5, 0.25, tanh(1), tanh(c) / 4, c]
    np.testing.assert_allclose([v.item() for v in record.named().values()], expected, rtol=0, atol=1e-15)


def test_a_new_lstm_keeps() -> None:
    """Oracle: Gers et al. 2000, the forget gate's bias alone is not zero."""
    cell = new_cell("lstm", 3, 2)
    assert cell.b.tolist() == [FORGET_BIAS] * 2 + [0.0] * 6


@given(
    st.sampled_from(KINDS), st.integers(0, 2**16), st.floats(0.01, 30), st.integers(1, 6), st.integers(1, 12)
)
def test_ranges(kind: str, seed: int, scale: float, units: int, clicks: int) -> None:
    """Oracle: gates are probabilities, |h| <= 1, and |c| grows by at most 1 a click."""
    generator = torch.Generator().manual_seed(seed)
    cell = new_cell(kind, 2, units).double()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.normal_(0, scale, generator=generator)
    record = cell(torch.randn(2, clicks, 2, generator=generator).double())
    assert all(((gate >= 0) & (gate <= 1)).all() for gate in record.gates.values())
    assert (record.h.abs() <= 1).all()
    if record.c is not None:
        assert (record.c.abs() <= torch.arange(1, clicks + 1)[:, None] + 1e-12).all()


# --- gradients


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_equal_autograd_through_click(kind: str) -> None:
    """Oracle: autograd through the equations, with a different weight on every state."""
    cell = random_cell(kind)
    projected = torch.randn(sum(BATCH_SIZES), len(cell.b)).double().requires_grad_()
    h0 = torch.randn(3, cell.carries).double().requires_grad_()
    weights = torch.randn(sum(BATCH_SIZES), 4).double()
    ours = torch.autograd.grad(
        (cell.unroll(projected, BATCH_SIZES, h0).h * weights).sum(), [projected, h0, cell.U]
    )
    carried, rows, begin = h0, [], 0
    for n in BATCH_SIZES:
        record = cell.click(projected[begin : begin + n], carried[:n])
        carried = record.carried
        rows.append(record.h)
        begin += n
    expected = torch.autograd.grad((torch.cat(rows) * weights).sum(), [projected, h0, cell.U])
    for mine, autograd in zip(ours, expected, strict=True):
        torch.testing.assert_close(mine, autograd, **EXACT)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_equal_finite_differences(kind: str) -> None:
    """Oracle: torch.autograd.gradcheck, numeric differences in float64."""
    cell = random_cell(kind, units=2)
    projected = torch.randn(sum(BATCH_SIZES), len(cell.b)).double().requires_grad_()
    h0 = torch.randn(3, cell.carries).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda *a: cell.unroll(a[0], BATCH_SIZES, a[1]).h, (projected, h0))


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_state_carries_gradients(kind: str) -> None:
    """Oracle: what `unroll` promises; gates are by-products for the eye."""
    cell = random_cell(kind)
    named = cell(torch.randn(1, 3, 3).double()).named()
    assert [name for name, values in named.items() if values.requires_grad] == ["h"]
