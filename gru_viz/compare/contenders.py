"""How does each model learn from a log, and what does it then score with?"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from gru_viz.baselines import ALL
from gru_viz.baselines.learned import LEARNED
from gru_viz.learn.config import PRESETS
from gru_viz.learn.evaluation import ModelScorer, Scorer
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import Progress, Trainer
from gru_viz.model import ModelConfig
from gru_viz.sessions import ClickLog

COUNTED = {baseline.name: baseline for baseline in ALL}
BY_GRADIENT = {baseline.name: baseline for baseline in LEARNED}

# Seconds on Wikispeedia paths (109 thousand clicks), one core: for the time that is left.
LASTS = {"mf": 10.0, "fpmc": 26.0, "sasrec": 93.0, "bert4rec": 160.0, "gru": 45.0, "lstm": 55.0, "rnn": 35.0}
COUNTING_LASTS = 1.0


@dataclass(frozen=True)
class Step:
    """Where learning stands: the share of it that is done, and examples a second."""

    done: float
    events_per_s: float


@dataclass(frozen=True, eq=False)
class Learned:
    """What has learned, ready to score. parameters: None for a model that counts."""

    scorer: Scorer
    parameters: int | None


def learned(name: str, log: ClickLog, seed: int, preset: str) -> Generator[Step, None, Learned]:
    """Learn from the log, saying where it stands. name: a key of `gru_viz.compare.names.NAMES`."""
    if name in COUNTED:
        return Learned(COUNTED[name]().fit(log), None)
    if name in BY_GRADIENT:
        return (yield from _by_gradient(name, log, seed))
    return (yield from _gru4rec(name, log, seed, preset))


def _by_gradient(name: str, log: ClickLog, seed: int) -> Generator[Step, None, Learned]:
    model = BY_GRADIENT[name]()
    model.fitting = replace(model.fitting, seed=seed)
    for at in model.fit_steps(log):
        yield Step(at.done / max(at.of, 1), at.events_per_s)
    return Learned(model, model.parameters)


def _gru4rec(cell: str, log: ClickLog, seed: int, preset: str) -> Generator[Step, None, Learned]:
    """The same shape and training for each cell, to the last epoch: none is chosen by its test."""
    asked = PRESETS[preset]
    training = replace(asked.training_for(len(log.catalog)), seed=seed)
    model = new_model(log, ModelConfig(**{**asked.model, "cell": cell}), training.start, seed)
    for at in Trainer(model, log, training).epochs():
        if isinstance(at, Progress):
            batches = (at.epoch - 1) * at.batches + at.batch
            yield Step(batches / (training.epochs * at.batches), at.events_per_s)
    return Learned(ModelScorer(model), sum(weights.numel() for weights in model.parameters()))
