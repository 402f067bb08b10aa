"""How does an item's score follow from the top layer's state?

    score = weight · h + bias

where the top is linear. Linear feed-forward layers are folded in: their weights into
`weight`, their biases into `bias`. `decode` gives the scores of any state through any top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "identity": lambda a: a,
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
    "elu": lambda a: np.where(a > 0, a, np.expm1(np.minimum(a, 0))),
}
# Numbers of the output embedding turned to float64 at a time: 2 MB, which stays in cache.
NUMBERS_AT_ONCE = 250_000


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


def decode(weights: Weights, states: np.ndarray) -> np.ndarray:
    """What would be scored from these states of the top layer? Float64, whatever the top is.

    The model was trained on states it reached; of any other, a candidate say, this is only
    what its output layer makes of it.

    states (N, H), any precision. Returns scores (N, n_items).
    """
    features = states.astype(np.float64)
    activation = ACTIVATIONS[weights.activation]
    for matrix, added in weights.feed_forward:
        features = activation(features @ matrix.T.astype(np.float64) + added)
    n_items, D = weights.output_embedding.shape
    scores = np.empty((len(states), n_items))
    at_once = max(1, NUMBERS_AT_ONCE // D)
    for start in range(0, n_items, at_once):
        block = slice(start, start + at_once)
        scores[:, block] = features @ weights.output_embedding[block].T.astype(np.float64)
    scores += weights.output_bias
    return scores


def decoded(trace: Trace, weights: Weights, states: np.ndarray) -> Trace:
    """The scores of N states as a trace without layers, one state a click, in `trace`'s catalogue.

    So ranks, ties and probabilities follow the rules of every other list.
    """
    return Trace(trace.catalog, np.zeros(len(states), dtype=np.int64), decode(weights, states), ())


class Standing(NamedTuple):
    """Where an item stands after a click; score and probability may be minus those of another item."""

    score: float
    log_probability: float
    probability: float
    rank: int | None


def standing(
    trace: Trace, item: int, against: int | None, step: int, weights: Weights | None = None
) -> Standing:
    """The score, log-probability, probability and rank of `item` after click `step`.

    With `against`, score and probability minus those of `against`. What follows from a score that
    was not kept is NaN, and the rank None (`weights` finds the score nevertheless).
    """
    normalizer = _log_normalizer(trace, step)
    score = score_of(trace, item, None, step, weights)
    log_probability = score - normalizer
    probability = float(np.exp(log_probability))
    if against is not None:
        other = score_of(trace, against, None, step, weights)
        score, probability = score - other, probability - float(np.exp(other - normalizer))
    return Standing(score, log_probability, probability, trace.rank(item, step))


def outcome(
    trace: Trace, item: int, against: int | None, step: int, weights: Weights | None = None
) -> tuple[float, float, int | None]:
    """The score, probability and rank of `standing`."""
    there = standing(trace, item, against, step, weights)
    return there.score, there.probability, there.rank


def _log_normalizer(trace: Trace, step: int) -> float:
    """log Σ exp(score) after one click; `trace.log_normalizer` would work it out for all of them."""
    if trace.normalizer is not None:
        return float(trace.normalizer[step])
    scores = trace.scores[step].astype(np.float64)
    return float(scores.max() + np.log(np.exp(scores - scores.max()).sum()))
