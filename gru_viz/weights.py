"""Which numbers make up the model? Plain arrays for explanations, with no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.anatomy import CELLS, Anatomy
from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class LayerWeights(FrozenArrays):
    """A layer's weights; B blocks of H rows in the order of its cell's anatomy (z, r, candidate).

    W: (B·H, E) on the input      U: (B·H, H) on the state
    b: (B·H,)   bias              c: (H,) bias inside the reset product, only for reset after
    cell: which kind, a key of `anatomy.CELLS`
    """

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray
    c: np.ndarray | None
    cell: str = "gru"

    @property
    def anatomy(self) -> Anatomy:
        return CELLS[self.cell]

    @property
    def reset(self) -> str:
        """Where a GRU's reset gate acts."""
        return "before" if self.c is None else "after"

    def rows(self, block: str) -> slice:
        """Where the block of a gate, or of the candidate, stands in W, U and b."""
        units = self.U.shape[1]
        place = self.anatomy.blocks.index(block)
        return slice(place * units, (place + 1) * units)


@dataclass(frozen=True, eq=False)
class Weights(FrozenArrays):
    """All weights of a GRU4Rec as read-only arrays.

    embedding:        (n_items, E), or None for one-hot input
    layers:           input side first
    feed_forward:     (weight (D', D), bias (D',)) of each layer between state and scores
    activation:       what follows each feed-forward layer
    output_embedding: (n_items, D)
    output_bias:      (n_items,)
    """

    embedding: np.ndarray | None
    layers: tuple[LayerWeights, ...]
    feed_forward: tuple[tuple[np.ndarray, np.ndarray], ...]
    activation: str
    output_embedding: np.ndarray
    output_bias: np.ndarray

    @property
    def linear_top(self) -> bool:
        """Is every score a linear function of the top state? Only then do unit shares add up."""
        return not self.feed_forward or self.activation == "identity"

    def readout(self, items: np.ndarray) -> np.ndarray:
        """(len(items), H) how much one unit of the top state adds to each item's score.

        Raises ValueError where the top is not linear.
        """
        if not self.linear_top:
            raise ValueError("a non-linear feed-forward top has no fixed read-out; use deletion instead")
        rows = self.output_embedding[items]
        for weight, _ in reversed(self.feed_forward):
            rows = rows @ weight
        return rows
