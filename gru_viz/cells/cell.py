"""What must a recurrent layer do to stand in a model and be watched?

A new kind is one file: its equations as `click`, a fast `unroll` that gives the same numbers,
and a row in `gru_viz.anatomy.CELLS`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from gru_viz.anatomy import CELLS, Anatomy

# what a quantity becomes where it is forced: (its name, its value (B, H)) → its value
Forcing = Callable[[str, Tensor], Tensor]


def by_itself(name: str, value: Tensor) -> Tensor:
    return value


@dataclass(frozen=True)
class ForcedRecord:
    """What gates no longer tell once the state was forced somewhere; (N, H) each.

    seen: the h each click looked at; keep, write: the common form's, forcing included
    """

    seen: Tensor
    keep: Tensor
    write: Tensor


@dataclass(frozen=True)
class CellRecord:
    """What a cell held at each of N clicks, in the order the clicks were given; (N, H) each.

    gates:     by name, in the order of the cell's anatomy
    candidate: what each click proposed to remember; of a vanilla RNN that is h
    h:         the state after the click, which the layer above sees; it alone carries gradients
    c:         an LSTM's memory after the click; None for other cells
    forced:    None unless the state of this layer was forced
    """

    gates: Mapping[str, Tensor]
    candidate: Tensor
    h: Tensor
    c: Tensor | None = None
    forced: ForcedRecord | None = field(default=None, repr=False)

    @property
    def z(self) -> Tensor:
        return self.gates["z"]

    @property
    def r(self) -> Tensor:
        return self.gates["r"]

    @property
    def carried(self) -> Tensor:
        """(N, H), or (N, 2H) for h and c: what the next click starts from, as `h0` takes it."""
        return self.h if self.c is None else torch.cat([self.h, self.c], dim=1)

    def named(self) -> dict[str, Tensor]:
        """Every tensor by its name, gates first."""
        named = {**self.gates, "candidate": self.candidate, "h": self.h}
        if self.c is not None:
            named["c"] = self.c
        if self.forced is not None:
            named |= vars(self.forced)
        return named


class Cell(nn.Module, ABC):
    """One instrumented recurrent layer.

    W: (B·H, E), U: (B·H, H), b: (B·H,), in the B blocks of its anatomy.
    `unroll` is the one path that models take, training or not: what is recorded is what was
    computed, so recording cannot change a score. `click` says the same in plain words.
    """

    kind: ClassVar[str]

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        blocks = len(self.anatomy.blocks)
        self.units = units
        self.W = nn.Parameter(torch.empty(blocks * units, inputs))
        self.U = nn.Parameter(torch.empty(blocks * units, units))
        self.b = nn.Parameter(torch.zeros(blocks * units))
        for weight in (self.W, self.U):
            for block in weight.data.chunk(blocks):
                # U(±√(6/(fan in + fan out))), Glorot and Bengio 2010, as GRU4Rec was trained
                nn.init.xavier_uniform_(block)

    @property
    def anatomy(self) -> Anatomy:
        return CELLS[self.kind]

    @property
    def carries(self) -> int:
        """How many numbers of a session go from click to click."""
        return self.units * len(self.anatomy.carries)

    def rows(self, block: str) -> slice:
        """Where the block of a gate, or of the candidate, stands in W, U and b."""
        place = self.anatomy.blocks.index(block)
        return slice(place * self.units, (place + 1) * self.units)

    def project(self, x: Tensor) -> Tensor:
        """W x + b for inputs (..., E): (..., B·H)."""
        return nn.functional.linear(x, self.W, self.b)

    def project_one_hot(self, items: Tensor) -> Tensor:
        """W x + b where x is the one-hot vector of an item: a column of W. (...,) → (..., B·H)."""
        return nn.functional.embedding(items, self.W.t()) + self.b

    @abstractmethod
    def click(self, projected: Tensor, carried: Tensor, force: Forcing = by_itself) -> CellRecord:
        """One click of N sessions, straight from the equations.

        projected: (N, B·H) from `project`; carried: (N, carries) from the click before
        force:     gets every quantity by its name as soon as it is there, and gives what it
                   shall be: "h_prev" (of an LSTM h and c, one after the other), then the gates,
                   "c", "h"
        """

    @abstractmethod
    def unroll(self, projected: Tensor, batch_sizes: list[int], h0: Tensor | None = None) -> CellRecord:
        """All clicks of a packed batch: sessions by falling length, click by click.

        projected:   (N, B·H) from `project`; rows of click 1 first, then of click 2, …
        batch_sizes: how many sessions have a 1st, 2nd, … click (non-increasing, sums to N)
        h0:          (batch, carries) what is carried into the first click, zeros if None
        """

    @abstractmethod
    def common_form(self, record: CellRecord) -> tuple[Tensor, Tensor]:
        """(N, H) keep and write, as gates and candidate give them where the state is not forced."""

    def start(self, like: Tensor, batch: int) -> Tensor:
        """(batch, carries) zeros: a session begins with an empty memory."""
        return like.new_zeros(batch, self.carries)

    def forward(self, x: Tensor, lengths: Tensor | None = None, h0: Tensor | None = None) -> CellRecord:
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

        return CellRecord(
            {name: padded(gate) for name, gate in record.gates.items()},
            padded(record.candidate),
            padded(record.h),
            None if record.c is None else padded(record.c),
        )


def starts_of(batch_sizes: list[int]) -> list[int]:
    """The row at which each click of a packed batch begins."""
    return list(accumulate(batch_sizes, initial=0))[:-1]


def before(states: Tensor, start: Tensor, batch_sizes: list[int]) -> Tensor:
    """(N, H) the state before each click of a packed batch: one click back, or the start."""
    ends = zip(starts_of(batch_sizes), batch_sizes[1:], strict=False)
    return torch.cat([start[: batch_sizes[0]], *(states[row : row + n] for row, n in ends)])
