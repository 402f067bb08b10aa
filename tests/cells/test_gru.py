"""Is the cell the function that its equations say, forward and backward?

Oracles: `torch.nn.GRU` for reset after (its z keeps, so our z block is the negated one);
`tests.oracles`, float64 NumPy, for reset before; numbers worked out by hand; autograd.
"""

from __future__ import annotations

from math import log

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from gru_viz.cells.gru import GRUCell, _Unroll
from tests import oracles

EXACT = {"rtol": 0, "atol": 1e-12}
RESETS = ("before", "after")
BATCH_SIZES = [3, 2, 2, 1]  # sessions of 4, 3 and 1 clicks, packed


def random_cell(reset: str, inputs: int = 3, units: int = 4) -> GRUCell:
    cell = GRUCell(inputs, units, reset).double()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.normal_()
    return cell


def as_torch_gru(cells: list[GRUCell]) -> nn.GRU:
    """The `nn.GRU` that must compute the same h as these stacked reset-after cells."""
    inputs, units = cells[0].W.shape[1], cells[0].units
    gru = nn.GRU(inputs, units, num_layers=len(cells), batch_first=True).double()
    with torch.no_grad():
        for number, cell in enumerate(cells):
            # theirs: blocks r, z, n; z keeps = 1 - z writes = σ(-a)
            for name, ours in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", cell.b)):
                z, r, n = ours.chunk(3)
                getattr(gru, f"{name}_l{number}").copy_(torch.cat([r, -z, n]))
            hidden_bias = torch.zeros(3 * units).double()
            hidden_bias[2 * units :] = cell.c
            getattr(gru, f"bias_hh_l{number}").copy_(hidden_bias)
    return gru


def arrays(cell: GRUCell) -> oracles.GRUWeights:
    weights = [None if w is None else w.detach().numpy() for w in (cell.W, cell.U, cell.b, cell.c)]
    return oracles.GRUWeights.from_blocks(*weights)


# --- reset after is torch.nn.GRU


@pytest.mark.parametrize("batch", [1, 5])
def test_reset_after_equals_torch(batch: int) -> None:
    """Oracle: torch.nn.GRU with the same weights, also from a state that is not zero."""
    cell, x, h0 = random_cell("after"), torch.randn(batch, 9, 3).double(), torch.randn(batch, 4).double()
    theirs, _ = as_torch_gru([cell])(x, h0[None])
    torch.testing.assert_close(cell(x, h0=h0).h, theirs, **EXACT)


def test_reset_after_with_both_torch_biases() -> None:
    """Oracle: torch.nn.GRU as trained, with two biases; ours is their sum except for the candidate's."""
    gru, H = nn.GRU(3, 4, batch_first=True).double(), 4
    cell = GRUCell(3, H, "after").double()
    with torch.no_grad():
        for name, ours in (("weight_ih_l0", cell.W), ("weight_hh_l0", cell.U)):
            r, z, n = getattr(gru, name).chunk(3)
            ours.copy_(torch.cat([-z, r, n]))
        (ri, zi, ni), (rh, zh, nh) = gru.bias_ih_l0.chunk(3), gru.bias_hh_l0.chunk(3)
        cell.b.copy_(torch.cat([-(zi + zh), ri + rh, ni]))
        cell.c.copy_(nh)
    x = torch.randn(2, 6, 3).double()
    torch.testing.assert_close(cell(x).h, gru(x)[0], **EXACT)


def test_stacked_reset_after_equals_torch() -> None:
    """Oracle: a torch.nn.GRU of three layers, each fed the states of the one below."""
    cells = [random_cell("after"), random_cell("after", inputs=4), random_cell("after", inputs=4)]
    x = torch.randn(2, 7, 3).double()
    h = x
    for cell in cells:
        h = cell(h).h
    torch.testing.assert_close(h, as_torch_gru(cells)(x)[0], **EXACT)


