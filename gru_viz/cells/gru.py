"""What does a GRU do at one click, and what did its gates hold?

    z_t = σ(W_z x_t + U_z h_{t-1} + b_z)                update gate, z writes
    r_t = σ(W_r x_t + U_r h_{t-1} + b_r)                reset gate
    h̃_t = tanh(W_h x_t + U_h (r_t ⊙ h_{t-1}) + b_h)     candidate, reset before
    h̃_t = tanh(W_h x_t + r_t ⊙ (U_h h_{t-1} + c) + b_h) candidate, reset after
    h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t               state

Reset before is Cho et al. 2014 (arXiv 1406.1078) with z as in Chung et al. 2014
(arXiv 1412.3555); reset after is cuDNN's and `torch.nn.GRU`'s variant, whose z keeps.
They are different functions: no weights of one give the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

RESETS = ("before", "after")


@dataclass(frozen=True)
class GRURecord:
    """What the cell held at each of N clicks, in the order the clicks were given; each (N, H)."""

    z: Tensor
    r: Tensor
    candidate: Tensor
    h: Tensor


class GRUCell(nn.Module):
    """One instrumented GRU layer.

    W: (3H, E), U: (3H, H), b: (3H,), and c: (H,) for reset after; blocks z, r, candidate.
    `unroll` is the one path that models take, training or not: what is recorded is what
    was computed, so recording cannot change a score. `step` says the same in plain words.
    """

    c: Tensor | None

    def __init__(self, inputs: int, units: int, reset: str = "before") -> None:
        super().__init__()
        if reset not in RESETS:
            raise ValueError(f"reset must be one of {RESETS}, got {reset!r}")
        self.units = units
        self.reset = reset
        self.W = nn.Parameter(torch.empty(3 * units, inputs))
        self.U = nn.Parameter(torch.empty(3 * units, units))
        self.b = nn.Parameter(torch.zeros(3 * units))
        self.c = nn.Parameter(torch.zeros(units)) if reset == "after" else None
        for weight in (self.W, self.U):
            for block in weight.data.chunk(3):
                # U(±√(6/(fan in + fan out))), Glorot and Bengio 2010, as GRU4Rec was trained
                nn.init.xavier_uniform_(block)

    def project(self, x: Tensor) -> Tensor:
        """W x + b for inputs (..., E): (..., 3H)."""
        return nn.functional.linear(x, self.W, self.b)

    def project_one_hot(self, items: Tensor) -> Tensor:
        """W x + b where x is the one-hot vector of an item: a column of W. (...,) → (..., 3H)."""
        return nn.functional.embedding(items, self.W.t()) + self.b

    def step(self, x: Tensor, h_prev: Tensor) -> GRURecord:
        """One click for a batch, straight from the equations. x (B, E), h_prev (B, H)."""
        H = self.units
        Wx = self.project(x)
        Uz, Ur, Uh = self.U.chunk(3)
        z = torch.sigmoid(Wx[:, :H] + h_prev @ Uz.t())
        r = torch.sigmoid(Wx[:, H : 2 * H] + h_prev @ Ur.t())
        if self.c is None:
            recurrent = (r * h_prev) @ Uh.t()
        else:
            recurrent = r * (h_prev @ Uh.t() + self.c)
        candidate = torch.tanh(Wx[:, 2 * H :] + recurrent)
        return GRURecord(z, r, candidate, (1 - z) * h_prev + z * candidate)

    def unroll(self, projected: Tensor, batch_sizes: list[int], h0: Tensor | None = None) -> GRURecord:
        """All clicks of a packed batch: sessions by falling length, click by click.

        projected:   (N, 3H) from `project`; rows of click 1 first, then of click 2, …
        batch_sizes: how many sessions have a 1st, 2nd, … click (non-increasing, sums to N)
        h0:          (B, H) state before the first click, zeros if None

        Only `h` carries gradients.
        """
        if h0 is None:
            h0 = projected.new_zeros(batch_sizes[0], self.units)
        h, gates, candidate = _Unroll.apply(projected, self.U, self.c, h0, batch_sizes)
        H = self.units
        return GRURecord(gates[:, :H], gates[:, H:], candidate, h)

    def forward(self, x: Tensor, lengths: Tensor | None = None, h0: Tensor | None = None) -> GRURecord:
        """A right-padded batch x (B, T, E) with its lengths (B,): a record of (B, T, H) tensors.

        Rows beyond a session's length are zero.
        """
        if lengths is None:
            lengths = torch.full((len(x),), x.shape[1])
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        if h0 is not None:
            h0 = h0[packed.sorted_indices]
        record = self.unroll(self.project(packed.data), packed.batch_sizes.tolist(), h0)

        def padded(values: Tensor) -> Tensor:
            sequence = PackedSequence(
                values, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices
            )
            return pad_packed_sequence(sequence, batch_first=True, total_length=x.shape[1])[0]

        return GRURecord(*map(padded, (record.z, record.r, record.candidate, record.h)))


class _Unroll(torch.autograd.Function):
    """The recurrence over a packed batch, with back-propagation through time by hand.

    Beside speed (a third of autograd's time on one core, because weight gradients
    become one product over all clicks) this keeps gates as plain by-products.
    """

    @staticmethod
    def forward(
        ctx: Any, projected: Tensor, U: Tensor, c: Tensor | None, h0: Tensor, batch_sizes: list[int]
    ) -> tuple[Tensor, Tensor, Tensor]:
        H = U.shape[1]
        Ugates, Uh = U[: 2 * H].t(), U[2 * H :].t()
        gates = projected.new_empty(len(projected), 2 * H)
        candidate = projected.new_empty(len(projected), H)
        h = torch.empty_like(candidate)
        proposal = torch.empty_like(candidate) if c is not None else None  # U_h h_{t-1} + c

        h_prev, start = h0, 0
        for n in batch_sizes:
            rows = slice(start, start + n)
            h_prev = h_prev[:n]
            g = torch.addmm(projected[rows, : 2 * H], h_prev, Ugates, out=gates[rows]).sigmoid_()
            z, r = g[:, :H], g[:, H:]
            if proposal is None or c is None:
                a = torch.addmm(projected[rows, 2 * H :], r * h_prev, Uh, out=candidate[rows])
            else:
                m = torch.addmm(c, h_prev, Uh, out=proposal[rows])
                a = torch.addcmul(projected[rows, 2 * H :], r, m, out=candidate[rows])
            h_prev = torch.lerp(h_prev, a.tanh_(), z, out=h[rows])
            start += n

        ctx.batch_sizes = batch_sizes
        ctx.save_for_backward(U, h0, gates, candidate, h, proposal)
        ctx.mark_non_differentiable(gates, candidate)
        ctx.set_materialize_grads(False)
        return h, gates, candidate

    @staticmethod
    def backward(ctx: Any, dh: Tensor | None, *_: Tensor | None) -> tuple[Tensor | None, ...]:
        if dh is None:
            return None, None, None, None, None
        U, h0, gates, candidate, h, proposal = ctx.saved_tensors
        H = U.shape[1]
        Ugates, Uh = U[: 2 * H], U[2 * H :]
        starts = [0]
        for n in ctx.batch_sizes:
            starts.append(starts[-1] + n)
        h_prev = torch.cat(
            [h0[: ctx.batch_sizes[0]]]
            + [h[s : s + n] for s, n in zip(starts, ctx.batch_sizes[1:], strict=False)]
        )
        z, r = gates[:, :H], gates[:, H:]

        # local slopes for all clicks at once: da = dh ⊙ slope, where dh is the gradient at h_t
        slope_z = (candidate - h_prev) * z * (1 - z)
        slope_h = z * (1 - candidate * candidate)
        slope_r = r * (1 - r) * (h_prev if proposal is None else proposal)

        da = gates.new_empty(len(gates), 3 * H)  # gradients at z, r, candidate sums
        dm = torch.empty_like(candidate) if proposal is not None else None
        carried = torch.zeros_like(h0)  # gradient that reaches h_t from later clicks
        for t in reversed(range(len(ctx.batch_sizes))):
            n = ctx.batch_sizes[t]
            rows = slice(starts[t], starts[t] + n)
            dh_t = dh[rows] + carried[:n]
            da_t = da[rows]
            torch.mul(dh_t, slope_z[rows], out=da_t[:, :H])
            da_h = torch.mul(dh_t, slope_h[rows], out=da_t[:, 2 * H :])
            dh_prev = torch.addcmul(dh_t, dh_t, z[rows], value=-1)  # the direct path, (1 − z) ⊙ dh
            if dm is None:
                d_reset = da_h @ Uh
                torch.mul(d_reset, slope_r[rows], out=da_t[:, H : 2 * H])
                dh_prev.addcmul_(d_reset, r[rows])
            else:
                torch.mul(da_h, slope_r[rows], out=da_t[:, H : 2 * H])
                dh_prev.addmm_(torch.mul(da_h, r[rows], out=dm[rows]), Uh)
            carried[:n] = dh_prev.addmm_(da_t[:, : 2 * H], Ugates)

        dU = torch.empty_like(U)
        torch.mm(da[:, : 2 * H].t(), h_prev, out=dU[: 2 * H])
        if dm is None:
            torch.mm(da[:, 2 * H :].t(), r * h_prev, out=dU[2 * H :])
        else:
            torch.mm(dm.t(), h_prev, out=dU[2 * H :])
        return da, dU, None if dm is None else dm.sum(0), carried, None
