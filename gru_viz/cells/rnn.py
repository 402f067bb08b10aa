"""What does a vanilla recurrent network do at one click?

    h_t = tanh(W x_t + U h_{t-1} + b)

Elman 1990, as in `torch.nn.RNN`. There is no gate: every click writes the whole state anew, and
what is remembered must pass through U and the tanh at every click.
"""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor

from gru_viz.cells.cell import Cell, CellRecord, Forcing, before, by_itself, starts_of


class RNNCell(Cell):
    """One instrumented vanilla layer; its only block is the candidate's, and that is the state."""

    kind: ClassVar[str] = "rnn"

    def click(self, projected: Tensor, carried: Tensor, force: Forcing = by_itself) -> CellRecord:
        candidate = torch.addmm(projected, force("h_prev", carried), self.U.t()).tanh()
        return CellRecord({}, candidate, force("h", candidate))

    def unroll(self, projected: Tensor, batch_sizes: list[int], h0: Tensor | None = None) -> CellRecord:
        if h0 is None:
            h0 = self.start(projected, batch_sizes[0])
        h = _Unroll.apply(projected, self.U, h0, batch_sizes)
        return CellRecord({}, h.detach(), h)

    def common_form(self, record: CellRecord) -> tuple[Tensor, Tensor]:
        return torch.zeros_like(record.candidate), record.candidate


class _Unroll(torch.autograd.Function):
    """The recurrence over a packed batch, with back-propagation through time by hand, as for the GRU."""

    @staticmethod
    def forward(ctx: Any, projected: Tensor, U: Tensor, h0: Tensor, batch_sizes: list[int]) -> Tensor:
        h = torch.empty_like(projected)
        h_prev, start = h0, 0
        for n in batch_sizes:
            rows = slice(start, start + n)
            h_prev = torch.addmm(projected[rows], h_prev[:n], U.t(), out=h[rows]).tanh_()
            start += n
        ctx.batch_sizes = batch_sizes
        ctx.save_for_backward(U, h0, h)
        return h

    @staticmethod
    def backward(ctx: Any, dh: Tensor) -> tuple[Tensor | None, ...]:
        U, h0, h = ctx.saved_tensors
        slope = 1 - h * h
        da = torch.empty_like(h)
        carried = torch.zeros_like(h0)
        starts = starts_of(ctx.batch_sizes)
        for t in reversed(range(len(ctx.batch_sizes))):
            n = ctx.batch_sizes[t]
            rows = slice(starts[t], starts[t] + n)
            torch.mul(dh[rows] + carried[:n], slope[rows], out=da[rows])
            carried[:n] = da[rows] @ U
        return da, da.t() @ before(h, h0, ctx.batch_sizes), carried, None
