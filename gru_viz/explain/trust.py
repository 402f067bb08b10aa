"""How far can what is on the page be trusted?"""

from __future__ import annotations

from dataclasses import dataclass


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
