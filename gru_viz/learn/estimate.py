"""How long will a training take, and how much memory?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from gru_viz.baselines import ALL
from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.device import usual_device
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.footprint import FLOAT as FLOAT
from gru_viz.learn.footprint import memory_bytes as memory_bytes
from gru_viz.learn.parts import Parts
from gru_viz.learn.progress import Progress
from gru_viz.learn.run import refuse_too_large
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import Trainer
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.no_memory import lacks_memory, too_little_for
from gru_viz.sessions import ClickLog

TRIAL = 0.3  # seconds of the processor's training, and
MEASURED = 0.15  # of its measuring, after which the trial ends,
LONGEST = 1.0  # or of training by the clock, where other programs have the processor
UPDATES = 50  # at most in the trial
START = 4.0  # seconds until a process has torch


@dataclass(frozen=True)
class Estimate:
    """What a training is likely to need.

    seconds:          of the processor, from the start of its process to its last epoch, if patience ends
                      it no sooner; so long it takes where it has the processor to itself
    memory_bytes:     the most that its process holds at any time
    seconds_an_epoch: training and measuring
    busy:             how many times longer the trial took by the clock, at least 1
    """

    seconds: float
    memory_bytes: int
    seconds_an_epoch: float
    busy: float = 1.0


@dataclass(frozen=True)
class _Time:
    """Seconds that this thread worked, and that passed by the clock, which counts others' turns, too.

    A thread hands its work over to another device, so there both are by the clock, all work done.
    """

    worked: float
    passed: float

    @classmethod
    def now(cls, device: torch.device) -> _Time:
        if device.type == "cpu":
            return cls(time.thread_time(), time.perf_counter())
        torch.accelerator.synchronize(device)
        passed = time.perf_counter()
        return cls(passed, passed)

    def since(self, earlier: _Time) -> _Time:
        return _Time(self.worked - earlier.worked, self.passed - earlier.passed)


def estimate(
    parts: Parts, model: ModelConfig, training: TrainingConfig, device: str | None = None
) -> Estimate:
    """From a trial of the real trainer on some of the log, half a second long; the model is thrown away.

    The processor's time is taken for it, which others' work on the machine hardly changes; that of
    a GPU is taken by the clock.

    device: where the training will be; if not given, where a job would train (device.py)

    A model for very many items takes longer to make than to try. Fitting the baselines and the
    start from a Markov chain are counted as measuring an epoch is, for each baseline.
    Raises InputError where nothing could be learned, where the model would be larger than a file
    may be, and where the trial itself does not get its memory.
    """
    refuse_too_large(model, len(parts.train.catalog))
    there = torch.device(device or usual_device())
    try:
        return _tried(parts, model, training, there)
    except (MemoryError, RuntimeError) as error:
        if not lacks_memory(error):
            raise
        raise InputError(too_little_for("training")) from None
    finally:
        if there.type == "cuda":
            torch.cuda.empty_cache()  # this process goes on, and another one will train


def _tried(parts: Parts, model: ModelConfig, training: TrainingConfig, device: torch.device) -> Estimate:
    trial = new_model(parts.train, model, "random", training.seed).to(device)
    events, took = _learned(trial, parts.train, training)
    learning, measuring, baseline = _events(parts.train) * took.worked / events, 0.0, 0.0
    if parts.test is not None:
        measuring = baseline = _events(parts.test) * _seconds_a_prediction(trial, parts.test)
        if device.type != "cpu":  # wherever the model is, baselines count on the processor
            baseline = _events(parts.test) * _seconds_a_prediction(trial.to("cpu"), parts.test)
    seconds = START + training.epochs * (learning + measuring) + len(ALL) * baseline
    busy = max(1.0, took.passed / took.worked)
    return Estimate(seconds, memory_bytes(parts, model, training), learning + measuring, busy)


def _events(log: ClickLog) -> int:
    """Predictions in a log: every click but the sessions' first ones."""
    return int(log.n_clicks - len(log))


def _learned(model: GRU4Rec, log: ClickLog, training: TrainingConfig) -> tuple[int, _Time]:
    """So many events of the trial, and the time they took."""
    trainer = Trainer(model, _spread(log, UPDATES * training.batch), replace(training, epochs=1))
    device = model.output_bias.device
    marks = [(0, _Time.now(device))]
    for event in trainer.epochs():
        if isinstance(event, Progress):
            marks.append((trainer.events, _Time.now(device)))
            so_far = marks[-1][1].since(marks[1][1])
            if so_far.worked > TRIAL or so_far.passed > LONGEST:
                break
    # the first update is slower than others; where there is no other, it has to tell
    (before, began), (events, now) = marks[min(1, len(marks) - 2)], marks[-1]
    return events - before, now.since(began)


def _seconds_a_prediction(model: GRU4Rec, log: ClickLog) -> float:
    """On ever more of the log, until it took long enough to be measured."""
    device = model.output_bias.device
    if device.type != "cpu":  # which is slow at what it does for the first time
        evaluate(ModelScorer(model), next(_growing(log)))
    for some in _growing(log):
        began = _Time.now(device)
        predictions = evaluate(ModelScorer(model), some).predictions
        worked = _Time.now(device).since(began).worked
        if worked > MEASURED / 4:
            break
    return worked / predictions


def _growing(log: ClickLog) -> Iterator[ClickLog]:
    sessions = 16
    while sessions < len(log):
        yield _spread(log, sessions)
        sessions *= 4
    yield log


def _spread(log: ClickLog, sessions: int) -> ClickLog:
    """So many sessions, of the whole time."""
    if sessions >= len(log):
        return log
    return log.select(np.linspace(0, len(log) - 1, sessions).astype(np.int64))
