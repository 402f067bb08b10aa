"""Next-item models to stand beside GRU4Rec, one a file, all of them a `Baseline`."""

from __future__ import annotations

from gru_viz.baselines.base import Baseline
from gru_viz.baselines.markov import Markov
from gru_viz.baselines.popularity import Popularity
from gru_viz.sessions import ClickLog

__all__ = ["ALL", "Baseline", "Markov", "Popularity", "fitted"]

ALL: tuple[type[Baseline], ...] = (Popularity, Markov)


def fitted(log: ClickLog) -> list[Baseline]:
    """Every baseline, fitted to the log."""
    return [baseline().fit(log) for baseline in ALL]
