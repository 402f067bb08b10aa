"""What does an LSTM do at one click, and what did its gates hold?

    f_t = σ(W_f x_t + U_f h_{t-1} + b_f)     forget gate: how much of the old memory stays
    i_t = σ(W_i x_t + U_i h_{t-1} + b_i)     input gate: how much of the candidate is written
    o_t = σ(W_o x_t + U_o h_{t-1} + b_o)     output gate: how much of the memory is shown
    c̃_t = tanh(W_c x_t + U_c h_{t-1} + b_c)  candidate
    c_t = f_t ⊙ c_{t-1} + i_t ⊙ c̃_t          memory
    h_t = o_t ⊙ tanh(c_t)                    what the scores and the next click see

Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000, as in `torch.nn.LSTM`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor

from gru_viz.cells.cell import Cell, CellRecord, Forcing, before, by_itself, starts_of

FORGET_BIAS = 1.0  # a new cell keeps: Gers et al. 2000; Jozefowicz et al. 2015 found it decisive


class LSTMCell(Cell):
    """One instrumented LSTM layer; blocks f, i, o, candidate. It carries h and c, side by side."""

    kind: ClassVar[str] = "lstm"

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__(inputs, units)
        self.b.data[self.rows("f")] = FORGET_BIAS

    def click(self, projected: Tensor, carried: Tensor, force: Forcing = by_itself) -> CellRecord:
        H = self.units
        h_prev, c_prev = force("h_prev", carried[:, :H]), force("h_prev", carried[:, H:])
        a = torch.addmm(projected, h_prev, self.U.t())
        gates = a[:, : 3 * H].sigmoid()
        f, i, o = (force(name, gate) for name, gate in zip("fio", gates.split(H, dim=1), strict=True))
        candidate = a[:, 3 * H :].tanh()
        c = force("c", torch.addcmul(f * c_prev, i, candidate))
        h = force("h", o * c.tanh())
        return CellRecord({"f": f, "i": i, "o": o}, candidate, h, c)

    def unroll(self, projected: Tensor, batch_sizes: list[int], h0: Tensor | None = None) -> CellRecord:
        if h0 is None:
            h0 = self.start(projected, batch_sizes[0])
        h, acts, c = _Unroll.apply(projected, self.U, h0, batch_sizes)
        f, i, o, candidate = acts.split(self.units, dim=1)
        return CellRecord({"f": f, "i": i, "o": o}, candidate, h, c)

    def common_form(self, record: CellRecord) -> tuple[Tensor, Tensor]:
        return record.gates["f"], record.gates["i"] * record.candidate


class _Unroll(torch.autograd.Function):
    """The recurrence over a packed batch, with back-propagation through time by hand, as for the GRU."""

    @staticmethod
    def forward(
        ctx: Any, projected: Tensor, U: Tensor, h0: Tensor, batch_sizes: list[int]
    ) -> tuple[Tensor, Tensor, Tensor]:
        H = U.shape[1]
        UT = U.t()
        acts = torch.empty_like(projected)  # f, i, o, candidate
        c = projected.new_empty(len(projected), H)
        h = torch.empty_like(c)
        h_prev, c_prev = h0[:, :H], h0[:, H:]
        start = 0
        for n in batch_sizes:
            rows = slice(start, start + n)
            a = torch.addmm(projected[rows], h_prev[:n], UT, out=acts[rows])
            f, i, o = a[:, : 3 * H].sigmoid_().split(H, dim=1)
            candidate = a[:, 3 * H :].tanh_()
            c_prev = torch.addcmul(f * c_prev[:n], i, candidate, out=c[rows])
            h_prev = torch.mul(o, c_prev.tanh(), out=h[rows])
            start += n
        ctx.batch_sizes = batch_sizes
        ctx.save_for_backward(U, h0, acts, c, h)
        ctx.mark_non_differentiable(acts, c)
        ctx.set_materialize_grads(False)
        return h, acts, c

    @staticmethod
    def backward(ctx: Any, dh: Tensor | None, *_: Tensor | None) -> tuple[Tensor | None, ...]:
        if dh is None:
            return None, None, None, None
        U, h0, acts, c, h = ctx.saved_tensors
        H = U.shape[1]
        starts = starts_of(ctx.batch_sizes)
        h_prev, c_prev = before(h, h0[:, :H], ctx.batch_sizes), before(c, h0[:, H:], ctx.batch_sizes)
        f, i, o, candidate = acts.split(H, dim=1)
        shown = c.tanh()

        # local slopes for all clicks at once: da = d ⊙ slope, where d is the gradient at c_t, for o at h_t
        slope_f, slope_i = c_prev * f * (1 - f), candidate * i * (1 - i)
        slope_o, slope_c = shown * o * (1 - o), i * (1 - candidate * candidate)
        slope_shown = o * (1 - shown * shown)  # dh_t / dc_t

        da = torch.empty_like(acts)
        carried_h, carried_c = torch.zeros_like(h0[:, :H]), torch.zeros_like(h0[:, H:])
        for t in reversed(range(len(ctx.batch_sizes))):
            n = ctx.batch_sizes[t]
            rows = slice(starts[t], starts[t] + n)
            dh_t = dh[rows] + carried_h[:n]
            dc_t = torch.addcmul(carried_c[:n], dh_t, slope_shown[rows])
            da_t = da[rows]
            torch.mul(dc_t, slope_f[rows], out=da_t[:, :H])
            torch.mul(dc_t, slope_i[rows], out=da_t[:, H : 2 * H])
            torch.mul(dh_t, slope_o[rows], out=da_t[:, 2 * H : 3 * H])
            torch.mul(dc_t, slope_c[rows], out=da_t[:, 3 * H :])
            carried_c[:n] = dc_t * f[rows]  # the direct path
            carried_h[:n] = da_t @ U
        return da, da.t() @ h_prev, torch.cat([carried_h, carried_c], dim=1), None
