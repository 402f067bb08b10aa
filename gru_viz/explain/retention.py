"""How much of what each click wrote is still in memory?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays
from gru_viz.trace import LayerTrace


@dataclass(frozen=True, eq=False)
class Remains(FrozenArrays):
    """What is left of every click's write after one click, the direct path only.

    What re-enters through the candidate counts as written again: "carried", not "remembered".

    kept:    (t + 1, H) in [0, 1], Π_{j=k+1..t} keep_j for each click k; the last row is ones
    written: (t + 1, H) write_k, what each click wrote
    """

    kept: np.ndarray
    written: np.ndarray

    @property
    def surviving(self) -> np.ndarray:
        """(t + 1, H) what is left of each write; summed, with h_0 carried likewise, the state."""
        return self.kept * self.written

    @property
    def shares(self) -> np.ndarray:
        """(t + 1,) in [0, 1], the carried share of each click's write; the last is 1.

        |write| is summed over units before dividing, so a unit that barely took part barely
        counts. NaN where a click wrote nothing at all.
        """
        left, total = np.abs(self.surviving).sum(axis=1), np.abs(self.written).sum(axis=1)
        return np.divide(left, total, out=np.full(len(total), np.nan), where=total > 0)

    def holding(self, click: int, share: float = 0.5) -> int:
        """How many units still carry at least `share` of what they wrote at `click` (0-based)."""
        return int((self.kept[click] >= share).sum())


def remains(layer: LayerTrace, step: int) -> Remains:
    """What is left of each click's write after click `step` (0-based)."""
    later = np.vstack([layer.keep[1 : step + 1], np.ones((1, layer.units), dtype=layer.keep.dtype)])
    kept = np.cumprod(later[::-1], axis=0)[::-1]
    return Remains(kept, layer.write[: step + 1])


def half_lives(layer: LayerTrace) -> np.ndarray:
    """Clicks until half of a unit's content is gone, were it kept at its mean rate over the session.

    ln 2 / −ln(mean keep), per unit (H,), in [0, ∞]; an estimate from the gates that assumes
    they stay at their mean (arXiv 2111.03282), not a measured forgetting.
    """
    keep = layer.keep.astype(np.float64).mean(axis=0)
    with np.errstate(divide="ignore"):
        return np.log(2) / np.abs(np.log(np.clip(keep, 0, 1)))


@dataclass(frozen=True, eq=False)
class Retention(FrozenArrays):
    """How is the memory after each click shared out among the clicks it was written at?

    A[k, t] = (1 − keep_k) Π_{j=k+1..t} keep_j, and Π_{j=1..t} keep_j for h_0: for a GRU the
    write share z_k of click k that is still there at t. Per unit each row sums to 1, whatever
    the cell, so the rows read like attention; they follow the direct path only.

    shares: (T, T + 1) float64 in [0, 1]; row t is the memory after click t, column 0 is h_0,
            column k the k-th click; 0 where the click has not happened yet
    unit:   whose memory, or None for the mean over all units
    """

    shares: np.ndarray
    unit: int | None = None
