"""How does a model learn a click log?

Update by update: a batch of clicks runs through the cells, every click predicts the next one,
the gradient of the mean loss is clipped, and one step follows. The batches are whole sessions
(back-propagation through time) or one click of each slot (session-parallel, as in the
GRU4Rec paper).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
from torch import Tensor, nn

from gru_viz.errors import InputError
from gru_viz.explain.exploding import Usual
from gru_viz.learn.batches import Batches, Share, TrainingBatch, WholeSessions
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.distributed import ALONE, Ranks
from gru_viz.learn.losses import SampledLoss, loss_of
from gru_viz.learn.objective import Objective
from gru_viz.learn.optimizer import give_back, kept_by, one_cycle, optimizer_of
from gru_viz.learn.own_random import OwnRandomNumbers, sound_state
from gru_viz.learn.progress import Epoch as Epoch
from gru_viz.learn.progress import Progress as Progress
from gru_viz.learn.slots import Slots
from gru_viz.learn.state import TrainerState, digest
from gru_viz.model import GRU4Rec
from gru_viz.sessions import ClickLog

NEGATIVES = "random/negatives"


def train(model: GRU4Rec, log: ClickLog, config: TrainingConfig) -> Iterator[Progress | Epoch]:
    """Train `model` in place, from the first epoch on: see `Trainer.epochs`."""
    return Trainer(model, log, config).epochs()


def _check(loss: float, norm: float, where: str) -> None:
    """Raises InputError where they are no numbers any more; the weights are none then."""
    for name, value in (("loss", loss), ("gradient", norm)):
        if not math.isfinite(value):
            raise InputError(
                f"the {name} became {value} in {where}; try a smaller learning rate or a tighter clip"
            )


def _check_weights(model: GRU4Rec, where: str) -> None:
    """Raises InputError where some are no numbers any more; no loss has told of the last update."""
    for name, weight in model.state_dict().items():
        if not bool(weight.isfinite().all()):
            raise InputError(
                f"the weights {name!r} are no finite numbers after {where}; try a smaller learning rate"
            )


def batches_of(log: ClickLog, config: TrainingConfig, share: Share) -> Batches:
    way = Slots if config.mode == "parallel" else WholeSessions
    return way(log, config.batch, config.order, config.seed, share)


class Trainer:
    """Trains `model` in place, on the device it is on.

    state: of an earlier run of the same training, with the model as it was then; it goes on
           after that epoch as if it had never stopped, to the bit
    ranks: the processes that train together; each has a Trainer like this one

    Other users of torch's random numbers neither disturb this nor are disturbed. Raises
    InputError where there is nothing to learn from, and for a state of another training.
    """

    def __init__(
        self,
        model: GRU4Rec,
        log: ClickLog,
        config: TrainingConfig,
        state: TrainerState | None = None,
        ranks: Ranks = ALONE,
    ) -> None:
        self.model, self.log, self.config, self.ranks = model, log, config, ranks
        self.batches = batches_of(log, config, ranks)
        if self.batches.predictions == 0:
            raise InputError("nothing to learn from: no session has two clicks")
        self.loss = loss_of(config, log)
        self.optimizer = optimizer_of(model, config)
        self.epoch, self.updates, self.events, self.seconds = 0, 0, 0, 0.0
        self.random = OwnRandomNumbers(config.seed, model.output_bias.device)
        self.between_epochs = True
        ranks.together(partial(self._go_on, state))
        self._draw_apart(self.epoch + 1)
        slots = config.batch if config.mode == "parallel" else 0
        self.objective = ranks.wrapped(Objective(model, self.loss, slots))

    def epochs(self) -> Iterator[Progress | Epoch]:
        """A Progress after each batch, an Epoch after each time through the log.

        At an Epoch the model may be evaluated, recorded or saved. To cancel, or to stop early,
        stop asking for more. Raises InputError where the loss or a weight is no number any more.
        """
        for number in range(self.epoch + 1, self.config.epochs + 1):
            yield from self._epoch(number)

    def state(self) -> TrainerState:
        """All that is needed, beside the model, to go on after the last epoch; only at an Epoch."""
        if not self.between_epochs:
            raise ValueError("a trainer's state is taken at an Epoch, not within one")
        tensors = {f"optimizer/{name}": t for name, t in kept_by(self.optimizer, self.model).items()}
        tensors |= {f"random/{name}": t for name, t in self.random.kept().items()}
        if isinstance(self.loss, SampledLoss):
            tensors[NEGATIVES] = self.loss.negatives.generator.get_state()
        done = self.epoch, self.updates, self.events, self.seconds
        return TrainerState(self.config, *done, digest(self.model), self.log.fingerprint, tensors)

    def _go_on(self, state: TrainerState | None) -> None:
        if state is None:
            return
        state.check(self.config, self.model, self.log.fingerprint)

        def kept(prefix: str) -> dict[str, Tensor]:
            return {n.removeprefix(prefix): t for n, t in state.tensors.items() if n.startswith(prefix)}

        give_back(self.optimizer, self.model, self.config, kept("optimizer/"))
        self.random.go_on(kept("random/"))
        if isinstance(self.loss, SampledLoss):
            generator = self.loss.negatives.generator
            generator.set_state(sound_state(state.tensors.get(NEGATIVES), generator.device))
        self.epoch, self.updates = state.epoch, state.updates
        self.events, self.seconds = state.events, state.seconds

    def _draw_apart(self, number: int) -> None:
        """A rank's own dropout in an epoch, the same after a resume; rank 0 draws what one process would."""
        if not self.ranks.first:
            seed = np.random.SeedSequence([self.config.seed, self.ranks.rank, number]).generate_state(1)
            self.random = OwnRandomNumbers(int(seed[0]), self.model.output_bias.device)

    def _epoch(self, number: int) -> Iterator[Progress | Epoch]:
        events, seconds = self.events, self.seconds
        losses, norms, usual = 0.0, [], Usual()
        updates = self.batches.updates(number)
        self.between_epochs = False
        self._draw_apart(number)
        self.model.train()
        for place, batch in enumerate(self.batches.epoch(number), 1):
            share_done = ((number - 1) * updates + place - 1) / (self.config.epochs * updates)
            loss, norm = self._timed_update(batch, share_done)
            _check(loss, norm, f"epoch {number}, batch {place}")
            losses += loss * len(batch.everyones)
            norms.append(norm)
            left = (self.config.epochs - number + 1) * updates - place
            per_second = self.events / max(self.seconds, 1e-9)
            pace = self.seconds / self.updates
            yield Progress(number, place, updates, loss, per_second, left * pace, norm, usual.norm)
            usual.add(norm)
            self.model.train()  # whoever watched may have recorded a session
        self.model.eval()
        _check_weights(self.model, f"epoch {number}")
        self.epoch, self.between_epochs = number, True
        yield Epoch(
            number,
            self.config.epochs,
            losses / self.batches.predictions,
            float(np.mean(norms)),
            float(np.mean(np.array(norms) > self.config.clip)),
            self.events - events,
            self.seconds - seconds,
        )

    def _timed_update(self, batch: TrainingBatch, share_done: float) -> tuple[float, float]:
        began = time.perf_counter()
        with self.random.drawn():
            loss, norm = self._update(batch, share_done)
        self.updates += 1
        self.events += len(batch.everyones)
        self.seconds += time.perf_counter() - began
        return loss, norm

    def _update(self, batch: TrainingBatch, share_done: float) -> tuple[float, float]:
        """Loss of the batch and norm of its gradient, before the update."""
        rate = self.config.learning_rate
        if self.config.schedule == "one-cycle":
            rate *= one_cycle(share_done, self.config.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.objective(batch)
        self.ranks.scaled(loss).backward()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        self.optimizer.step()
        return self.ranks.total(loss.detach()), float(norm)
