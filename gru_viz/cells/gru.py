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

from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from gru_viz.cells.cell import Cell, CellRecord, Forcing, before, by_itself, starts_of

RESETS = ("before", "after")


class GRUCell(Cell):
    """One instrumented GRU layer; blocks z, r, candidate, and c (H,) for reset after."""

    kind: ClassVar[str] = "gru"
    c: Tensor | None

    def __init__(self, inputs: int, units: int, reset: str = "before") -> None:
        if reset not in RESETS:
            raise ValueError(f"reset must be one of {RESETS}, got {reset!r}")
        super().__init__(inputs, units)
        self.reset = reset
        self.c = nn.Parameter(torch.zeros(units)) if reset == "after" else None

    def click(self, projected: Tensor, carried: Tensor, force: Forcing = by_itself) -> CellRecord:
        H = self.units
        h_prev = force("h_prev", carried)
        gates = torch.addmm(projected[:, : 2 * H], h_prev, self.U[: 2 * H].t()).sigmoid()
        z = force("z", gates[:, :H])
        r = force("r", gates[:, H:])
        if self.c is None:
            a = torch.addmm(projected[:, 2 * H :], r * h_prev, self.U[2 * H :].t())
        else:
            a = torch.addcmul(projected[:, 2 * H :], r, torch.addmm(self.c, h_prev, self.U[2 * H :].t()))
        candidate = a.tanh()
        h = force("h", torch.lerp(h_prev, candidate, z))
        return CellRecord({"z": z, "r": r}, candidate, h)

    def unroll(self, projected: Tensor, batch_sizes: list[int], h0: Tensor | None = None) -> CellRecord:
        if h0 is None:
            h0 = self.start(projected, batch_sizes[0])
        h, gates, candidate = _Unroll.apply(projected, self.U, self.c, h0, batch_sizes)
        H = self.units
        return CellRecord({"z": gates[:, :H], "r": gates[:, H:]}, candidate, h)

    def common_form(self, record: CellRecord) -> tuple[Tensor, Tensor]:
        return 1 - record.z, record.z * record.candidate


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
        starts = starts_of(ctx.batch_sizes)
        h_prev = before(h, h0, ctx.batch_sizes)
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
