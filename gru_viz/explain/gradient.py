"""How does the state after one click depend on the state after earlier ones?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.frozen import FrozenArrays

PATHS = ("direct", "update gate", "candidate")


@dataclass(frozen=True, eq=False)
class GradientFlow(FrozenArrays):
    """The Jacobians ∂h_T/∂h_t of one layer for every click t up to T, inputs held fixed.

    Norms are Frobenius norms over √H, so that the identity has norm 1.

    norm:   (T,) of ∂h_T/∂h_t; the last is 1
    direct: (T,) of Π_{j=t+1..T} diag(1 − z_j), the part that goes straight through
    share:  (T,) in [0, 1], direct over direct + all the rest (the norm of ∂h_T/∂h_t minus the
            direct part); the last is 1
    paths:  (T, 3) of the parts of ∂h_t/∂h_{t−1} in the order of PATHS; the reset gate belongs
            to the candidate's path
    """

    norm: np.ndarray
    direct: np.ndarray
    share: np.ndarray
    paths: np.ndarray