@pytest.mark.parametrize("lengths", [[5, 3, 1], [1, 5, 3], [2, 2, 2], [1, 1, 5]])
def test_padded_reset_after_equals_torch(lengths: list[int]) -> None:
    """Oracle: torch.nn.GRU over a packed sequence; rows beyond a session's end are zero in both."""
    cell, x = random_cell("after"), torch.randn(3, 5, 3).double()
    h0 = torch.randn(3, 4).double()
    packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    theirs = pad_packed_sequence(as_torch_gru([cell])(packed, h0[None])[0], True, total_length=5)[0]
    torch.testing.assert_close(cell(x, torch.tensor(lengths), h0).h, theirs, **EXACT)


# --- both variants are the transcription


@pytest.mark.parametrize("reset", RESETS)
@pytest.mark.parametrize("lengths", [[6], [6, 6, 6], [2, 6, 1], [1]])
def test_equals_transcription(reset: str, lengths: list[int]) -> None:
    """Oracle: the float64 transcription, session by session; gates and candidate too."""
    cell = random_cell(reset)
    x, h0 = torch.randn(len(lengths), 6, 3).double(), torch.randn(len(lengths), 4).double()
    record = cell(x, torch.tensor(lengths), h0)
    for place, length in enumerate(lengths):
        expected = oracles.gru(x[place, :length].numpy(), arrays(cell), h0[place].numpy())
        for name in ("z", "r", "candidate", "h"):
            ours = getattr(record, name)[place].detach().numpy()
            np.testing.assert_allclose(ours[:length], getattr(expected, name), **EXACT)
            assert not ours[length:].any()


@pytest.mark.parametrize("reset", RESETS)
def test_stacked_equals_transcription(reset: str) -> None:
    """Oracle: the transcription fed with its own states."""
    cells = [random_cell(reset), random_cell(reset, inputs=4, units=2)]
    x = torch.randn(1, 8, 3).double()
    h, expected = x, x[0].numpy()
    for cell in cells:
        h, expected = cell(h).h, oracles.gru(expected, arrays(cell)).h
    np.testing.assert_allclose(h[0].detach().numpy(), expected, **EXACT)


def test_the_variants_are_different_functions() -> None:
    """Oracle: the same weights with c = 0 agree at the first click from zero, and then part."""
    before, after = random_cell("before"), random_cell("after")
    after.load_state_dict({**before.state_dict(), "c": torch.zeros(4).double()})
    x = torch.randn(1, 9, 3).double()
    ours, theirs = before(x).h[0], after(x).h[0]
    torch.testing.assert_close(ours[0], theirs[0], **EXACT)
    assert (ours - theirs).abs().max() > 0.05


@pytest.mark.parametrize("reset", RESETS)
def test_click_equals_unroll(reset: str) -> None:
    """Oracle: `click`, which is the equations and nothing else, called click by click."""
    cell, x = random_cell(reset), torch.randn(3, 6, 3).double()
    unrolled, h = cell(x), torch.zeros(3, 4).double()
    for t in range(6):
        record = cell.click(cell.project(x[:, t]), h)
        h = record.h
        for name in ("z", "r", "candidate", "h"):
            torch.testing.assert_close(getattr(unrolled, name)[:, t], getattr(record, name), **EXACT)


def test_one_hot_projection_is_a_column_of_the_weights() -> None:
    """Oracle: W times the one-hot vector, plus b."""
    cell, items = random_cell("before"), torch.tensor([2, 0, 2])
    expected = cell.project(torch.eye(3).double()[items])
    torch.testing.assert_close(cell.project_one_hot(items), expected, **EXACT)


# --- one unit, by hand


def one_unit(reset: str, b_z: float = 0.0, b_r: float = 0.0, c: float = 0.0) -> GRUCell:
    """W = (0, 0, 1), U = (0, 0, 2): gates depend on their biases only."""
    cell = GRUCell(1, 1, reset).double()
    with torch.no_grad():
        cell.W.copy_(torch.tensor([[0.0], [0.0], [1.0]]))
        cell.U.copy_(torch.tensor([[0.0], [0.0], [2.0]]))
        cell.b.copy_(torch.tensor([b_z, b_r, 0.0], dtype=torch.float64))
        if cell.c is not None:
            cell.c.fill_(c)
    return cell


