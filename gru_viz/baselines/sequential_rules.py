"""How far does one get with what was clicked soon after the last item, whatever came between?"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.base import Baseline, followers, popularity_of
from gru_viz.baselines.sparse import SparseRows
from gru_viz.sessions import ClickLog

TIE = 1e-6  # of popularity: less than two sums of 1 / distance can differ by


class SequentialRules(Baseline):
    """Rules "after this item, that one", weighted by how soon (Ludewig and Jannach 2018, arXiv 1803.09587).

        score(next | last) = Σ 1 / d over all training clicks on next, d clicks after one on last
                             + TIE popularity(next)

    The paper divides by the number of rules of the last item, which changes no order and is
    left out. With `steps` 1 this is the first-order Markov chain.

    steps:   distances looked at, at least 1
    weights: row i, column j: the sum for j after i
    """

    name: ClassVar[str] = "sequential_rules"

    def __init__(self, steps: int = 10) -> None:
        self.steps = steps

    def fit(self, log: ClickLog) -> Self:
        self.n_items = len(log.catalog)
        self.share = popularity_of(log)
        rules = (
            (before, after, np.full(len(before), 1 / distance))
            for before, after, distance in followers(log, self.steps)
        )
        self.weights = SparseRows.summed(rules, self.n_items)
        return self

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        scores = np.tile(TIE * self.share, (len(clicks), 1))
        self.weights.add_to(scores, log.items[clicks])
        return scores
