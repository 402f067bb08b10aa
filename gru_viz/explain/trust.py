"""How far can what is on the page be trusted?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import decode
from gru_viz.explain.verify import largest_error
from gru_viz.explain.why import CARRIED, WRITTEN, Why
from gru_viz.explain.words import Part, Sentence, a_cell, number, power_of_ten
from gru_viz.trace import Trace
from gru_viz.weights import Weights

# How far a check may be off: gates and states, and scores and ledgers' sums of the largest score.
SINGLE, DOUBLE = 1e-4, 1e-9
WRITTEN_OUT = 0.01  # what is smaller is written with a power of ten


@dataclass(frozen=True)
class Trust:
    """What was checked, just now, on the session that is shown.

    error:    largest difference of any recorded gate, candidate or state from a second
              computation in float64
    scores:   largest difference of the recorded scores after the explained click from those
              decoded again in float64 from the recorded state; of a large catalogue the kept ones
    write:    difference between the recorded score and the write ledger's sum; None where the top
              is not linear and there is no ledger
    click:    the same of the click ledger; None also where its entries cancel beyond what numbers hold
    largest_score: the largest absolute recorded score, what these are to be compared with
    layers:   how many recurrent layers; the ledgers are exact for the top one, lower ones are indirect
    reset:    "before" or "after"; None where the cell is no GRU
    double:   whether float64 was recorded
    cell:     which kind, a key of `anatomy.CELLS`

    A check that could not be worked out is NaN.
    """

    error: float
    scores: float
    write: float | None
    click: float | None
    largest_score: float
    layers: int
    reset: str | None
    double: bool = False
    cell: str = "gru"

    @property
    def bound(self) -> float:
        """How far gates and states may be off in this precision."""
        return DOUBLE if self.double else SINGLE

    @property
    def score_bound(self) -> float:
        """How far scores and the ledgers' sums may be off."""
        return self.bound * max(1.0, self.largest_score)

    @property
    def holds(self) -> bool:
        """Is every check within its bound?"""
        return not self.failed

    @property
    def failed(self) -> list[str]:
        """The fields that are not within their bounds; what is no number is not."""
        checks = {
            "error": (self.error, self.bound),
            "scores": (self.scores, self.score_bound),
            "write": (self.write, self.score_bound),
            "click": (self.click, self.score_bound),
        }
        return [name for name, (off, bound) in checks.items() if off is not None and not off <= bound]


def trust(trace: Trace, weights: Weights, why: Why) -> Trust:
    """The checks of a trace and of one score's ledgers."""
    write, click = (None if ledger is None else abs(ledger.residual) for ledger in (why.write, why.click))
    top = trace.layers[-1]
    return Trust(
        largest_error(trace, weights),
        _scores_error(trace, weights, len(why) - 1),
        write,
        click,
        float(np.abs(trace.scores).max()),
        len(trace.layers),
        weights.layers[-1].reset if top.cell == "gru" else None,
        top.h.dtype == np.float64,
        top.cell,
    )


def _scores_error(trace: Trace, weights: Weights, step: int) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        again = decode(weights, trace.layers[-1].h[step : step + 1])[0]
        if trace.scored is not None:
            again = again[trace.scored[step]]
        return float(np.abs(trace.scores[step] - again).max())


def trust_sentence(trust: Trust) -> Sentence:
    """How exact the numbers are, or which are not; and what the layers and the top leave open."""
    failed = trust.failed
    if failed:
        return tuple(part for name in failed for part in _failure(trust, name, " " * (name != failed[0])))
    exact = (
        *(Part("Recomputed in double precision to "), _bound(max(trust.error, trust.scores))),
        *_ledgers(trust),
    )
    is_a = f"z writes; reset {trust.reset}" if trust.reset else f"the cell is {a_cell(trust.cell)}"
    variant = Part(f"; {is_a}.")
    if trust.layers == 1 or trust.write is None:  # without a ledger nothing is exact
        return (*exact, variant)
    indirect = (
        f" Exact for the top of {trust.layers} layers; what lower layers carry comes in through its input"
    )
    return (*exact, variant, Part(f"{indirect} and is indirect."))


def _ledgers(trust: Trust) -> Sentence:
    if trust.write is None:
        return (Part("; the top is not linear, so there are no ledgers and only deletion applies"),)
    written = (Part("; "), WRITTEN, Part(" adds up to the score within "), _bound(trust.write))
    if trust.click is None:
        return (*written, Part(", "), CARRIED, Part(" cannot be told"))
    return (*written, Part(", "), CARRIED, Part(" within "), _bound(trust.click))


def _failure(trust: Trust, name: str, opening: str) -> Sentence:
    of = (Part(", where the largest score is "), number(trust.largest_score), Part("."))
    if name == "error":
        what = "States" if trust.cell == "rnn" else "Gates and states"
        subject = f"{what} cannot be recomputed exactly here: they are off by "
        return (Part(f"{opening}{subject}"), _bound(trust.error), Part("."))
    if name == "scores":
        return (Part(f"{opening}The scores do not follow from the state: off by "), _bound(trust.scores), *of)
    ledger, off = (WRITTEN, trust.write) if name == "write" else (CARRIED, trust.click)
    assert off is not None
    subject = " ledger cannot be added up exactly here: its sum is off by "
    return (Part(f"{opening}The "), ledger, Part(subject), _bound(off), *of)


def _bound(value: float) -> Part:
    """A small number that `value` does not exceed, with one digit: 4.1e-07 → "5 × 10⁻⁷"."""
    if not math.isfinite(value):
        return Part("not a number", "number")
    if value == 0:
        return Part("0", "number")
    unit = 10.0 ** math.floor(math.log10(value))
    # a digit that is only there by rounding is not rounded up
    bound = math.ceil(round(value / unit, 6)) * unit
    return Part(power_of_ten(bound) if bound < WRITTEN_OUT else f"{bound:.1g}", "number")
