"""How far can what is on the page be trusted?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.verify import largest_error
from gru_viz.explain.why import Why
from gru_viz.explain.words import Part, Sentence
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True)
class Trust:
    """What was checked, just now, on the session that is shown.

    error:    largest difference of any recorded gate, candidate or state from a second
              computation in float64
    residual: largest difference between the recorded score and either ledger's sum; None where
              the top is not linear and there is no ledger
    largest_score: the largest absolute recorded score, what the residual is to be compared with
    layers:   how many recurrent layers; the ledgers are exact for the top one, lower ones are indirect
    reset:    "before" or "after"
    """

    error: float
    residual: float | None
    largest_score: float
    layers: int
    reset: str


def trust(trace: Trace, weights: Weights, why: Why) -> Trust:
    """The checks of a trace and of one score's ledgers."""
    residual = None
    if why.write is not None and why.click is not None:
        residual = max(abs(why.write.residual), abs(why.click.residual))
    return Trust(
        largest_error(trace, weights),
        residual,
        float(np.abs(trace.scores).max()),
        len(trace.layers),
        weights.layers[-1].reset,
    )


def trust_sentence(trust: Trust) -> Sentence:
    """How exact the numbers are, and what the layers and the top leave open."""
    ledgers: Sentence = (Part("; the top is not linear, so there are no ledgers and only deletion applies"),)
    if trust.residual is not None:
        ledgers = (Part("; both ledgers add up to the score within "), _bound(trust.residual))
    exact = (Part("Recomputed in double precision to "), _bound(trust.error), *ledgers)
    variant = Part(f"; z writes; reset {trust.reset}.")
    if trust.layers == 1 or trust.residual is None:  # without a ledger nothing is exact
        return (*exact, variant)
    indirect = (
        f" Exact for the top of {trust.layers} layers; what lower layers carry comes in through its input"
    )
    return (*exact, variant, Part(f"{indirect} and is indirect."))


def _bound(value: float) -> Part:
    """A small number that `value` does not exceed, with one digit: 4.1e-07 → "5e-07"."""
    if value == 0:
        return Part("0", "number")
    unit = 10.0 ** math.floor(math.log10(value))
    # a digit that is only there by rounding is not rounded up
    return Part(f"{math.ceil(round(value / unit, 6)) * unit:.0e}", "number")
