"""About how long will a comparison take, and how much memory?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gru_viz.compare.experiments.plan import planned
from gru_viz.compare.experiments.run import REUSED
from gru_viz.compare.experiments.sizes import units_tried
from gru_viz.compare.work import seconds_each
from gru_viz.learn.config import PRESETS
from gru_viz.learn.estimate import START
from gru_viz.learn.footprint import FLOAT
from gru_viz.learn.footprint import memory_bytes as training_bytes
from gru_viz.learn.parts import Parts
from gru_viz.learn.run import checkpoint_bytes
from gru_viz.model import ModelConfig

CLICKS = 109_000  # of the log on which LASTS was measured, in seconds, with the preset "best"
TABLES = {"mf": 128, "fpmc": 3 * 128, "sasrec": 2 * 64, "bert4rec": 2 * 64}  # numbers learned for an item
LEFT = 2  # of each number of a model that has learned: itself, and its last gradient
KEPT = 4  # of each number: itself, its gradient, and the two that Adam keeps


def seconds(
    parts: Parts, names: Sequence[str], shares: Sequence[float], preset: str, claims: bool = False
) -> float:
    """From what the same models took on another log: in proportion to the clicks and the epochs."""
    size = parts.train.n_clicks / CLICKS
    models, experiments = seconds_each(names, preset, claims)
    return START + size * (sum(shares) * sum(models.values()) + sum(experiments.values()))


def memory_bytes(parts: Parts, names: Sequence[str], preset: str, claims: bool = False) -> int:
    """The most that its process holds: GRU4Rec or the models that count, and the largest other's tables.

    Of a model that was measured only what scores is kept, and less than the next one needs. For the
    claims more is: the models that the experiments use again, beside a GRU4Rec twice as wide.
    """
    items, asked = len(parts.train.catalog), PRESETS[preset]
    model = ModelConfig(**asked.model)
    kept = 0
    if claims:
        kept = sum(_kept_bytes(name, model, items) for name in REUSED if name in names)
        model = _widest(model) if "sizes" in planned(names) else model
    tables = max((TABLES.get(name, 0) for name in names), default=0)
    of_sessions = TABLES["mf"] * len(parts.train) if "mf" in names else 0
    learned = FLOAT * KEPT * (tables * items + of_sessions)
    return training_bytes(parts, model, asked.training_for(items)) + learned + kept


def _kept_bytes(name: str, model: ModelConfig, items: int) -> int:
    """Of a model after its training: its numbers, and the gradient of its last update."""
    if name in TABLES:
        return FLOAT * LEFT * TABLES[name] * items
    return LEFT * checkpoint_bytes(replace(model, cell=name), items)


def _widest(model: ModelConfig) -> ModelConfig:
    """Of the sizes that are tried."""
    units = units_tried(model.units[0])[-1]
    return replace(model, units=(units,), embedding_dim=units)
