"""How does the state after one click depend on the state before it, and by which path?

The state s is what a cell carries in the common form: an LSTM's c, any other cell's h. With the
click's input held fixed, s_t depends on s_{t-1} directly, and through the h_{t-1} that gates and
candidate look at:

    ds_t = diag(keep_t) ds_{t-1} + B_t dh_{t-1}        B_t the sum over these paths:

    GRU   update gate     diag((h̃_t − h_{t-1}) ⊙ z_t(1 − z_t)) U_z
          candidate       diag(z_t ⊙ (1 − h̃_t²)) A_t
            reset before  A_t = U_h [diag(r_t) + diag(h_{t-1} ⊙ r_t(1 − r_t)) U_r]
            reset after   A_t = diag(r_t) U_h + diag((U_h h_{t-1} + c) ⊙ r_t(1 − r_t)) U_r
    LSTM  forget gate     diag(c_{t-1} ⊙ f_t(1 − f_t)) U_f
          input gate      diag(c̃_t ⊙ i_t(1 − i_t)) U_i
          candidate       diag(i_t ⊙ (1 − c̃_t²)) U_c
    RNN   candidate       diag(1 − h_t²) U             keep is 0: there is no direct path

    dh_t = diag(S_t) ds_t + C_t dh_{t-1}

where S is 1 and C is 0 but for an LSTM: S_t = o_t (1 − tanh² c_t), and its output gate looks at
h_{t-1}, C_t = diag(tanh(c_t) ⊙ o_t(1 − o_t)) U_o.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays
from gru_viz.trace import LayerTrace
from gru_viz.weights import LayerWeights

_PATHS = {
    "gru": ("direct", "update gate", "candidate"),
    "lstm": ("direct", "forget gate", "input gate", "candidate"),
    "rnn": ("direct", "candidate"),
}


def paths(cell: str) -> tuple[str, ...]:
    """The ways in which one state of such a cell depends on the one before it.

    The reset gate of a GRU belongs to the candidate's path. The direct path of a vanilla RNN is 0.
    """
    return _PATHS[cell]


@dataclass(frozen=True, eq=False)
class ClickJacobian(FrozenArrays):
    """The derivatives of one click of a layer, its input held fixed; float64, row i those of unit i.

    direct:  (H,) diagonal of ∂s_t/∂s_{t-1} with h_{t-1} held
    through: (H, H) each, the paths of ∂s_t/∂h_{t-1} in the order of `paths`, the direct one left out
    shown:   (H,) diagonal of ∂h_t/∂s_t
    aside:   (H, H) ∂h_t/∂h_{t-1} with s_t held, an LSTM's output gate; None for other cells
    before:  (H,) diagonal of ∂h_{t-1}/∂s_{t-1}. An LSTM's h before the first click was not shown
             of its c, so there it is 0
    """

    direct: np.ndarray
    through: tuple[np.ndarray, ...]
    shown: np.ndarray
    aside: np.ndarray | None
    before: np.ndarray

    @property
    def parts(self) -> tuple[np.ndarray, ...]:
        """The parts of ds_t/ds_{t-1} in the order of `paths`, h_{t-1} moving along with s_{t-1}.

        direct is its diagonal (H,), the others are (H, H).
        """
        return (self.direct, *(path * self.before for path in self.through))


def jacobian(layer: LayerTrace, weights: LayerWeights, t: int) -> ClickJacobian:
    """The derivatives of click `t` (0-based), as recorded."""
    return {"gru": _gru, "lstm": _lstm, "rnn": _rnn}[layer.cell](layer, weights, t)


def _gru(layer: LayerTrace, weights: LayerWeights, t: int) -> ClickJacobian:
    z, r, candidate, h_prev = (_at(values, t) for values in (layer.z, layer.r, layer.candidate, layer.h_prev))
    Uz, Ur, Uh = _blocks(weights)
    slope_r = r * (1 - r)
    if weights.c is None:
        inner = Uh * r + (Uh * (h_prev * slope_r)) @ Ur
    else:
        inner = r[:, None] * Uh + ((Uh @ h_prev + weights.c) * slope_r)[:, None] * Ur
    update = ((candidate - h_prev) * z * (1 - z))[:, None] * Uz
    everything = np.ones(layer.units)
    through = (update, (z * (1 - candidate * candidate))[:, None] * inner)
    return ClickJacobian(1 - z, through, everything, None, everything)


def _lstm(layer: LayerTrace, weights: LayerWeights, t: int) -> ClickJacobian:
    f, i, o = (_at(layer.gates[name], t) for name in "fio")
    candidate, c_prev = _at(layer.candidate, t), _at(layer.state_prev, t)
    Uf, Ui, Uo, Uc = _blocks(weights)
    through = (
        (c_prev * f * (1 - f))[:, None] * Uf,
        (candidate * i * (1 - i))[:, None] * Ui,
        (i * (1 - candidate * candidate))[:, None] * Uc,
    )
    aside = (np.tanh(_at(layer.state, t)) * o * (1 - o))[:, None] * Uo
    before = _lstm_shows(layer, t - 1) if t > 0 else np.zeros(layer.units)
    return ClickJacobian(f, through, _lstm_shows(layer, t), aside, before)


def _lstm_shows(layer: LayerTrace, t: int) -> np.ndarray:
    """(H,) ∂h_t/∂c_t = o_t (1 − tanh² c_t)"""
    return _at(layer.gates["o"], t) * (1 - np.tanh(_at(layer.state, t)) ** 2)


def _rnn(layer: LayerTrace, weights: LayerWeights, t: int) -> ClickJacobian:
    (U,) = _blocks(weights)
    everything = np.ones(layer.units)
    candidate = (1 - _at(layer.h, t) ** 2)[:, None] * U
    return ClickJacobian(np.zeros(layer.units), (candidate,), everything, None, everything)


def _blocks(weights: LayerWeights) -> list[np.ndarray]:
    """The (H, H) blocks of U in the order of the cell's anatomy."""
    U = weights.U.astype(np.float64, copy=False)
    return [U[weights.rows(block)] for block in weights.anatomy.blocks]


def _at(values: np.ndarray, t: int) -> np.ndarray:
    return values[t].astype(np.float64)
