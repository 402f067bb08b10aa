"""How does the state after one click depend on the state after earlier ones?

With the inputs held fixed, ∂h_T/∂h_t = J_T … J_{t+1}, where J_t = ∂h_t/∂h_{t-1} is the sum of

    direct          diag(1 − z_t)
    update gate     diag((h̃_t − h_{t-1}) ⊙ z_t(1 − z_t)) U_z
    candidate       diag(z_t ⊙ (1 − h̃_t²)) A_t
      reset before  A_t = U_h [diag(r_t) + diag(h_{t-1} ⊙ r_t(1 − r_t)) U_r]
      reset after   A_t = diag(r_t) U_h + diag((U_h h_{t-1} + c) ⊙ r_t(1 − r_t)) U_r

What the gates alone tell, the product of 1 − z, is the direct part of it and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gru_viz.explain.words import Part, Sentence, in_top_layer, number, share, title
from gru_viz.frozen import FrozenArrays
from gru_viz.plain_text import shorten
from gru_viz.trace import LayerTrace, Trace
from gru_viz.weights import LayerWeights, Weights

PATHS = ("direct", "update gate", "candidate")


@dataclass(frozen=True, eq=False)
class GradientFlow(FrozenArrays):
    """The Jacobians ∂h_T/∂h_t of one layer for every click t up to T, inputs held fixed.

    Norms are Frobenius norms over √H, so that the identity has norm 1.

    norm:   (T,) of ∂h_T/∂h_t; the last is 1
    direct: (T,) of Π_{j=t+1..T} diag(1 − z_j), the part that goes straight through
    share:  (T,) in [0, 1], direct over direct + all the rest (the norm of ∂h_T/∂h_t minus the
            direct part); the last is 1. 1 where the rest is 0, also where nothing gets through
            at all: the gates then tell the whole story
    paths:  (T, 3) of the parts of ∂h_t/∂h_{t−1} in the order of PATHS; the reset gate belongs
            to the candidate's path
    """

    norm: np.ndarray
    direct: np.ndarray
    share: np.ndarray
    paths: np.ndarray


def jacobian(layer: LayerTrace, weights: LayerWeights, t: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The parts of ∂h_t/∂h_{t−1} in the order of PATHS, inputs held fixed; float64.

    direct is the diagonal (H,), the other two are (H, H), row i the derivatives of unit i.
    """
    H = layer.units
    z, r, candidate, h_prev = (
        values[t].astype(np.float64) for values in (layer.z, layer.r, layer.candidate, layer.h_prev)
    )
    U = weights.U.astype(np.float64, copy=False)
    Uz, Ur, Uh = U[:H], U[H : 2 * H], U[2 * H :]
    slope_r = r * (1 - r)
    if weights.c is None:
        inner = Uh * r + (Uh * (h_prev * slope_r)) @ Ur
    else:
        inner = r[:, None] * Uh + ((Uh @ h_prev + weights.c) * slope_r)[:, None] * Ur
    update = ((candidate - h_prev) * z * (1 - z))[:, None] * Uz
    return 1 - z, update, (z * (1 - candidate * candidate))[:, None] * inner


def gradient_flow(trace: Trace, weights: Weights, layer: int = -1, step: int = -1) -> GradientFlow:
    """The gradients of the state of `layer` after click `step` (0-based) back to every click before.

    With stacked layers it is the layer's own recurrence: its inputs come from below and
    do not look up, so holding them fixed leaves nothing of it out.

    The product is taken backwards, one (H, H) at a time: O(T·H³). It is kept within float64's
    range by powers of two, so shares hold where norms under- or overflow; a norm that overflows
    is given as the largest float64.

    Raises ValueError for a recording with interventions: a forced quantity follows nothing.
    """
    trace.require_no_interventions("the gradient flow")
    T = range(len(trace))[step] + 1
    recorded = trace.layers[layer]
    w = replace(weights.layers[layer], U=weights.layers[layer].U.astype(np.float64))  # once, not T times
    norm, direct, shares, paths = np.empty(T), np.empty(T), np.empty(T), np.empty((T, len(PATHS)))
    product, straight = np.eye(recorded.units), np.ones(recorded.units)  # both over 2^exponent
    exponent = 0
    for t in reversed(range(T)):
        norm[t], direct[t] = (_unscaled(_norm(part), exponent) for part in (product, straight))
        shares[t] = _share(_norm(straight), _norm(product - np.diag(straight)))
        parts = jacobian(recorded, w, t)
        paths[t] = [_norm(part) for part in parts]
        product = product * parts[0] + product @ (parts[1] + parts[2])
        straight = straight * parts[0]
        shift = int(np.frexp(max(np.abs(product).max(), straight.max()))[1])
        product, straight = np.ldexp(product, -shift), np.ldexp(straight, -shift)
        exponent += shift
    return GradientFlow(norm, direct, shares, paths)


def _norm(part: np.ndarray) -> float:
    """Frobenius over √H of an (H, H) matrix, or of the diagonal one with these (H,) numbers."""
    return float(np.linalg.norm(part)) / len(part) ** 0.5


def _unscaled(value: float, exponent: int) -> float:
    with np.errstate(over="ignore"):
        return float(min(np.ldexp(value, exponent), np.finfo(np.float64).max))


def _share(direct: float, rest: float) -> float:
    return 1.0 if rest == 0 else direct / (direct + rest)


# --- words

LARGE = 1000  # a norm beyond this is said to be over it
TITLE = 30  # characters of the first click's title


def gradient_sentence(trace: Trace, flow: GradientFlow) -> Sentence:
    """How much gradient gets back to the first click, and where the gates alone tell too little of it."""
    last = len(flow.norm) - 1
    first = (Part("click 1, "), Part(shorten(title(trace, int(trace.items[0])).text, TITLE), "item"))
    if last == 0:
        return (Part("At "), *first, Part(", there is no earlier click to flow back to."))
    start, where = f"From click {last + 1}", in_top_layer(trace)
    if flow.norm[0] == 0:
        return (Part(f"{start} no gradient gets back to "), *first, Part(f"{where}."))
    return (
        *(Part(f"{start} back to "), *first, Part(f", the gradient{where} has norm ")),
        *(_size(float(flow.norm[0])), Part("; its direct share, through 1 − "), Part("z", "z")),
        *(Part(", is "), share(float(flow.share[0])), *_misleading(flow.share[:-1])),
    )


def _misleading(shares: np.ndarray) -> Sentence:
    """For how many clicks the direct path is the lesser part."""
    less = int((shares < 0.5).sum())
    if less == 0:
        return (Part("."),)
    untold = Part(": the gates alone tell too little.")
    if len(shares) == 1:
        return (untold,)
    count = Part(f"{less} of {len(shares)}", "number")
    return (Part(", under half at "), count, Part(" earlier clicks"), untold)


def _size(value: float) -> Part:
    if 0 < value < 0.01:
        return Part("under 0.01", "number")
    return Part(f"over {LARGE:,}", "number") if value > LARGE else number(value)
