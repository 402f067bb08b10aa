"""How does a model learn a click log?

By back-propagation through whole sessions: a batch of sessions runs through the
cells from a zero state, every click predicts the next one, one update follows.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from gru_viz.errors import InputError
from gru_viz.learn.batches import Batches, TrainingBatch
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.losses import FullSoftmax, Loss, SampledSoftmax
from gru_viz.model import GRU4Rec
from gru_viz.sessions import ClickLog

BETAS = (0.9, 0.98)  # of Adam; a shorter memory of the gradient's size than the usual 0.999


@dataclass(frozen=True)
class Progress:
    """Where training stands after a batch; epochs and batches count from 1.

    loss, gradient_norm: of this batch, the norm before clipping
    events_per_s:        predictions learned from, a second of training so far
    seconds_left:        of training; what is done between batches comes on top
    """

    epoch: int
    batch: int
    batches: int
    loss: float
    events_per_s: float
    seconds_left: float
    gradient_norm: float


@dataclass(frozen=True)
class Epoch:
    """What one time through the log gave.

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


def one_cycle(done: float, warmup: float) -> float:
    """Share of the highest learning rate when `done` of all updates, in [0, 1], are done.

    Half a cosine up from 1/25 over the warm-up, half a cosine down to 0 after it.
    """
    if done < warmup:
        return 1 / 25 + (1 - 1 / 25) * (1 - math.cos(math.pi * done / warmup)) / 2
    return (1 + math.cos(math.pi * (done - warmup) / (1 - warmup))) / 2


def train(model: GRU4Rec, log: ClickLog, config: TrainingConfig) -> Iterator[Progress | Epoch]:
    """Train `model` in place: a Progress after each batch, an Epoch after each time through the log.

    At an Epoch the model may be evaluated, recorded or saved. To cancel, stop asking for
    more. Other users of torch's random numbers neither disturb this nor are disturbed.
    Raises InputError where there is nothing to learn from, or the loss is no number any more.
    """
    return _Run(model, log, config).epochs()


class _Run:
    def __init__(self, model: GRU4Rec, log: ClickLog, config: TrainingConfig) -> None:
        self.model, self.config = model, config
        self.device = model.output_bias.device
        self.batches = Batches(log, config.batch, config.order, config.seed)
        if len(self.batches) == 0:
            raise InputError("nothing to learn from: no session has two clicks")
        self.loss = _loss(log, config)
        self.optimizer = torch.optim.Adam(
            model.parameters(), lr=config.learning_rate, betas=BETAS, fused=True
        )
        self.random = torch.Generator().manual_seed(config.seed).get_state()
        self.updates, self.events, self.seconds = 0, 0, 0.0

    def epochs(self) -> Iterator[Progress | Epoch]:
        for number in range(1, self.config.epochs + 1):
            yield from self._epoch(number)

    def _epoch(self, number: int) -> Iterator[Progress | Epoch]:
        events, seconds = self.events, self.seconds
        losses, norms = 0.0, []
        self.model.train()
        for place, batch in enumerate(self.batches.epoch(number), 1):
            loss, norm = self._timed_update(batch)
            if not math.isfinite(loss):
                raise InputError(
                    f"the loss became {loss} in epoch {number}, batch {place}; "
                    "try a smaller learning rate or a tighter clip"
                )
            losses += loss * len(batch.targets)
            norms.append(norm)
            yield self._progress(number, place, loss, norm)
            self.model.train()  # whoever watched may have recorded a session
        self.model.eval()
        yield Epoch(
            number,
            self.config.epochs,
            losses / self.batches.predictions,
            float(np.mean(norms)),
            float(np.mean(np.array(norms) > self.config.clip)),
            self.events - events,
            self.seconds - seconds,
        )

    def _progress(self, number: int, place: int, loss: float, norm: float) -> Progress:
        left = self.config.epochs * len(self.batches) - self.updates
        pace = self.seconds / self.updates
        per_second = self.events / max(self.seconds, 1e-9)
        return Progress(number, place, len(self.batches), loss, per_second, left * pace, norm)

    def _timed_update(self, batch: TrainingBatch) -> tuple[float, float]:
        began = time.perf_counter()
        with self._own_random_numbers():
            loss, norm = self._update(batch)
        self.updates += 1
        self.events += len(batch.targets)
        self.seconds += time.perf_counter() - began
        return loss, norm

    def _update(self, batch: TrainingBatch) -> tuple[float, float]:
        """Loss of the batch and norm of its gradient, before the update."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.config.learning_rate * self._learning_share()
        self.optimizer.zero_grad(set_to_none=True)
        clicks = batch.clicks.items.to(self.device)
        h = self.model.unroll(clicks, batch.clicks.batch_sizes)[-1].h
        loss = self.loss(self.model, self.model.head(h), batch.targets.to(self.device))
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        self.optimizer.step()
        return float(loss.detach()), float(norm)

    def _learning_share(self) -> float:
        if self.config.schedule == "constant":
            return 1.0
        return one_cycle(self.updates / (self.config.epochs * len(self.batches)), self.config.warmup)

    @contextmanager
    def _own_random_numbers(self) -> Iterator[None]:
        others = torch.get_rng_state()
        torch.set_rng_state(self.random)
        try:
            yield
        finally:
            self.random = torch.get_rng_state()
            torch.set_rng_state(others)


def _loss(log: ClickLog, config: TrainingConfig) -> Loss:
    if config.loss == "full":
        return FullSoftmax()
    support = np.bincount(log.items, minlength=len(log.catalog))
    return SampledSoftmax(support, config.negatives, config.alpha, config.seed)
