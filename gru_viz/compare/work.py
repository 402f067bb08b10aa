"""How much of a comparison's work is done, and how long will the rest take?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from gru_viz.compare.contenders import COUNTING_LASTS, LASTS
from gru_viz.compare.experiments.plan import lasts, planned
from gru_viz.compare.names import GRU4REC
from gru_viz.learn.config import PRESETS

SURE_AFTER = 5.0  # seconds; before, what was done in them says nothing of the rest


@dataclass(frozen=True)
class Doing:
    """What a comparison is at: this model, with this share of the data, or an experiment.

    name: a key of `gru_viz.compare.names.NAMES` or of `EXPERIMENTS` there
    done: share of all the work, in [0, 1]
    seconds_left: None where nobody can know yet
    """

    name: str
    share: float
    done: float
    events_per_s: float
    seconds_left: float | None


def seconds_each(
    names: Sequence[str], preset: str, claims: bool
) -> tuple[dict[str, float], dict[str, float]]:
    """Of each model and of each experiment, seconds on the log that `LASTS` was measured on.

    preset: how the GRU4Recs are trained, in which they and the experiments with them differ
    claims: are the experiments that these models allow made, too?
    """
    epochs = PRESETS[preset].training.epochs / PRESETS["best"].training.epochs
    models = {name: LASTS.get(name, COUNTING_LASTS) * (epochs if name in GRU4REC else 1) for name in names}
    return models, {kind: epochs * lasts(kind, names) for kind in planned(names)} if claims else {}


class Work:
    """As far as one can tell beforehand, see `seconds_each`."""

    def __init__(self, names: Sequence[str], shares: Sequence[float], preset: str, claims: bool) -> None:
        models, experiments = seconds_each(names, preset, claims)
        self.seconds = models | experiments
        self.all = sum(shares) * sum(models.values()) + sum(experiments.values())
        self.before = 0.0
        self.began = time.monotonic()

    def doing(self, name: str, share: float, done: float, events_per_s: float) -> Doing:
        """done: share of this one model or experiment"""
        part = min((self.before + done * share * self.seconds[name]) / self.all, 1.0)
        spent = time.monotonic() - self.began
        left = spent * (1 - part) / part if part and spent >= SURE_AFTER else None
        return Doing(name, share, part, events_per_s, left)

    def finished(self, name: str, share: float) -> None:
        self.before += share * self.seconds[name]
