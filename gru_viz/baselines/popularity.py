"""How far does it get one to always recommend what is clicked most?"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.base import Baseline, popularity_of
from gru_viz.sessions import ClickLog


class Popularity(Baseline):
    """Every item's share of the training clicks, whatever was clicked before."""

    name: ClassVar[str] = "popularity"

    def fit(self, log: ClickLog) -> Self:
        self.n_items = len(log.catalog)
        self.share = popularity_of(log)
        return self

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        return np.broadcast_to(self.share, (len(clicks), self.n_items))
