"""How does each model learn from a log, and what does it then score with?"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TypeVar

from gru_viz.baselines import ALL
from gru_viz.baselines.learned import LEARNED
from gru_viz.learn.config import PRESETS, TrainingConfig
from gru_viz.learn.evaluation import ModelScorer, Scorer
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import Progress, Trainer
from gru_viz.model import ModelConfig
from gru_viz.sessions import ClickLog

COUNTED = {baseline.name: baseline for baseline in ALL}
BY_GRADIENT = {baseline.name: baseline for baseline in LEARNED}

# Seconds on Wikispeedia paths (109 thousand clicks), one core: for the time that is left.
LASTS = {"mf": 13.0, "fpmc": 26.0, "sasrec": 79.0, "bert4rec": 148.0, "gru": 83.0, "lstm": 90.0, "rnn": 76.0}
COUNTING_LASTS = 1.0


@dataclass(frozen=True)
class Step:
    """Where learning stands: the share of it that is done, and examples a second."""

    done: float
    events_per_s: float


@dataclass(frozen=True, eq=False)
class Learned:
    """What has learned, ready to score.

    parameters: None for a model that counts
    norms:      of a GRU4Rec's gradient at each update, before clipping
    """

    scorer: Scorer
    parameters: int | None
    norms: tuple[float, ...] = ()


def learned(name: str, log: ClickLog, seed: int, preset: str) -> Generator[Step, None, Learned]:
    """Learn from the log, saying where it stands. name: a key of `gru_viz.compare.names.NAMES`."""
    if name in COUNTED:
        return Learned(COUNTED[name]().fit(log), None)
    if name in BY_GRADIENT:
        return (yield from _by_gradient(name, log, seed))
    return (yield from gru4rec(log, *training_of(name, len(log.catalog), seed, preset)))


def training_of(cell: str, n_items: int, seed: int, preset: str) -> tuple[ModelConfig, TrainingConfig]:
    """The same shape and training for each cell."""
    asked = PRESETS[preset]
    return ModelConfig(**{**asked.model, "cell": cell}), replace(asked.training_for(n_items), seed=seed)


def gru4rec(
    log: ClickLog, shape: ModelConfig, training: TrainingConfig, norms: list[float] | None = None
) -> Generator[Step, None, Learned]:
    """Trained to the last epoch: none is chosen by its test.

    norms: where to put the norms as they come, for who wants those of a training that breaks down
    """
    model = new_model(log, shape, training.start, training.seed)
    met = [] if norms is None else norms
    for at in Trainer(model, log, training).epochs():
        if isinstance(at, Progress):
            met.append(at.gradient_norm)
            batches = (at.epoch - 1) * at.batches + at.batch
            yield Step(batches / (training.epochs * at.batches), at.events_per_s)
    parameters = sum(weights.numel() for weights in model.parameters())
    return Learned(ModelScorer(model), parameters, tuple(met))


Made = TypeVar("Made")
Told = TypeVar("Told")


def told(steps: Generator[Step, None, Made], tell: Callable[[Step], Told]) -> Generator[Told, None, Made]:
    """The same work, each of its steps told otherwise."""
    while True:
        try:
            step = next(steps)
        except StopIteration as stop:
            made: Made = stop.value
            return made
        yield tell(step)


def as_part(steps: Generator[Step, None, Made], place: int, of: int) -> Generator[Step, None, Made]:
    """The steps of one of several equal works, as steps of all of them."""
    return told(steps, lambda step: Step((place + step.done) / of, step.events_per_s))


def _by_gradient(name: str, log: ClickLog, seed: int) -> Generator[Step, None, Learned]:
    model = BY_GRADIENT[name]()
    model.fitting = replace(model.fitting, seed=seed)
    for at in model.fit_steps(log):
        yield Step(at.done / max(at.of, 1), at.events_per_s)
    return Learned(model, model.parameters)
