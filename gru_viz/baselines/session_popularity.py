"""How far does one get by recommending again what this session clicked most?"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.base import Baseline, popularity_of, steps
from gru_viz.baselines.sparse import expanded
from gru_viz.sessions import ClickLog


class SessionPopularity(Baseline):
    """S-POP of Hidasi et al. 2016 (arXiv 1511.06939): what was clicked most in the session so far.

        score(next | session) = clicks on next in the session so far + popularity(next)

    Popularity is a share, below 1, so it orders only items clicked equally often (also never).
    Strong where shoppers return to items, and no better than popularity where they do not.
    """

    name: ClassVar[str] = "session_popularity"

    def fit(self, log: ClickLog) -> Self:
        self.n_items = len(log.catalog)
        self.share = popularity_of(log)
        return self

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        seen = steps(log)[clicks]
        row, click = expanded(clicks - seen, seen + 1)
        entries = row * self.n_items + log.items[click]
        counts = np.bincount(entries, minlength=len(clicks) * self.n_items)
        return counts.reshape(len(clicks), self.n_items) + self.share
