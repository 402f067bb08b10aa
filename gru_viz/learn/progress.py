"""Where does a training stand?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Where training stands after a batch; epochs and batches count from 1.

    loss, gradient_norm: of this batch, the norm before clipping
    events_per_s:        predictions learned from, a second of training so far
    seconds_left:        of training; a run adds what it takes to measure the epochs to come
    usual_norm:          median norm of the epoch's updates before this one; None where these are few
    """

    epoch: int
    batch: int
    batches: int
    loss: float
    events_per_s: float
    seconds_left: float
    gradient_norm: float
    usual_norm: float | None = None


@dataclass(frozen=True)
class Epoch:
    """What one time through the log gave.

    epoch, epochs: this one, from 1, of so many asked for
    loss:          mean over all predictions of the epoch, each at its own time, dropout on
    gradient_norm: mean over batches, before clipping; clipped is the share that was shortened
    events:        predictions learned from
    seconds:       of training
    """

    epoch: int
    epochs: int
    loss: float
    gradient_norm: float
    clipped: float
    events: int
    seconds: float

    @property
    def events_per_s(self) -> float:
        return self.events / max(self.seconds, 1e-9)
