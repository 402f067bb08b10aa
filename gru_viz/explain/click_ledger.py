"""Which clicks' inputs add up to an item's score, with the gates as they were?

The click ledger freezes every gate and the slope ρ = h̃ / a of each tanh, where a is the
candidate's sum before tanh (ρ → 1 as a → 0). What is left of the state (an LSTM's c, else h) is
linear in the inputs:

    state_t = M_t state_{t-1} + s_t ⊙ (W_h x_t + d_t)          h_t = shown_t ⊙ state_t

    reset before   M_t = diag(1 − z_t) + diag(s_t) U_h diag(r_t)      s_t = z_t ⊙ ρ_t   d_t = b_h
    reset after    M_t = diag(1 − z_t) + diag(s_t ⊙ r_t) U_h          s_t = z_t ⊙ ρ_t   d_t = b_h + r_t ⊙ c
    LSTM           M_t = diag(f_t) + diag(s_t) U_h diag(shown_{t-1})  s_t = i_t ⊙ ρ_t   d_t = b_h
    vanilla RNN    M_t = diag(s_t) U_h                                s_t = ρ_t         d_t = b_h

So a score is a sum over clicks of the read-out of M_T … M_{k+1} (s_k ⊙ W_h x_k), plus
h_0, the output's bias and the candidates' biases d. Content that re-enters through a
later candidate is given back to the click it came from, which the write ledger does
not do. It is exact, but what a click does by moving the gates is booked nowhere: see
`deletion` for the truth. Frozen gates do not saturate, so in a long session the products may
grow without bound where the model's own state does not: entries of 1e16 that cancel to a score.
"""

from __future__ import annotations

import numpy as np

from gru_viz.explain.arithmetic import arithmetic
from gru_viz.explain.ledger import Ledger
from gru_viz.explain.readout import difference, score_of
from gru_viz.trace import LayerTrace, Trace
from gru_viz.weights import Weights


def click_ledger(
    trace: Trace, weights: Weights, item: int, against: int | None = None, step: int = -1
) -> Ledger:
    """What each click's input gives to the score of `item` after click `step` (0-based).

    With `against`, to the score of `item` minus that of `against`. With stacked layers
    this is the ledger of the top layer: x_t is the state of the layer below after click t,
    so what click t gets includes what that layer carried from earlier clicks. The split
    over clicks is then indirect, though its sum stays exact.

    Forced gates are frozen like any others. The read-out is taken backwards through
    M_T, M_{T-1}, …: O(T·H²). Entries may be inf or NaN where the products grow beyond float64.
    Raises ValueError where the top is not linear, and where the top layer's state was forced:
    what a forced state adds comes from no click's input.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return _booked(trace, weights, item, against, step)


def _booked(trace: Trace, weights: Weights, item: int, against: int | None, step: int) -> Ledger:
    last = range(len(trace))[step]
    weight, bias = difference(weights, item, against)
    top, layer = trace.layers[-1], weights.layers[-1]
    if top.forced is not None:
        raise ValueError("the click ledger is only for a recording in which no state was forced")
    sums = arithmetic(trace.prefix(last + 1), weights, len(trace.layers) - 1)
    Wx, recurrent, b = (
        part[..., -1, :].astype(np.float64) for part in (sums.input, sums.recurrent, sums.bias)
    )
    keep, write, shown = (
        values[: last + 1].astype(np.float64) for values in (top.keep, top.write_gate, top.shown)
    )
    U = layer.U[layer.rows("candidate")].astype(np.float64)
    slope = write * _rho(Wx + recurrent + b)
    # what the candidate sees of the state before is inner ⊙ (U (outer ⊙ state)), up to c
    inner, outer = np.ones_like(keep), np.ones_like(keep)
    if layer.cell == "gru":
        inner, outer = (outer, top.r[: last + 1]) if layer.c is None else (top.r[: last + 1], outer)
    elif layer.cell == "lstm":
        outer = np.vstack([_shown_at_start(top), shown[:-1]])
    d = b if layer.c is None else b + inner * layer.c

    v = weight * shown[last]  # (H,) read-out of the state after click t
    seen = np.empty_like(keep)  # row t: read-out of the candidate's sum at click t
    for t in reversed(range(last + 1)):
        seen[t] = slope[t] * v
        v = keep[t] * v + outer[t] * ((inner[t] * seen[t]) @ U)
    return Ledger(
        (seen * Wx).sum(axis=1),
        float(v @ top.state0),
        bias,
        score_of(trace, item, against, last, weights),
        float((seen * d).sum()),
    )


def _shown_at_start(layer: LayerTrace) -> np.ndarray:
    """(H,) h_0 over c_0 of an LSTM; where c_0 is 0 nothing is shown, and any factor says so."""
    assert layer.c0 is not None
    return np.divide(layer.h0, layer.c0, out=np.zeros(layer.units), where=layer.c0 != 0)


def _rho(a: np.ndarray) -> np.ndarray:
    """tanh(a) / a, in (0, 1], 1 at a = 0.

    Not the recorded candidate over a: where a is nearly 0, float32's rounding of one of
    them would give any ratio.
    """
    return np.divide(np.tanh(a), a, out=np.ones_like(a), where=a != 0)
