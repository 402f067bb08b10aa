"""About how long will a comparison take, and how much memory?"""

from __future__ import annotations

from collections.abc import Sequence

from gru_viz.compare.contenders import COUNTING_LASTS, LASTS
from gru_viz.compare.experiments.plan import lasts, planned
from gru_viz.compare.names import GRU4REC
from gru_viz.learn.config import PRESETS
from gru_viz.learn.estimate import FLOAT, START
from gru_viz.learn.estimate import memory_bytes as training_bytes
from gru_viz.learn.parts import Parts
from gru_viz.model import ModelConfig

CLICKS = 109_000  # of the log on which LASTS was measured, in seconds, with the preset "best"
TABLES = {"mf": 128, "fpmc": 3 * 128, "sasrec": 2 * 64, "bert4rec": 2 * 64}  # numbers learned for an item
KEPT = 4  # of each number: itself, its gradient, and the two that Adam keeps


def seconds(
    parts: Parts, names: Sequence[str], shares: Sequence[float], preset: str, claims: bool = False
) -> float:
    """From what the same models took on another log: in proportion to the clicks and the epochs."""
    size = parts.train.n_clicks / CLICKS
    epochs = PRESETS[preset].training.epochs / PRESETS["best"].training.epochs
    each = (LASTS.get(name, COUNTING_LASTS) * (epochs if name in GRU4REC else 1) for name in names)
    more = sum(epochs * lasts(kind, names) for kind in planned(names)) if claims else 0.0
    return START + size * (sum(shares) * sum(each) + more)


def memory_bytes(parts: Parts, names: Sequence[str], preset: str) -> int:
    """The most that its process holds: GRU4Rec or the models that count, and the largest other's tables.

    Of a model that was measured only what scores is kept, and less than the next one needs.
    """
    items, asked = len(parts.train.catalog), PRESETS[preset]
    model = ModelConfig(**asked.model)
    tables = max((TABLES.get(name, 0) for name in names), default=0)
    of_sessions = TABLES["mf"] * len(parts.train) if "mf" in names else 0
    learned = FLOAT * KEPT * (tables * items + of_sessions)
    return training_bytes(parts, model, asked.training_for(items)) + learned
