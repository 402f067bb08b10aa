"""How long will a training take, and how much memory?"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gru_viz.baselines import ALL
from gru_viz.baselines.base import BLOCK_SCORES as BASELINE_SCORES
from gru_viz.baselines.sparse import PAIRS_AT_ONCE
from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.evaluation import BLOCK_SCORES as MEASURED_SCORES
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.losses.in_parts import BLOCK_SCORES
from gru_viz.learn.parts import Parts
from gru_viz.learn.progress import Progress
from gru_viz.learn.run import checkpoint_bytes, refuse_too_large
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import Trainer
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.sessions import ClickLog

TRIAL = 0.3  # seconds of training, and
MEASURED = 0.15  # of measuring, after which the trial ends
UPDATES = 50  # at most in the trial
START = 4.0  # seconds until a process has torch

NO_MEMORY = (
    "there is not enough memory to try this training; use fewer units, a smaller batch or a smaller log"
)

PROCESS = 320e6  # bytes of a process that has torch, and has done its first update
FLOAT, INDEX = 4, 8
A_PAIR = 130  # bytes of two items that are counted together
A_TITLE = 500  # bytes of an item's id, title and department, in Python's objects and as they are written


@dataclass(frozen=True)
class Estimate:
    """What a training is likely to need; on a busy machine it takes longer.

    seconds:          from the start of its process to its last epoch, if patience ends it no sooner
    memory_bytes:     the most that its process holds at any time
    seconds_an_epoch: training and measuring
    """

    seconds: float
    memory_bytes: int
    seconds_an_epoch: float


def estimate(parts: Parts, model: ModelConfig, training: TrainingConfig) -> Estimate:
    """From a trial of the real trainer on some of the log, half a second long; the model is thrown away.

    A model for very many items takes longer to make than to try. Fitting the baselines and the
    start from a Markov chain are counted as measuring an epoch is, for each baseline.
    Raises InputError where nothing could be learned, where the model would be larger than a file
    may be, and where the trial itself does not get its memory.
    """
    refuse_too_large(model, len(parts.train.catalog))
    try:
        return _tried(parts, model, training)
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate memory" not in str(error):
            raise
        raise InputError(NO_MEMORY) from None


def _tried(parts: Parts, model: ModelConfig, training: TrainingConfig) -> Estimate:
    trial = new_model(parts.train, model, "random", training.seed)
    learning = _events(parts.train) * _seconds_an_event(trial, parts.train, training)
    measuring = 0.0
    if parts.test is not None:
        measuring = _events(parts.test) * _seconds_a_prediction(trial, parts.test)
    seconds = START + training.epochs * (learning + measuring) + len(ALL) * measuring
    return Estimate(seconds, memory_bytes(parts, model, training), learning + measuring)


def memory_bytes(parts: Parts, model: ModelConfig, training: TrainingConfig) -> int:
    """The most that the process of a training holds: what stays, and the largest of what comes and goes."""
    n_items = len(parts.train.catalog)
    weights = checkpoint_bytes(model, n_items)
    kept = 1 if training.optimizer == "adagrad" else 2  # by the optimizer, for each number
    stays = (
        PROCESS
        + weights * (2 + kept)  # the model and its gradient
        + 2 * INDEX * sum(log.n_clicks for log in (parts.train, parts.test) if log is not None)
        + A_TITLE * n_items
    )
    saving = weights * (1 + 2 * kept)  # the state, copied and as the bytes of its file
    measuring = 0.0 if parts.test is None else _measuring_bytes(parts.train, parts.test)
    return int(stays + max(saving, measuring, _update_bytes(parts.train, model, training)))


def _update_bytes(log: ClickLog, model: ModelConfig, training: TrainingConfig) -> float:
    """What an update computes on its way and keeps for the gradient."""
    clicks = float(training.batch)
    scores = float(len(log.catalog))
    if training.mode == "sessions":
        clicks = _clicks_of_a_large_batch(log, training)
    if training.loss != "full":
        scores = 1 + training.negatives + (clicks if training.in_batch else 0)
    # gates, candidate, state and their sums, forward and backward; the embedding with dropout
    cells = clicks * (20 * sum(model.units) + 4 * model.embedding_dim)
    # scores, their softmax and their gradient
    return FLOAT * (cells + 3 * min(clicks * scores, BLOCK_SCORES))


def _measuring_bytes(train: ClickLog, test: ClickLog) -> float:
    """What it takes to measure the model, or to fit and measure the baselines."""
    n_items = len(train.catalog)
    # scores, and which are as high; baselines score in double precision
    scores = _events(test) * n_items
    measuring = 3 * max(FLOAT * min(scores, MEASURED_SCORES), INDEX * min(scores, BASELINE_SCORES))
    # item-kNN counts all pairs of a session's items, in pieces, and keeps those it found
    pairs = float((train.lengths.astype(np.float64) ** 2).sum())
    return max(measuring, A_PAIR * min(pairs, PAIRS_AT_ONCE) + A_PAIR / 2 * min(pairs, n_items**2))


def _clicks_of_a_large_batch(log: ClickLog, training: TrainingConfig) -> float:
    """Clicks in the largest update that is to be expected."""
    lengths = np.minimum(log.lengths - 1, 300)
    sessions = min(training.batch, len(log))
    return float(sessions * lengths.mean() + 3 * math.sqrt(sessions) * lengths.std())


def _events(log: ClickLog) -> int:
    """Predictions in a log: every click but the sessions' first ones."""
    return int(log.n_clicks - len(log))


def _seconds_an_event(model: GRU4Rec, log: ClickLog, training: TrainingConfig) -> float:
    trainer = Trainer(model, _spread(log, UPDATES * training.batch), replace(training, epochs=1))
    marks: list[tuple[float, int]] = []
    for event in trainer.epochs():
        if isinstance(event, Progress):
            marks.append((time.perf_counter(), trainer.events))
            if marks[-1][0] - marks[0][0] > TRIAL:
                break
    if len(marks) == 1:
        return trainer.seconds / trainer.events
    (began, before), (now, events) = marks[0], marks[-1]  # the first update is slower than others
    return (now - began) / (events - before)


def _seconds_a_prediction(model: GRU4Rec, log: ClickLog) -> float:
    """On ever more of the log, until it took long enough to be measured."""
    for some in _growing(log):
        began = time.perf_counter()
        predictions = evaluate(ModelScorer(model), some).predictions
        took = time.perf_counter() - began
        if took > MEASURED / 4:
            break
    return took / predictions


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
