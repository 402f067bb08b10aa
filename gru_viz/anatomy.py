"""What is each kind of recurrent cell made of?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Anatomy:
    """The parts of a cell, by the names that traces, weights and interventions use.

    name:    as it is written in a sentence
    gates:   in the order of their blocks in W, U and b; the candidate's block comes last
    carries: what it hands to the next click; the last of them has the common form
             ``state[t] = keep[t] * state[t-1] + write[t]``
    """

    name: str
    gates: tuple[str, ...]
    carries: tuple[str, ...] = ("h",)

    @property
    def blocks(self) -> tuple[str, ...]:
        """What each H rows of W, U and b are for."""
        return (*self.gates, "candidate")

    @property
    def state(self) -> str:
        """Which quantity is carried in the common form: h, or the c of an LSTM."""
        return self.carries[-1]


CELLS = {
    "gru": Anatomy("GRU", ("z", "r")),
    "lstm": Anatomy("LSTM", ("f", "i", "o"), ("h", "c")),
    "rnn": Anatomy("vanilla RNN", ()),
}

# everything that is recorded in one cell or another
QUANTITIES = ("z", "r", "f", "i", "o", "candidate", "c", "h")
