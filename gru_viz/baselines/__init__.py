"""Next-item models to stand beside GRU4Rec, one a file, all of them a `Baseline`."""

from __future__ import annotations

from gru_viz.baselines.base import Baseline
from gru_viz.baselines.item_knn import ItemKNN
from gru_viz.baselines.markov import Markov
from gru_viz.baselines.popularity import Popularity
from gru_viz.baselines.sequential_rules import SequentialRules
from gru_viz.baselines.session_popularity import SessionPopularity
from gru_viz.sessions import ClickLog

__all__ = [
    "ALL",
    "Baseline",
    "ItemKNN",
    "Markov",
    "Popularity",
    "SequentialRules",
    "SessionPopularity",
    "fitted",
]

ALL: tuple[type[Baseline], ...] = (Popularity, SessionPopularity, ItemKNN, SequentialRules, Markov)


def fitted(log: ClickLog) -> list[Baseline]:
    """Every baseline, fitted to the log."""
    return [baseline().fit(log) for baseline in ALL]
