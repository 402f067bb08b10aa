"""What do two GRUs hold at one click, of which one reads the session forwards and one backwards?

    h→_t = GRU→(x_t, h→_{t−1})        from the first click on
    h←_t = GRU←(x_t, h←_{t+1})        from the last click back
    encoding of click t:  [h→_t, h←_t]

Schuster and Paliwal 1997 (Bidirectional recurrent neural networks), with the GRU of
`gru_viz.cells.gru` each way. With reset after it is `torch.nn.GRU(bidirectional=True)`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gru_viz.cells.cell import CellRecord, before, starts_of
from gru_viz.cells.gru import GRUCell


@dataclass(frozen=True)
class TwoRecords:
    """What both cells held at each of N clicks; rows in the order the clicks were given, (N, H) each.

    backward: its h at a click is the state after it was read, with all later clicks before it
    """

    forward: CellRecord
    backward: CellRecord
    batch_sizes: list[int]

    @property
    def encoding(self) -> Tensor:
        """(N, 2H) [h→_t, h←_t]: the click and all that is round it.

        What torch.nn.GRU(bidirectional=True) returns, and there so that the cells can be held to it;
        scores are made from `around`.
        """
        return torch.cat([self.forward.h, self.backward.h], dim=1)

    @property
    def around(self) -> Tensor:
        """(N, 2H) [h→_{t−1}, h←_{t+1}]: all that is round the click, and nothing of itself."""
        return torch.cat([self.before, self.after], dim=1)

    @property
    def before(self) -> Tensor:
        """(N, H) h→_{t−1}, what the clicks before left; zeros at the first."""
        return self._one_back(self.forward.h)

    @property
    def after(self) -> Tensor:
        """(N, H) h←_{t+1}, what the clicks after left; zeros at the last."""
        turned = turning(self.batch_sizes)
        return self._one_back(self.backward.h[turned])[turned]

    def _one_back(self, h: Tensor) -> Tensor:
        return before(h, h.new_zeros(self.batch_sizes[0], h.shape[1]), self.batch_sizes)


class BidirectionalGRU(nn.Module):
    """Two instrumented GRU layers of as many units, one each way; they share no weight."""

    def __init__(self, inputs: int, units: int, reset: str = "before") -> None:
        super().__init__()
        self.units = units
        self.forwards = GRUCell(inputs, units, reset)
        self.backwards = GRUCell(inputs, units, reset)

    def unroll(self, x: Tensor, batch_sizes: list[int]) -> TwoRecords:
        """x (N, E) and batch_sizes of a packed batch, as `Cell.unroll` has them."""
        turned = turning(batch_sizes)
        forward = self.forwards.unroll(self.forwards.project(x), batch_sizes)
        backward = self.backwards.unroll(self.backwards.project(x[turned]), batch_sizes)
        return TwoRecords(forward, _in_order(backward, turned), batch_sizes)


def turning(batch_sizes: list[int]) -> Tensor:
    """(N,) the row of the click that stands in this one's place when each session is read backwards.

    Turning twice changes nothing. Session j's click t is row starts[t] + j of a packed batch;
    its opposite is click length_j − 1 − t.
    """
    starts, sizes = torch.tensor(starts_of(batch_sizes)), torch.tensor(batch_sizes)
    lengths = (sizes[:, None] > torch.arange(batch_sizes[0])).sum(0)
    step = torch.repeat_interleave(torch.arange(len(sizes)), sizes)
    session = torch.arange(len(step)) - starts[step]
    return starts[lengths[session] - 1 - step] + session


def _in_order(record: CellRecord, turned: Tensor) -> CellRecord:
    gates = {name: gate[turned] for name, gate in record.gates.items()}
    return CellRecord(gates, record.candidate[turned], record.h[turned])
