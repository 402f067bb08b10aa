"""How does a baseline find its weights?

By gradient: epoch after epoch through its examples in small batches, an update after each.
"""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.base import Baseline
from gru_viz.errors import InputError
from gru_viz.learn.optimizer import BETAS, one_cycle
from gru_viz.learn.own_random import OwnRandomNumbers
from gru_viz.sessions import ClickLog

WARMUP = 0.1  # share of all updates over which the learning rate rises


@dataclass(frozen=True)
class Fitting:
    """How long and how fast to learn.

    epochs:        times through the examples
    batch:         examples an update, about
    learning_rate: the highest one; it rises over the first tenth of all updates, then falls to nothing
    clip:          a gradient longer than this is shortened to it; ∞ for never
    seed:          decides every random number; the same seed gives the same weights

    Raises InputError for values that make no sense.
    """

    epochs: int
    batch: int
    learning_rate: float
    clip: float = math.inf
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}")
        for name in ("learning_rate", "clip"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name} must be above 0, not {getattr(self, name)}")
        if not 0 <= self.seed < 2**63:
            raise InputError(f"seed must be a whole number from 0, not {self.seed}")


@dataclass(frozen=True)
class FitProgress:
    """Where fitting stands after an update; epochs, updates and examples count from 1.

    done, of:     updates, of about as many in all
    loss:         of this batch
    events_per_s: examples learned from, a second of learning so far
    """

    epoch: int
    epochs: int
    done: int
    of: int
    loss: float
    events_per_s: float
    seconds_left: float


Net = TypeVar("Net", bound=nn.Module)


class LearnedByGradient(Baseline, Generic[Net]):
    """A baseline with weights; a new one needs a name, `_begin`, `_batches`, `_loss` and `score`.

    `fit_steps` is `fit` that says after every update where it stands. To cancel, stop asking
    for more: what was learned by then can score. Other users of torch's random numbers
    neither disturb it nor are disturbed.

    net: what was learned and is needed to score
    """

    fitting: Fitting
    net: Net

    def fit(self, log: ClickLog) -> Self:
        for _ in self.fit_steps(log):
            pass
        return self

    def fit_steps(self, log: ClickLog) -> Iterator[FitProgress]:
        """Learn from the log, a report after each update; what was learned before is forgotten.

        Raises InputError where there is nothing to learn from, or the loss is no number any more.
        """
        if not (log.lengths > 1).any():
            raise InputError(f"{self.name} has nothing to learn from: no session has two clicks")
        self.n_items = len(log.catalog)
        random = OwnRandomNumbers(self.fitting.seed, torch.device("cpu"))
        with random.drawn():
            self.net = self._begin(log)
        optimizer = self._optimizer()
        epochs, done, examples, seconds = self.fitting.epochs, 0, 0, 0.0
        for epoch in range(1, epochs + 1):
            batches = self._batches(np.random.default_rng([self.fitting.seed, epoch]))
            of = done + len(batches) * (epochs - epoch + 1)
            for batch in batches:
                began = time.perf_counter()
                with random.drawn():
                    loss = self._update(optimizer, batch, done / of)
                seconds += max(time.perf_counter() - began, 1e-9)
                done, examples = done + 1, examples + len(batch)
                if not math.isfinite(loss):
                    raise InputError(
                        f"the loss of {self.name} became {loss} in epoch {epoch}; try a smaller learning rate"
                    )
                left = (of - done) * seconds / done
                yield FitProgress(epoch, epochs, done, of, loss, examples / seconds, left)

    @property
    def parameters(self) -> int:
        """How many learned numbers a prediction is made from; 0 before `fit`."""
        return sum(weights.numel() for weights in self.net.parameters()) if self.n_items else 0

    @abstractmethod
    def _begin(self, log: ClickLog) -> Net:
        """New weights, from torch's random numbers; what learning from this log needs is kept beside them."""

    @abstractmethod
    def _batches(self, rng: np.random.Generator) -> Sequence[Any]:
        """The batches of an epoch; `len` of one says how many examples it has."""

    @abstractmethod
    def _loss(self, batch: Any) -> Tensor:
        """What this batch makes smaller, a scalar with a gradient."""

    def _optimizer(self) -> torch.optim.Optimizer:
        """Adam (Kingma and Ba 2015, arXiv 1412.6980)."""
        rate = self.fitting.learning_rate
        return torch.optim.Adam(self.net.parameters(), lr=rate, betas=BETAS, fused=True)

    def _update(self, optimizer: torch.optim.Optimizer, batch: Any, share_done: float) -> float:
        """The loss of the batch, before the update."""
        for group in optimizer.param_groups:
            group["lr"] = self.fitting.learning_rate * one_cycle(share_done, WARMUP)
        self.net.train()  # whoever watched may have scored a session
        optimizer.zero_grad(set_to_none=True)
        loss = self._loss(batch)
        loss.backward()
        if math.isfinite(self.fitting.clip):
            nn.utils.clip_grad_norm_(self.net.parameters(), self.fitting.clip)
        # Sparse gradients come from autograd and are sound; not to check them must be said aloud.
        with torch.sparse.check_sparse_tensor_invariants(False):
            optimizer.step()
        return float(loss.detach())
