"""What does a GRU do where gates or its state are forced?

A second way through the equations of `cells.gru`, for recording only: the same products in the
same order, with a place to interfere after each quantity. Where nothing is forced it gives the
same numbers.

All forcing of one quantity is one affine map, x → factor ⊙ x + offset (clamp: factor 0, offset
the value; scale: offset 0), so what is left of the state before stays known:

    seen_t = f_p ⊙ h_{t-1} + o_p                            the state that the click looks at
    h_t    = f_h ⊙ ((1 − z_t) ⊙ seen_t + z_t ⊙ h̃_t) + o_h
           = keep_t ⊙ h_{t-1} + write_t

    keep_t  = f_h ⊙ (1 − z_t) ⊙ f_p
    write_t = f_h ⊙ ((1 − z_t) ⊙ o_p + z_t ⊙ h̃_t) + o_h
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gru_viz.cells.gru import GRUCell, GRURecord
from gru_viz.interventions import GATES, STATES, Interventions


@dataclass(frozen=True)
class Force:
    """x → factor ⊙ x + offset, for every row of a packed batch; (N, H) each."""

    factor: Tensor
    offset: Tensor

    def __call__(self, x: Tensor, rows: slice) -> Tensor:
        return self.factor[rows] * x + self.offset[rows]


Forces = Mapping[str, Force]  # by quantity; what is not forced is not there


@dataclass(frozen=True)
class ForcedRecord(GRURecord):
    """A record in which the state was forced somewhere; see above for seen, keep and write (N, H)."""

    seen: Tensor
    keep: Tensor
    write: Tensor


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
    cell: GRUCell, projected: Tensor, batch_sizes: list[int], forced: Forces, h0: Tensor | None = None
) -> GRURecord:
    """`GRUCell.unroll` with these forces; a ForcedRecord where the state is forced."""
    H = cell.units
    forced = {name: Force(f.factor.to(projected), f.offset.to(projected)) for name, f in forced.items()}
    force_seen, force_h = (forced.get(name) for name in ("h_prev", "h"))
    Ugates, Uh = cell.U[: 2 * H].t(), cell.U[2 * H :].t()
    h = projected.new_zeros(batch_sizes[0], H) if h0 is None else h0
    clicks, start = [], 0
    for n in batch_sizes:
        rows = slice(start, start + n)
        start += n
        seen = h[:n] if force_seen is None else force_seen(h[:n], rows)
        gates = torch.addmm(projected[rows, : 2 * H], seen, Ugates).sigmoid_()
        z, r = (
            forced[name](gate, rows).clamp(0, 1) if name in forced else gate
            for name, gate in zip(GATES, (gates[:, :H], gates[:, H:]), strict=True)
        )
        if cell.c is None:
            a = torch.addmm(projected[rows, 2 * H :], r * seen, Uh)
        else:
            a = torch.addcmul(projected[rows, 2 * H :], r, torch.addmm(cell.c, seen, Uh))
        candidate = a.tanh_()
        h = torch.lerp(seen, candidate, z)
        if force_h is not None:
            h = force_h(h, rows)
        clicks.append((z, r, candidate, h, seen))
    z, r, candidate, h, seen = (torch.cat(column) for column in zip(*clicks, strict=True))
    if not forced.keys() & set(STATES):
        return GRURecord(z, r, candidate, h)
    keep, write = 1 - z, z * candidate
    if force_seen is not None:
        write = (1 - z) * force_seen.offset + write
        keep = keep * force_seen.factor
    if force_h is not None:
        keep, write = force_h.factor * keep, force_h.factor * write + force_h.offset
    return ForcedRecord(z, r, candidate, h, seen, keep, write)
