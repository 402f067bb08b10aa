"""Are these cells times as machines write them, and which?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.data.reading.fixed_width import Grid, digits, grid_of
from gru_viz.data.reading.iso import naive_us, zoned_us

EPOCH, NAIVE, ZONED = "epoch", "naive", "zoned"

# In the order in which they are tried: numbers, then ISO 8601 without and with a time zone.
_TYPES = {EPOCH: pa.int64(), NAIVE: pa.timestamp("us"), ZONED: pa.timestamp("us", tz="UTC")}
_FIXED_WIDTH = {EPOCH: digits, NAIVE: naive_us, ZONED: zoned_us}


@dataclass(frozen=True)
class Moments:
    """Times of one kind.

    kind:  EPOCH: whole numbers as written; NAIVE and ZONED: ISO 8601, in epoch microseconds
    ticks: (N,) int64
    all_z: whether each of them ends in Z
    """

    kind: str
    ticks: np.ndarray
    all_z: bool


@dataclass(frozen=True)
class TimeColumn:
    """The time column of a file: its times where they are of one plain kind, else None; and its cells."""

    plain: Moments | None
    cells: Callable[[], pa.ChunkedArray]


def plain_moments(cells: pa.ChunkedArray) -> Moments | None:
    """The times of cells of text that are all of one plain kind; None for others."""
    chunks = [chunk for chunk in cells.chunks if len(chunk)]
    kind = kind_of(chunks[0][:1]) if chunks else None
    if kind is None:
        return None
    parts = []
    for chunk in chunks:
        grid = grid_of(chunk)
        if (part := (grid and grid_moments(grid, kind)) or _cast(chunk, kind)) is None:
            return None
        parts.append(part)
    return joined(parts)


def kind_of(cell: pa.StringArray) -> str | None:
    """The kind of the time that this one cell holds."""
    return next((kind for kind in _TYPES if _cast(cell, kind) is not None), None)


def grid_moments(grid: Grid, kind: str) -> Moments | None:
    """The times of cells that are equally long and written in the commonest way."""
    ticks = grid.in_parts(_FIXED_WIDTH[kind])
    return None if ticks is None else Moments(kind, ticks, all_z=kind == ZONED)


def time_column(
    parts: Sequence[Moments | pa.ChunkedArray], again: Callable[[], pa.ChunkedArray]
) -> TimeColumn:
    """The column of these pieces: their times if plain, else their cells; `again` reads all cells anew."""
    plain = [part for part in parts if isinstance(part, Moments)]
    if plain:
        return TimeColumn(joined(plain) if len(plain) == len(parts) else None, again)
    chunks = [chunk for part in parts if isinstance(part, pa.ChunkedArray) for chunk in part.chunks]
    return TimeColumn(None, lambda: pa.chunked_array(chunks))


def joined(parts: Sequence[Moments]) -> Moments | None:
    """The times of all parts, or None if they are not of one kind."""
    if len({part.kind for part in parts}) > 1:
        return None
    ticks = parts[0].ticks if len(parts) == 1 else np.concatenate([part.ticks for part in parts])
    return Moments(parts[0].kind, ticks, all(part.all_z for part in parts))


def _cast(cells: pa.StringArray, kind: str) -> Moments | None:
    """The times as pyarrow reads them."""
    try:
        ticks = pc.cast(pc.cast(cells, _TYPES[kind]), pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    return Moments(kind, ticks, all_z=kind == ZONED and pc.all(pc.ends_with(cells, "Z")).as_py())
