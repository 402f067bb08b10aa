"""How does the state after one click depend on the state after earlier ones?

What flows is the gradient of the state s that a cell carries in the common form, an LSTM's c, any
other cell's h: ds_T/ds_t with the inputs held fixed. It is taken backwards, through what one click
passes on (see `jacobian`; keep, B, S and C are its symbols):

    R_T = I, Q_T = 0                       ∂s_T/∂s_t and ∂s_T/∂h_t, each with the other held
    ds_T/ds_t = R_t + Q_t diag(S_t)        h_t moves along with s_t
    R_{t-1} = ds_T/ds_t diag(keep_t)
    Q_{t-1} = ds_T/ds_t B_t + Q_t C_t

Where all of the state is shown, S = 1 and C = 0, that is a product of one matrix a click,
J_T … J_{t+1} with J_t = diag(keep_t) + B_t. What the gates alone tell, the product of keep, is the
direct part of it and no more; a vanilla RNN has no such part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gru_viz.explain.jacobian import jacobian, paths
from gru_viz.explain.words import KEEPS, Part, Sentence, in_top_layer, number, share, title
from gru_viz.frozen import FrozenArrays
from gru_viz.plain_text import shorten
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class GradientFlow(FrozenArrays):
    """The Jacobians ds_T/ds_t of one layer for every click t up to T, inputs held fixed.

    Norms are Frobenius norms over √H, so that the identity has norm 1.

    norm:   (T,) of ds_T/ds_t; the last is 1
    direct: (T,) of Π_{j=t+1..T} diag(keep_j), the part that goes straight through
    share:  (T,) in [0, 1], direct over direct + all the rest (the norm of ds_T/ds_t minus the
            direct part); the last is 1. 1 where the rest is 0, also where nothing gets through
            at all: the gates then tell the whole story
    paths:  (T, P) of the parts of ds_t/ds_{t−1} in the order of `jacobian.paths`
    cell:   whose paths these are, a key of `anatomy.CELLS`
    """

    norm: np.ndarray
    direct: np.ndarray
    share: np.ndarray
    paths: np.ndarray
    cell: str = "gru"


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
    H, cell = recorded.units, recorded.cell
    w = replace(weights.layers[layer], U=weights.layers[layer].U.astype(np.float64))  # once, not T times
    norm, direct, shares, parts = np.empty(T), np.empty(T), np.empty(T), np.empty((T, len(paths(cell))))
    by_state, by_h, straight = np.eye(H), np.zeros((H, H)), np.ones(H)  # all over 2^exponent
    exponent = 0
    for t in reversed(range(T)):
        click = jacobian(recorded, w, t)
        product = by_state + by_h * click.shown
        norm[t], direct[t] = (_unscaled(_norm(part), exponent) for part in (product, straight))
        shares[t] = _share(_norm(straight), _norm(product - np.diag(straight)))
        parts[t] = [_norm(part) for part in click.parts]
        by_state, straight = product * click.direct, straight * click.direct
        by_h = product @ sum(click.through) + (0 if click.aside is None else by_h @ click.aside)
        shift = int(np.frexp(max(np.abs(by_state).max(), np.abs(by_h).max(), straight.max()))[1])
        by_state, by_h, straight = (np.ldexp(part, -shift) for part in (by_state, by_h, straight))
        exponent += shift
    return GradientFlow(norm, direct, shares, parts, cell)


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
    what = "the memory's gradient" if flow.cell == "lstm" else "the gradient"
    size = (Part(f", {what}{where} has norm "), _size(float(flow.norm[0])))
    if flow.cell not in KEEPS:
        no_gate = "; none of it is direct: at every click it passes through weights and tanh."
        return (Part(f"{start} back to "), *first, *size, Part(no_gate))
    return (
        *(Part(f"{start} back to "), *first, *size, Part("; its direct share, through ")),
        *(*_gate(flow.cell), Part(", is "), share(float(flow.share[0])), *_misleading(flow.share[:-1])),
    )


def _gate(cell: str) -> Sentence:
    keeps = Part(KEEPS[cell], KEEPS[cell])
    return (Part("1 − "), keeps) if cell == "gru" else (Part("the forget gate "), keeps)


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
