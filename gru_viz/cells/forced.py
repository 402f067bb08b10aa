"""What does a cell do where gates or its state are forced?

A second way through a cell's equations, for recording only: its `click`, with a place to
interfere after each quantity. Where nothing is forced it gives the same numbers.

All forcing of one quantity is one affine map, x → factor ⊙ x + offset (clamp: factor 0, offset
the value; scale: offset 0), so what is left of the state before stays known:

    seen_t  = f_p ⊙ state_{t-1} + o_p                       the state that the click looks at
    state_t = f_s ⊙ (keep ⊙ seen_t + write) + o_s
            = keep_t ⊙ state_{t-1} + write_t

    keep_t  = f_s ⊙ keep ⊙ f_p
    write_t = f_s ⊙ (keep ⊙ o_p + write) + o_s

where keep and write are what gates and candidate give. The state is an LSTM's c, else h.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from gru_viz.cells.cell import Cell, CellRecord, ForcedRecord, before
from gru_viz.interventions import STATES, Interventions


@dataclass(frozen=True)
class Force:
    """x → factor ⊙ x + offset, for every row of a packed batch; (N, H) each."""

    factor: Tensor
    offset: Tensor

    def __call__(self, x: Tensor, rows: slice) -> Tensor:
        return self.factor[rows] * x + self.offset[rows]


Forces = Mapping[str, Force]  # by quantity; what is not forced is not there


def forces(
    interventions: Sequence[Interventions], batch_sizes: list[int], layer: int, units: Sequence[int]
) -> Forces:
    """What is forced in layer `layer` of a packed batch.

    interventions: one tuple a session, in the order of the batch (falling length)
    units:         how many units each layer has
    """
    starts = np.cumsum([0, *batch_sizes])
    maps: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for place, session in enumerate(interventions):
        for one in session:
            if not one.acts_on(layer, len(units)):
                continue
            if one.quantity not in maps:
                shape = int(starts[-1]), units[layer]
                maps[one.quantity] = np.ones(shape), np.zeros(shape)
            clicks = sum(size > place for size in batch_sizes)
            first, last = one.clicks or (0, clicks - 1)
            where = np.ix_(
                starts[first : last + 1] + place,
                np.arange(units[layer]) if one.units is None else np.array(one.units),
            )
            factor, offset = maps[one.quantity]
            if one.action == "clamp":
                factor[where], offset[where] = 0, one.value
            else:
                factor[where] *= one.value
                offset[where] *= one.value
    return {name: Force(*map(torch.from_numpy, pair)) for name, pair in maps.items()}


def unroll_forced(
    cell: Cell, projected: Tensor, batch_sizes: list[int], forced: Forces, h0: Tensor | None = None
) -> CellRecord:
    """`Cell.unroll` with these forces; it has a ForcedRecord where the state is forced."""
    forced = {name: Force(f.factor.to(projected), f.offset.to(projected)) for name, f in forced.items()}
    if h0 is None:
        h0 = cell.start(projected, batch_sizes[0])
    carried, clicks, start = h0, [], 0
    for n in batch_sizes:
        rows = slice(start, start + n)
        start += n
        clicks.append(_click(cell, projected[rows], carried[:n], forced, rows))
        carried = clicks[-1].carried
    record = CellRecord(
        {name: torch.cat([one.gates[name] for one in clicks]) for name in cell.anatomy.gates},
        torch.cat([one.candidate for one in clicks]),
        torch.cat([one.h for one in clicks]),
        None if clicks[0].c is None else torch.cat([one.c for one in clicks if one.c is not None]),
    )
    if not forced.keys() & set(STATES):
        return record
    seen = before(record.h, h0[:, : cell.units], batch_sizes)
    keep, write = cell.common_form(record)
    if (force := forced.get("h_prev")) is not None:
        seen = force(seen, slice(None))
        keep, write = keep * force.factor, keep * force.offset + write
    if (force := forced.get(cell.anatomy.state)) is not None:
        keep, write = force.factor * keep, force.factor * write + force.offset
    return replace(record, forced=ForcedRecord(seen, keep, write))


def _click(cell: Cell, projected: Tensor, carried: Tensor, forced: Forces, rows: slice) -> CellRecord:
    gates = cell.anatomy.gates

    def force(name: str, value: Tensor) -> Tensor:
        if name not in forced:
            return value
        value = forced[name](value, rows)
        return value.clamp(0, 1) if name in gates else value

    return cell.click(projected, carried, force)
