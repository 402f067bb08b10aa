"""How far does one get by looking at the last click alone?"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.base import Baseline, popularity_of, transitions
from gru_viz.sessions import ClickLog


class Markov(Baseline):
    """First-order Markov chain: how often did this item follow the last one, in training?

        score(next | last) = count(last → next) + popularity(next)

    Popularity is a share, below 1, so it orders only items that followed equally often
    (also never). Raw counts alone tie nearly everywhere, and then the tie rule decides
    the figures. What still ties counts against the prediction.

    starts: (n_items + 1,) the followers of item i are starts[i]:starts[i + 1] of
    next:   (K,) item index, and
    count:  (K,) how often
    """

    name: ClassVar[str] = "markov"

    def fit(self, log: ClickLog) -> Self:
        self.n_items = n = len(log.catalog)
        self.share = popularity_of(log)
        before, after = transitions(log)
        pairs, self.count = np.unique(before * n + after, return_counts=True)
        self.next = pairs % n
        self.starts = np.searchsorted(pairs // n, np.arange(n + 1))
        return self

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        first = self.starts[log.items[clicks]]
        followers = self.starts[log.items[clicks] + 1] - first
        row = np.repeat(np.arange(len(clicks)), followers)
        place = np.arange(len(row)) + np.repeat(first - (np.cumsum(followers) - followers), followers)
        scores = np.tile(self.share, (len(clicks), 1))
        scores[row, self.next[place]] += self.count[place]
        return scores
