"""Memory or click: how much of each recommendation was carried, how much is new?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import readout
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class Split(FrozenArrays):
    """The scores of the K best items after a click, each as a sum of three parts; (K,) float64.

    items:  item indices, best first
    memory: keep ⊙ h_{t-1} read out, what was carried through this click
    click:  write read out, what this click added to the state
    bias:   what the item scores with an empty memory
    score:  as recorded; memory + click + bias, up to rounding

    "Click" is not all of the click's doing: its gates also decide how much is carried,
    and the candidate it writes has looked at the old state.
    """

    items: np.ndarray
    memory: np.ndarray
    click: np.ndarray
    bias: np.ndarray
    score: np.ndarray

    def __len__(self) -> int:
        return len(self.items)

    @property
    def residual(self) -> np.ndarray:
        """(K,) recorded score minus the three parts; float32 leaves about 1e-6."""
        return self.score - (self.memory + self.click + self.bias)


def split(trace: Trace, weights: Weights, k: int = 10, step: int = -1) -> Split:
    """The split of the k best items' scores after click `step` (0-based).

    Exact for the top layer, however many there are; with stacked layers its write holds
    what lower layers carried, too. Raises ValueError where the top is not linear.
    """
    items = trace.ranking(step, k)
    top = trace.layers[-1]
    head = readout(weights, items)
    columns = [trace.column(item, step) for item in items]
    return Split(
        items,
        head.weight @ (top.keep[step] * top.h_prev[step]),
        head.weight @ top.write[step],
        head.bias,
        trace.scores[step][columns].astype(np.float64),
    )
