"""Which items does a unit push up or down?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class Pushes(FrozenArrays):
    """For each unit of the top layer the items it moves most when its state is positive.

    up:   (H, k) item indices, the largest read-out weight first
    down: (H, k) item indices, the smallest first; where the state is negative the two change places
    """

    up: np.ndarray
    down: np.ndarray


def pushes(weights: Weights, k: int = 3) -> Pushes | None:
    """The k items each unit pushes most either way; None where the top is not linear.

    The weights alone decide: how far an item moves is this times the unit's state.
    """
    if not weights.linear_top:
        return None
    readout = weights.readout(np.arange(len(weights.output_bias))).T  # (H, n_items)
    return Pushes(_largest(readout, k), _largest(-readout, k))


def _largest(rows: np.ndarray, k: int) -> np.ndarray:
    """(H, k) columns of the largest values in each row, largest first."""
    k = min(k, rows.shape[1])
    best = np.argpartition(-rows, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(rows, best, axis=1), axis=1, kind="stable")
    return np.take_along_axis(best, order, axis=1)
