"""How far does one get by looking at the last click alone?"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.base import Baseline, followers, popularity_of
from gru_viz.baselines.sparse import SparseRows
from gru_viz.sessions import ClickLog


class Markov(Baseline):
    """First-order Markov chain: how often did this item follow the last one, in training?

        score(next | last) = count(last → next) + popularity(next)

    Popularity is a share, below 1, so it orders only items that followed equally often
    (also never). Raw counts alone tie nearly everywhere, and then the tie rule decides
    the figures. What still ties counts against the prediction.

    counts: row i, column j: how often item j followed item i at once
    """

    name: ClassVar[str] = "markov"

    def fit(self, log: ClickLog) -> Self:
        self.n_items = len(log.catalog)
        self.share = popularity_of(log)
        pairs = ((before, after, np.ones(len(before))) for before, after, _ in followers(log))
        self.counts = SparseRows.summed(pairs, self.n_items)
        return self

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        scores = np.tile(self.share, (len(clicks), 1))
        self.counts.add_to(scores, log.items[clicks])
        return scores
