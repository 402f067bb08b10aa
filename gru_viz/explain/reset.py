"""Does the reset gate matter here?

At one click at a time r is set to 1, so that the candidate sees the whole of the old state:

    reset before  h̃(r ≡ 1) = tanh(W_h x_t + U_h h_{t-1} + b_h)
    reset after   h̃(r ≡ 1) = tanh(W_h x_t + U_h h_{t-1} + c + b_h)

and is blended by the recorded z. What a gate held open at every click would do is another
question: the states would drift apart from click to click.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.arithmetic import arithmetic
from gru_viz.explain.readout import decoded
from gru_viz.explain.words import Part, Sentence, a_cell, in_top_layer, percent, says_little, title
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights

# Scores decoded at a time, of the states as they are and as many with r ≡ 1.
SCORES_AT_ONCE = 1_000_000


@dataclass(frozen=True, eq=False)
class ResetEffect(FrozenArrays):
    """What forcing r to 1 at one click alone would change there; (T,) each, a row a click.

    Everything before the click is as recorded, and so is the click's own update gate.

    distance: ‖h̃(r) − h̃(r ≡ 1)‖, Euclidean, over the units of the top layer
    relative: the same over ‖h̃(r)‖, 0 where that is 0
    rank:     which rank the item that is recommended first would have with r ≡ 1 (1: no change)
    overlap:  share of the k best items that stay among the k best, in [0, 1]
    moved:    share of the probability that moves to other items (total variation), in [0, 1]
    openness: mean of r over the units
    k:        how long the list is that `overlap` compares
    """

    distance: np.ndarray
    relative: np.ndarray
    rank: np.ndarray
    overlap: np.ndarray
    moved: np.ndarray
    openness: np.ndarray
    k: int


def reset_effect(trace: Trace, weights: Weights, k: int = 10) -> ResetEffect:
    """What r ≡ 1 in the top layer would change at each click, and in its k best items.

    Both candidates are computed here, in float64, and both lists are decoded in the same
    way: where the reset gate does nothing, every difference is exactly 0. With stacked layers
    the layers below, and so the top's inputs, are as recorded.

    Raises ValueError for a recording with interventions, and for a cell that has no reset gate.
    """
    trace.require_no_interventions("the reset gate's effect")
    if trace.layers[-1].cell != "gru":
        raise ValueError(f"{a_cell(trace.layers[-1].cell)} has no reset gate")
    k = min(k, len(trace.catalog))
    top = trace.layers[-1]
    as_is, opened = _candidates(trace, weights)
    h = top.h.astype(np.float64)
    held_open = h + top.z * (opened - as_is)
    distance = np.linalg.norm(opened - as_is, axis=1)
    length = np.linalg.norm(as_is, axis=1)
    lists = np.empty((len(trace), 3))  # rank, overlap, moved
    at_once = max(1, SCORES_AT_ONCE // len(trace.catalog))
    for start in range(0, len(trace), at_once):
        rows = slice(start, start + at_once)
        before, after = (decoded(trace, weights, states[rows]) for states in (h, held_open))
        lists[rows] = [_list_change(before, after, row, k) for row in range(len(before))]
    return ResetEffect(
        distance,
        np.divide(distance, length, out=np.zeros_like(length), where=length > 0),
        lists[:, 0].astype(np.int64),
        lists[:, 1],
        lists[:, 2],
        top.r.mean(axis=1, dtype=np.float64),
        k,
    )


def _candidates(trace: Trace, weights: Weights) -> tuple[np.ndarray, np.ndarray]:
    """(T, H) each, the top layer's candidates with r as recorded and with r ≡ 1; float64."""
    top, w = trace.layers[-1], weights.layers[-1]
    sums = arithmetic(trace, weights, len(trace.layers) - 1)
    outer = sums.input[:, 2].astype(np.float64) + sums.bias[2]  # W_h x + b_h
    U = w.U[2 * top.units :].T.astype(np.float64)
    h_prev, r = top.h_prev.astype(np.float64), top.r.astype(np.float64)
    if w.c is None:
        return np.tanh(outer + (r * h_prev) @ U), np.tanh(outer + h_prev @ U)
    proposal = h_prev @ U + w.c
    return np.tanh(outer + r * proposal), np.tanh(outer + proposal)


def _list_change(before: Trace, after: Trace, row: int, k: int) -> tuple[float, float, float]:
    """(rank of the first item, overlap of the k best, probability moved)."""
    best = before.ranking(row, k)
    stay = np.isin(best, after.ranking(row, k), assume_unique=True).mean()
    everything = np.arange(before.n_scored)
    moved = before.probability(everything, row)
    moved -= after.probability(everything, row)
    rank = after.rank(int(best[0]), row)
    assert rank is not None  # every item has a score here
    # half of Σ|p − q|, which rounding may carry past 1
    return rank, float(stay), min(float(np.abs(moved).sum()) / 2, 1.0)


# --- words


def no_reset_sentence(cell: str) -> Sentence:
    """Why there is nothing to hold open in such a cell, which is no GRU."""
    if cell == "lstm":
        shows = (Part("output gate", "o"), Part(" decides what of the memory is shown."))
        return (Part("An LSTM has no reset gate; its "), *shows)
    return (Part("A vanilla RNN has no reset gate, and no other."),)


def reset_sentence(trace: Trace, effect: ResetEffect, step: int) -> Sentence:
    """What holding the reset gate open at click `step` (0-based) would change there."""
    step = range(len(trace))[step]
    if effect.distance[step] == 0:
        if not trace.layers[-1].h_prev[step].any():
            return (Part(f"Before click {step + 1} the memory is empty: there is nothing to reset."),)
        return (Part(f"Holding the reset gate open at click {step + 1} would change nothing."),)
    return (
        *(
            Part("With the "),
            Part("reset gate", "r"),
            Part(f" held open{in_top_layer(trace)} at click {step + 1}"),
        ),
        *(Part(", the "), Part("candidate", "candidate"), *_changed(float(effect.relative[step]))),
        *(Part(", "), title(trace, int(trace.ranking(step, 1)[0]))),
        *_list_words(effect, step, len(trace.catalog)),
    )


def _changed(relative: float) -> Sentence:
    """By how much of its length; a candidate of zeros has none."""
    if relative == 0:
        return (Part(" would no longer be zero"),)
    return (Part(" would change by "), Part(percent(relative), "number"))


def _list_words(effect: ResetEffect, step: int, n_items: int) -> Sentence:
    rank, kept = int(effect.rank[step]), round(float(effect.overlap[step]) * effect.k)
    said: Sentence = (Part(" would stay first"),)
    if rank > 1:
        said = (Part(" would fall from rank 1 to "), Part(f"{rank:,}", "number"))
    if says_little(effect.k, n_items):
        return (*said, Part("."))
    stay = Part(f"all {effect.k}", "number") if kept == effect.k else Part(f"{kept} of {effect.k}", "number")
    return (*said, Part(", and "), stay, Part(" recommendations would stay."))
