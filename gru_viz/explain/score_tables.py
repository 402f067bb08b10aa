"""How far do two tables of scores agree about the next item?

Rows are predictions, columns the whole catalogue; all in float64.
"""

from __future__ import annotations

import numpy as np


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """(N, n_items) log probabilities; finite for finite scores, however small the probability."""
    shifted = scores - scores.max(axis=1, keepdims=True).astype(np.float64)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def kl(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """(N,) KL(p ‖ q) in nats, at least 0; from log probabilities, so that no q is ever 0."""
    return np.maximum(np.einsum("ij,ij->i", np.exp(log_p), log_p - log_q), 0)


def total_variation(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """(N,) in [0, 1], the share of the probability that is at other items in q than in p."""
    return np.minimum(np.abs(np.exp(log_p) - np.exp(log_q)).sum(axis=1) / 2, 1)


def best(scores: np.ndarray, k: int) -> np.ndarray:
    """(N, n_items) whether an item is one of the k best of its row; ties go to the lower item index.

    k is at most n_items; the same items as `Trace.ranking`.
    """
    n_items = scores.shape[1]
    cut = np.partition(scores, n_items - k, axis=1)[:, n_items - k, None]
    chosen = scores >= cut
    for row in np.flatnonzero(np.count_nonzero(chosen, axis=1) > k):
        tied = np.flatnonzero(scores[row] == cut[row])
        chosen[row, tied[k - np.count_nonzero(scores[row] > cut[row]) :]] = False
    return chosen


def conservative_ranks(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(N,) 1 + number of other items whose score is at least that of the row's target (N,).

    A score that is not a number counts as better: a model that broke is never flattered.
    """
    own = np.take_along_axis(scores, targets[:, None], axis=1)
    return scores.shape[1] - np.count_nonzero(scores < own, axis=1)


def standard_ranks(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(N,) 1 + number of other items whose score is above that of the row's target (N,).

    This is what the field calls standard (the standard competition ranking). A tie counts for
    the prediction, so that a model which scores all items alike is always right: it is here
    for comparison with figures published so. What is not a number counts as better.
    """
    own = np.take_along_axis(scores, targets[:, None], axis=1)
    # a target that is not a number is behind all, itself too
    return np.minimum(scores.shape[1] - np.count_nonzero(scores <= own, axis=1) + 1, scores.shape[1])


def median_ranks(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(N,) float64, halfway between standard and conservative: 1 + others above + half of those that tie.

    The mean rank if ties were broken at random.
    """
    return (conservative_ranks(scores, targets) + standard_ranks(scores, targets)) / 2


# How ties count, by the name under which the field knows it.
RANKS = {"conservative": conservative_ranks, "standard": standard_ranks, "median": median_ranks}
