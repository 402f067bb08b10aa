"""What was measured of a vanilla RNN, an LSTM and two GRUs of one hidden size on the sample shop?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from gru_viz.explain.detours import Detours
from gru_viz.explain.gradient_distance import GradientDistance
from gru_viz.explain.leftover import Leftover
from gru_viz.weights import Weights

# The GRU is there twice: its reset before, and after, the recurrent weights.
CELL_ORDER = ("rnn", "lstm", "gru", "gru_after")
SASREC, MARKOV = "sasrec", "markov"
OTHERS = (SASREC, MARKOV)  # stand beside the cells in the detours


def kind(cell: str) -> str:
    """Which of `anatomy.CELLS` this is."""
    return cell.removesuffix("_after")


@dataclass(frozen=True)
class CellFacts:
    """One trained cell in numbers.

    digest:       `fingerprint` of the weights that were measured
    recurrent, parameters: how many numbers its recurrent layer has, and the whole model
    step_seconds: median time of one click of one session, on the machine of the study's note
    recall, low, high: Recall@10 on held-out sessions with its 95 % interval, as shares of the limit
    epochs:       times through the log when it was trained
    """

    digest: str
    recurrent: int
    parameters: int
    step_seconds: float
    recall: float
    low: float
    high: float
    epochs: int


@dataclass(frozen=True, eq=False)
class CellStudy:
    """All that the Cells page shows of one hidden size and does not compute.

    facts:     by cell
    detours:   by cell, and of OTHERS
    chance:    share of detours that guessing among the lenses gets right
    untrained, trained: gradients by cell, before and after training
    leftover:  by cell, what is lost where the state is not reset
    sessions:  how many sessions each gradient's quartiles are over
    machine:   where the time a step was measured, in words
    """

    facts: Mapping[str, CellFacts]
    detours: Mapping[str, Detours]
    chance: float
    untrained: Mapping[str, GradientDistance]
    trained: Mapping[str, GradientDistance]
    leftover: Mapping[str, Leftover]
    sessions: int
    machine: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it; `from_dict` takes it back."""
        return {
            "facts": {cell: vars(facts) for cell, facts in self.facts.items()},
            "detours": {name: _lists(one) for name, one in self.detours.items()},
            "chance": self.chance,
            "untrained": {cell: _lists(one) for cell, one in self.untrained.items()},
            "trained": {cell: _lists(one) for cell, one in self.trained.items()},
            "leftover": {cell: _lists(one) for cell, one in self.leftover.items()},
            "sessions": self.sessions,
            "machine": self.machine,
        }

    @staticmethod
    def from_dict(values: Any) -> CellStudy:
        """Raises ValueError, TypeError, KeyError or AttributeError for anything that is no study."""
        study = CellStudy(
            {cell: CellFacts(**values["facts"][cell]) for cell in CELL_ORDER},
            {name: _detours(values["detours"][name]) for name in (*CELL_ORDER, *OTHERS)},
            float(values["chance"]),
            {cell: _distances(values["untrained"][cell]) for cell in CELL_ORDER},
            {cell: _distances(values["trained"][cell]) for cell in CELL_ORDER},
            {cell: _leftover(values["leftover"][cell]) for cell in CELL_ORDER},
            int(values["sessions"]),
            str(values["machine"]),
        )
        if not 0 <= study.chance <= 1:
            raise ValueError("a chance that is no share")
        for facts in study.facts.values():
            numbers = [value for name, value in vars(facts).items() if name != "digest"]
            if not all(type(value) in (int, float) and np.isfinite(value) for value in numbers):
                raise TypeError("a fact that is no number")
        return study


def fingerprint(weights: Weights) -> str:
    """SHA-256 of the numbers alone, hex: what a file says about them may change."""
    arrays = [weights.embedding, weights.output_embedding, weights.output_bias]
    arrays += [array for pair in weights.feed_forward for array in pair]
    arrays += [array for layer in weights.layers for array in (layer.W, layer.U, layer.b, layer.c)]
    known = [np.ascontiguousarray(array).tobytes() for array in arrays if array is not None]
    return hashlib.sha256(b"".join(known)).hexdigest()


def _lists(value: Detours | GradientDistance | Leftover) -> dict[str, list[float]]:
    """Six digits are more than any figure shows."""
    return {
        field.name: [
            int(one) if one == int(one) else float(f"{one:.6g}") for one in getattr(value, field.name)
        ]
        for field in fields(value)
    }


def _detours(values: Any) -> Detours:
    made = Detours(*(np.array(values[name], dtype=np.int64) for name in ("lengths", "right", "asked")))
    shapes = {made.lengths.shape, made.right.shape, made.asked.shape}
    if len(shapes) > 1 or made.lengths.ndim != 1 or not len(made.lengths):
        raise ValueError("not a count for every length")
    if (made.asked < 1).any() or (made.right < 0).any() or (made.right > made.asked).any():
        raise ValueError("more right than asked")
    return made


def _distances(values: Any) -> GradientDistance:
    made = GradientDistance(*(np.array(values[name], dtype=np.float64) for name in ("low", "median", "high")))
    if len({made.low.shape, made.median.shape, made.high.shape}) > 1 or made.median.ndim != 1:
        raise ValueError("not three quartiles of every distance")
    if not len(made.median) or not all(
        np.isfinite(one).all() and (one >= 0).all() for one in (made.low, made.median, made.high)
    ):
        raise ValueError("a norm is a number from 0")
    return made


def _leftover(values: Any) -> Leftover:
    asked = np.array(values["asked"], dtype=np.int64)
    shares = [np.array(values[name], dtype=np.float64) for name in ("fresh", "left", "low", "high")]
    if asked.ndim != 1 or not len(asked) or any(one.shape != asked.shape for one in shares):
        raise ValueError("not a share after every click")
    if (asked < 1).any() or not all((np.abs(one) <= 1).all() for one in shares):
        raise ValueError("a share is at most 1")
    return Leftover(asked, *shares)
