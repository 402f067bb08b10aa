"""How far is what was recorded from the equations, computed again in float64?"""

from __future__ import annotations

import numpy as np

from gru_viz.trace import Trace
from gru_viz.weights import LayerWeights, Weights


def largest_error(trace: Trace, weights: Weights) -> float:
    """The largest difference of any recorded gate, candidate or state from a second computation.

    The second one is a plain NumPy transcription of the equations (see `cells.gru`)
    in float64, layer by layer from the recorded items; about 1e-7 is float32's rounding. NaN where
    either computation gave what is no number. Raises ValueError for a recording with
    interventions, which the equations alone do not give.
    """
    trace.require_no_interventions("the second computation")
    with np.errstate(over="ignore", invalid="ignore"):
        return _worst(trace, weights)


def _worst(trace: Trace, weights: Weights) -> float:
    worst = 0.0
    below: np.ndarray | None = None
    for layer, layer_weights in zip(trace.layers, weights.layers, strict=True):
        projected = _projected(trace, weights) if below is None else below @ _double(layer_weights.W).T
        z, r, candidate, h = recompute(projected + layer_weights.b, layer.h0, layer_weights)
        for recorded, again in ((layer.z, z), (layer.r, r), (layer.candidate, candidate), (layer.h, h)):
            worst = float(np.maximum(worst, np.abs(recorded - again).max()))  # lets NaN through
        below = h
    return worst


def _projected(trace: Trace, weights: Weights) -> np.ndarray:
    """W x of the first layer, (T, 3H) float64; a one-hot input picks columns of W."""
    W = weights.layers[0].W
    if weights.embedding is None:
        return _double(W.T[trace.items])
    return _double(weights.embedding[trace.items]) @ _double(W).T


def recompute(projected: np.ndarray, h0: np.ndarray, weights: LayerWeights) -> tuple[np.ndarray, ...]:
    """(z, r, candidate, h), each (T, H) float64, for inputs W x + b (T, 3H)."""
    U = _double(weights.U)
    H = len(h0)
    h = _double(h0)
    rows = []
    for Wx in projected:
        z = _sigmoid(Wx[:H] + U[:H] @ h)
        r = _sigmoid(Wx[H : 2 * H] + U[H : 2 * H] @ h)
        if weights.c is None:
            recurrent = U[2 * H :] @ (r * h)
        else:
            recurrent = r * (U[2 * H :] @ h + weights.c)
        candidate = np.tanh(Wx[2 * H :] + recurrent)
        h = (1 - z) * h + z * candidate
        rows.append((z, r, candidate, h))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def _double(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64)


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * a))
