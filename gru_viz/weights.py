"""Which numbers make up the model? Plain arrays for explanations, with no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays


@dataclass(frozen=True, eq=False)
class LayerWeights(FrozenArrays):
    """A GRU layer's weights; blocks of H rows in the order z, r, candidate.

    W: (3H, E) on the input      U: (3H, H) on the state
    b: (3H,)   bias              c: (H,) bias inside the reset product, only for reset after
    """

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray
    c: np.ndarray | None

    @property
    def reset(self) -> str:
        return "before" if self.c is None else "after"


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