def run(cell: GRUCell, *x: float, h0: float = 0.0) -> Tensor:
    """(T, 4): z, r, candidate, h of each click."""
    start = torch.tensor([[h0]], dtype=torch.float64)
    record = cell(torch.tensor(x, dtype=torch.float64).reshape(1, -1, 1), h0=start)
    return torch.cat([record.z, record.r, record.candidate, record.h], dim=2)[0].detach()


HAND = {
    # z = σ(0) = 1/2, r = 1/2; h̃ = tanh(0.5 + 2 · ½ · 0.25) = tanh 0.75; h = ½ · 0.25 + ½ · h̃
    "before, gates half open": (
        one_unit("before"),
        (0.5,),
        0.25,
        [[0.5, 0.5, 0.635148952387287, 0.4425744761936435]],
    ),
    # z = σ(ln 3) = 3/4, r = σ(−ln 3) = 1/4; h̃ = tanh(0.5 + 2 · ¼ · 0.4) = tanh 0.7; h = ¼ · 0.4 + ¾ · h̃
    "before, gates apart": (
        one_unit("before", log(3), -log(3)),
        (0.5,),
        0.4,
        [[0.75, 0.25, 0.6043677771171636, 0.5532758328378727]],
    ),
    # h̃ = tanh(0.5 + ½ · (2 · 0.25 + 0.5)) = tanh 1; h = ½ · 0.25 + ½ · h̃
    "after, c inside the product": (
        one_unit("after", c=0.5),
        (0.5,),
        0.25,
        [[0.5, 0.5, 0.7615941559557649, 0.5057970779778825]],
    ),
    # two clicks from zero, z = r = ½: h̃₁ = tanh 1, h₁ = 0.38079…; h̃₂ = tanh(−1 + h₁) = tanh −0.61920…
    "before, two clicks": (
        one_unit("before"),
        (1.0, -1.0),
        0.0,
        [
            [0.5, 0.5, 0.7615941559557649, 0.3807970779778824],
            [0.5, 0.5, -0.5505728129179853, -0.08488786747005145],
        ],
    ),
    # a shut update gate (σ(−800) = 0) keeps the state whatever is clicked; an open one replaces it
    "z shut": (one_unit("before", -800.0), (5.0,), 0.3, [[0.0, 0.5, 0.9999501692221211, 0.3]]),
    "z open": (
        one_unit("before", 800.0, -800.0),
        (0.5,),
        0.9,
        [[1.0, 0.0, 0.46211715726000973, 0.46211715726000973]],
    ),
}


@pytest.mark.parametrize("case", HAND)
def test_by_hand(case: str) -> None:
    """Oracle: the arithmetic in the comments above."""
    cell, x, h0, expected = HAND[case]
    np.testing.assert_allclose(run(cell, *x, h0=h0).numpy(), expected, rtol=0, atol=5e-13)


# --- properties


@given(
    st.sampled_from(RESETS),
    st.integers(0, 2**16),
    st.floats(0.01, 30),
    st.integers(1, 6),
    st.integers(1, 12),
)
def test_gates_states_and_blend(reset: str, seed: int, scale: float, units: int, clicks: int) -> None:
    """Oracle: gates are probabilities, a blend of numbers in [-1, 1] stays there, the blend is the blend."""
    generator = torch.Generator().manual_seed(seed)
    cell = GRUCell(2, units, reset).double()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.normal_(0, scale, generator=generator)
    record = cell(torch.randn(2, clicks, 2, generator=generator).double())
    for gate in (record.z, record.r):
        assert ((gate >= 0) & (gate <= 1)).all()
    assert (record.candidate.abs() <= 1).all()
    assert (record.h.abs() <= 1 + 1e-12).all()
    h_prev = torch.cat([torch.zeros(2, 1, units).double(), record.h[:, :-1]], dim=1)
    torch.testing.assert_close(record.h, (1 - record.z) * h_prev + record.z * record.candidate, **EXACT)


