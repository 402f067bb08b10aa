"""At which clicks was an item's score written?

The write ledger (REAT, Du et al., WWW 2019, arXiv 1903.11245):

    state_T = Σ_k [Π_{j=k+1..T} keep_j] ⊙ write_k + [Π_{j=1..T} keep_j] ⊙ state_0
    h_T     = shown_T ⊙ state_T                     shown is 1 but for an LSTM, o ⊙ tanh(c) / c

so that, read out linearly, every score is an exact sum over clicks, h_0 and the bias.
Exact accounting is not an ablation: what an early click left in memory can be written
again by later clicks through their candidates, and is then booked to them. See
`click_ledger` for another way to book it and `deletion` for the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import difference, score_of
from gru_viz.explain.remains import remains
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class Ledger(FrozenArrays):
    """One item's score, or the difference of two, as a sum over T clicks; float64.

    clicks:         (T,) what is booked to each click; positive raises the score
    h0:             what is booked to the state before the first click
    bias:           what is scored with an empty memory, feed-forward biases included
    score:          as recorded
    candidate_bias: what is booked to the candidates' biases; 0 in the write ledger, where
                    they are part of what each click writes
    """

    clicks: np.ndarray
    h0: float
    bias: float
    score: float
    candidate_bias: float = 0.0

    def __len__(self) -> int:
        return len(self.clicks)

    @property
    def total(self) -> float:
        """The sum of all entries."""
        return float(self.clicks.sum()) + self.h0 + self.bias + self.candidate_bias

    @property
    def residual(self) -> float:
        """Recorded score minus the sum of all entries; float32 leaves about 1e-6."""
        return self.score - self.total


def write_ledger(
    trace: Trace, weights: Weights, item: int, against: int | None = None, step: int = -1
) -> Ledger:
    """What each click wrote of the score of `item` after click `step` (0-based).

    With `against`, of the score of `item` minus that of `against`. Exact over the top
    layer's writes; with stacked layers these hold what lower layers carried, too. What an
    intervention puts into the state counts as written at its click.

    Raises ValueError where the top is not linear, and where an LSTM's h was held at a value: what
    it then shows was written at no click.
    """
    last = range(len(trace))[step]
    top = trace.layers[-1]
    if top.c is not None and _shows_what_nobody_wrote(trace):
        raise ValueError("the write ledger is only for a recording in which no LSTM's h was held at a value")
    weight, bias = difference(weights, item, against)
    weight = weight * top.shown[last]
    left = remains(top, last)
    return Ledger(
        left.surviving @ weight,
        float((left.kept[0] * top.keep[0] * top.state0) @ weight),
        bias,
        score_of(trace, item, against, last, weights),
    )


def _shows_what_nobody_wrote(trace: Trace) -> bool:
    held = (i for i in trace.interventions if i.quantity == "h" and i.action == "clamp" and i.value != 0)
    return any(i.acts_on(len(trace.layers) - 1, len(trace.layers)) for i in held)
