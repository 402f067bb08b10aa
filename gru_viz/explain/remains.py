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
