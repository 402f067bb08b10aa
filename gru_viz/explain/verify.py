"""How far is what was recorded from the equations, computed again in float64?"""

from __future__ import annotations

import numpy as np

from gru_viz.trace import Trace
from gru_viz.weights import LayerWeights, Weights


def largest_error(trace: Trace, weights: Weights) -> float:
    """The largest difference of any recorded gate, candidate or state from a second computation.

    The second one is a plain NumPy transcription of the equations (see `cells`)
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
        starts = (layer.h0,) if layer.c0 is None else (layer.h0, layer.c0)
        again = recompute(projected + layer_weights.b, starts, layer_weights)
        for name, recorded in layer.quantities().items():
            worst = float(np.maximum(worst, np.abs(recorded - again[name]).max()))  # lets NaN through
        below = again["h"]
    return worst


def _projected(trace: Trace, weights: Weights) -> np.ndarray:
    """W x of the first layer, (T, B·H) float64; a one-hot input picks columns of W."""
    W = weights.layers[0].W
    if weights.embedding is None:
        return _double(W.T[trace.items])
    return _double(weights.embedding[trace.items]) @ _double(W).T


def recompute(
    projected: np.ndarray, starts: tuple[np.ndarray, ...], weights: LayerWeights
) -> dict[str, np.ndarray]:
    """Every recorded quantity (T, H) in float64, for inputs W x + b (T, B·H).

    starts: (H,) h before the first click, and c of an LSTM
    """
    click = {"gru": _gru, "lstm": _lstm, "rnn": _rnn}[weights.cell]
    carried, clicks = tuple(map(_double, starts)), []
    for Wx in projected:
        held = click(Wx, carried, weights)
        carried = tuple(held[name] for name in weights.anatomy.carries)
        clicks.append(held)
    return {name: np.array([held[name] for held in clicks]) for name in clicks[0]}


def _gru(Wx: np.ndarray, carried: tuple[np.ndarray, ...], weights: LayerWeights) -> dict[str, np.ndarray]:
    (h,) = carried
    H, U = len(h), _double(weights.U)
    z = _sigmoid(Wx[:H] + U[:H] @ h)
    r = _sigmoid(Wx[H : 2 * H] + U[H : 2 * H] @ h)
    if weights.c is None:
        recurrent = U[2 * H :] @ (r * h)
    else:
        recurrent = r * (U[2 * H :] @ h + weights.c)
    candidate = np.tanh(Wx[2 * H :] + recurrent)
    return {"z": z, "r": r, "candidate": candidate, "h": (1 - z) * h + z * candidate}


def _lstm(Wx: np.ndarray, carried: tuple[np.ndarray, ...], weights: LayerWeights) -> dict[str, np.ndarray]:
    h, c = carried
    H = len(h)
    a = Wx + _double(weights.U) @ h
    f, i, o = _sigmoid(a[: 3 * H]).reshape(3, H)
    candidate = np.tanh(a[3 * H :])
    c = f * c + i * candidate
    return {"f": f, "i": i, "o": o, "candidate": candidate, "c": c, "h": o * np.tanh(c)}


def _rnn(Wx: np.ndarray, carried: tuple[np.ndarray, ...], weights: LayerWeights) -> dict[str, np.ndarray]:
    return {"h": np.tanh(Wx + _double(weights.U) @ carried[0])}


def _double(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64)


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * a))
