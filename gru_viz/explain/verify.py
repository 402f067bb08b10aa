"""How far is what was recorded from the equations, computed again in float64?"""

from __future__ import annotations

import numpy as np

from gru_viz.trace import Trace
from gru_viz.weights import LayerWeights, Weights


def largest_error(trace: Trace, weights: Weights) -> float:
    """The largest difference of any recorded gate, candidate or state from a second computation.

    The second one is a plain NumPy transcription of the equations (see `cells.gru`)
    in float64, layer by layer from the recorded items; about 1e-7 is float32's rounding.
    """
    x = _inputs(trace, weights)
    worst = 0.0
    for layer, layer_weights in zip(trace.layers, weights.layers, strict=True):
        z, r, candidate, h = recompute(x, layer.h0, layer_weights)
        for recorded, again in ((layer.z, z), (layer.r, r), (layer.candidate, candidate), (layer.h, h)):
            worst = max(worst, float(np.abs(recorded - again).max()))
        x = h
    return worst


def _inputs(trace: Trace, weights: Weights) -> np.ndarray:
    if weights.embedding is not None:
        return weights.embedding[trace.items].astype(np.float64)
    return np.eye(len(trace.catalog))[trace.items]


def recompute(x: np.ndarray, h0: np.ndarray, weights: LayerWeights) -> tuple[np.ndarray, ...]:
    """(z, r, candidate, h), each (T, H) float64, for inputs x (T, E)."""
    W, U, b = (a.astype(np.float64) for a in (weights.W, weights.U, weights.b))
    H = len(h0)
    h = h0.astype(np.float64)
    rows = []
    for projected in x @ W.T + b:
        z = _sigmoid(projected[:H] + U[:H] @ h)
        r = _sigmoid(projected[H : 2 * H] + U[H : 2 * H] @ h)
        if weights.c is None:
            recurrent = U[2 * H :] @ (r * h)
        else:
            recurrent = r * (U[2 * H :] @ h + weights.c)
        candidate = np.tanh(projected[2 * H :] + recurrent)
        h = (1 - z) * h + z * candidate
        rows.append((z, r, candidate, h))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * a))
