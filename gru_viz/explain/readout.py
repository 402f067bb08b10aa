"""How does an item's score follow from the top layer's state?

    score = weight · h + bias

where the top is linear. Linear feed-forward layers are folded in: their weights into
`weight`, their biases into `bias`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class Readout(FrozenArrays):
    """The scores of K items as linear functions of the top state; float64.

    weight: (K, H)
    bias:   (K,) what an item scores with an empty memory
    """

    weight: np.ndarray
    bias: np.ndarray


def readout(weights: Weights, items: np.ndarray) -> Readout:
    """The read-out of these item indices. Raises ValueError where the top is not linear."""
    weight = weights.readout(items).astype(np.float64)
    bias = weights.output_bias[items].astype(np.float64)
    if weights.feed_forward:
        features = np.zeros(weight.shape[1])  # what the feed-forward layers make of an empty memory
        for matrix, added in weights.feed_forward:
            features = matrix @ features + added
        bias = bias + weights.output_embedding[items] @ features
    return Readout(weight, bias)


def difference(weights: Weights, item: int, against: int | None = None) -> tuple[np.ndarray, float]:
    """(H,) weight and bias of one item's score, or of its score minus that of `against`.

    Raises ValueError where the top is not linear.
    """
    if against is None:
        one = readout(weights, np.array([item]))
        return one.weight[0], float(one.bias[0])
    two = readout(weights, np.array([item, against]))
    return two.weight[0] - two.weight[1], float(two.bias[0] - two.bias[1])


def score_of(
    trace: Trace, item: int, against: int | None = None, step: int = -1, weights: Weights | None = None
) -> float:
    """The recorded score of an item after click `step` (0-based), or that minus the score of `against`.

    Of a large catalogue only the best scores are kept: the score of any other item is read
    out of the recorded state, and is NaN without weights or where the top is not linear.
    """
    if against is not None:
        return score_of(trace, item, None, step, weights) - score_of(trace, against, None, step, weights)
    column = trace.column(item, step)
    if column is not None:
        return float(trace.scores[step, column])
    if weights is None or not weights.linear_top:
        return float("nan")
    weight, bias = difference(weights, item)
    return float(weight @ trace.layers[-1].h[step] + bias)
