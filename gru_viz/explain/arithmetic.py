"""Which numbers were added up to give this unit's gates at this click?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class Arithmetic(FrozenArrays):
    """The B sums behind every unit of one layer; axis 1 is the cell's blocks: z, r, candidate.

    input:     (T, B, H) W x
    recurrent: (T, B, H) U h_{t-1}; for a GRU's candidate U (r ⊙ h_{t-1}) with reset before,
               r ⊙ (U h_{t-1} + c) with reset after
    bias:      (B, H)
    reset:     "before" or "after", which decides what a GRU's recurrent term of the candidate is

    σ(input + recurrent + bias) is a gate where it is not forced, tanh of it the candidate.
    h_{t-1} is the state that the click looked at, forced or not.
    """

    input: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    reset: str


def arithmetic(trace: Trace, weights: Weights, layer: int) -> Arithmetic:
    """The sums of layer `layer` (0 is the input side) at every click of the trace.

    In the model's precision, so absurd weights give inf, as they gave the model.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _sums(trace, weights, layer)


def _sums(trace: Trace, weights: Weights, layer: int) -> Arithmetic:
    recorded, w = trace.layers[layer], weights.layers[layer]
    T, H = recorded.h.shape
    B = len(w.anatomy.blocks)
    if layer > 0:
        Wx = trace.layers[layer - 1].h @ w.W.T
    elif weights.embedding is not None:
        Wx = weights.embedding[trace.items] @ w.W.T
    else:
        Wx = w.W.T[trace.items]
    h_prev = recorded.seen
    if w.cell == "gru":
        gates = h_prev @ w.U[: 2 * H].T
        if w.c is None:
            candidate = (recorded.r * h_prev) @ w.U[2 * H :].T
        else:
            candidate = recorded.r * (h_prev @ w.U[2 * H :].T + w.c)
        recurrent = np.concatenate([gates, candidate], axis=1)
    else:
        recurrent = h_prev @ w.U.T
    return Arithmetic(Wx.reshape(T, B, H), recurrent.reshape(T, B, H), w.b.reshape(B, H), w.reset)
