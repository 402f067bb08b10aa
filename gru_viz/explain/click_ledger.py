"""Which clicks' inputs add up to an item's score, with the gates as they were?

The click ledger freezes every gate and the slope ρ = h̃ / a of each tanh, where a is the
candidate's sum before tanh (ρ → 1 as a → 0). What is left is linear in the inputs:

    h_t = M_t h_{t-1} + s_t ⊙ (W_h x_t + d_t)                 s_t = z_t ⊙ ρ_t

    reset before   M_t = diag(1 − z_t) + diag(s_t) U_h diag(r_t)      d_t = b_h
    reset after    M_t = diag(1 − z_t) + diag(s_t ⊙ r_t) U_h          d_t = b_h + r_t ⊙ c

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
from gru_viz.trace import Trace
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
        part[..., 2, :].astype(np.float64) for part in (sums.input, sums.recurrent, sums.bias)
    )
    z, r = (gate[: last + 1].astype(np.float64) for gate in (top.z, top.r))
    U = layer.U[2 * top.units :].astype(np.float64)
    slope = z * _rho(Wx + recurrent + b)
    d = b if layer.c is None else b + r * layer.c

    v = weight  # (H,) read-out of the state after click t
    seen = np.empty_like(z)  # row t: read-out of the candidate's sum at click t
    for t in reversed(range(last + 1)):
        seen[t] = slope[t] * v
        through = r[t] * (seen[t] @ U) if layer.c is None else (r[t] * seen[t]) @ U
        v = (1 - z[t]) * v + through
    return Ledger(
        (seen * Wx).sum(axis=1),
        float(v @ top.h0),
        bias,
        score_of(trace, item, against, last, weights),
        float((seen * d).sum()),
    )


def _rho(a: np.ndarray) -> np.ndarray:
    """tanh(a) / a, in (0, 1], 1 at a = 0.

    Not the recorded candidate over a: where a is nearly 0, float32's rounding of one of
    them would give any ratio.
    """
    return np.divide(np.tanh(a), a, out=np.ones_like(a), where=a != 0)