@pytest.mark.parametrize("reset", RESETS)
def test_later_clicks_change_nothing_before(reset: str) -> None:
    """Oracle: the prefix law, a state depends on its own click and the ones before."""
    cell, x = random_cell(reset), torch.randn(2, 7, 3).double()
    torch.testing.assert_close(cell(x[:, :4]).h, cell(x).h[:, :4], **EXACT)


# --- gradients


def unrolled(cell: GRUCell, projected: Tensor, h0: Tensor) -> Tensor:
    return _Unroll.apply(projected, cell.U, cell.c, h0, BATCH_SIZES)[0]


def stepped(cell: GRUCell, projected: Tensor, h0: Tensor) -> Tensor:
    """`unrolled`, from `click` under autograd."""
    h, rows, start = h0, [], 0
    for n in BATCH_SIZES:
        h = cell.click(projected[start : start + n], h[:n]).h
        rows.append(h)
        start += n
    return torch.cat(rows)


@pytest.mark.parametrize("reset", RESETS)
def test_gradients_equal_autograd_through_click(reset: str) -> None:
    """Oracle: autograd through the equations, with a different weight on every state."""
    cell = random_cell(reset)
    projected = torch.randn(sum(BATCH_SIZES), 12).double().requires_grad_()
    h0 = torch.randn(3, 4).double().requires_grad_()
    wanted = [projected, h0, *(w for name, w in cell.named_parameters() if name in "Uc")]
    weights = torch.randn(sum(BATCH_SIZES), 4).double()
    ours = torch.autograd.grad((unrolled(cell, projected, h0) * weights).sum(), wanted)
    theirs = torch.autograd.grad((stepped(cell, projected, h0) * weights).sum(), wanted)
    for mine, autograd in zip(ours, theirs, strict=True):
        torch.testing.assert_close(mine, autograd, **EXACT)


@pytest.mark.parametrize("reset", RESETS)
def test_gradients_equal_finite_differences(reset: str) -> None:
    """Oracle: torch.autograd.gradcheck, numeric differences in float64."""
    H = 2
    inputs = [torch.randn(sum(BATCH_SIZES), 3 * H), torch.randn(3 * H, H), torch.randn(3, H)]
    projected, U, h0 = (tensor.double().requires_grad_() for tensor in inputs)
    c = torch.randn(H).double().requires_grad_() if reset == "after" else None
    assert torch.autograd.gradcheck(lambda *a: _Unroll.apply(*a, BATCH_SIZES)[0], (projected, U, c, h0))


def test_gradients_of_a_stack_equal_torch() -> None:
    """Oracle: torch.nn.GRU's own backward pass over two layers and a padded batch."""
    cells = [random_cell("after"), random_cell("after", inputs=4)]
    gru, lengths = as_torch_gru(cells), torch.tensor([5, 2, 3])
    x = torch.randn(3, 5, 3).double().requires_grad_()
    weights = torch.randn(3, 5, 4).double()

    ours = cells[1](cells[0](x, lengths).h, lengths).h
    (ours * weights).sum().backward()
    dx, x.grad = x.grad, None
    packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    theirs = pad_packed_sequence(gru(packed)[0], True)[0]
    (theirs * weights).sum().backward()

    torch.testing.assert_close(dx, x.grad, **EXACT)
    for number, cell in enumerate(cells):
        for name, mine in (("weight_ih", cell.W), ("weight_hh", cell.U), ("bias_ih", cell.b)):
            r, z, n = getattr(gru, f"{name}_l{number}").grad.chunk(3)
            torch.testing.assert_close(mine.grad, torch.cat([-z, r, n]), **EXACT)
        torch.testing.assert_close(cell.c.grad, getattr(gru, f"bias_hh_l{number}").grad[8:], **EXACT)


def test_only_the_state_carries_gradients() -> None:
    """Oracle: what `unroll` promises; gates are by-products for the eye."""
    cell, x = random_cell("after"), torch.randn(1, 3, 3).double()
    record = cell(x)
    assert record.h.requires_grad
    assert not record.z.requires_grad
    assert not record.candidate.requires_grad


def test_unknown_reset_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        GRUCell(1, 1, "sideways")
