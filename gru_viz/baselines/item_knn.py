"""How far does one get with the items that are clicked in the same sessions as the last one?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.base import Baseline, popularity_of
from gru_viz.baselines.sparse import PAIRS_AT_ONCE, SparseRows, expanded, in_pieces
from gru_viz.sessions import ClickLog

TIE = 1e-9  # of popularity: orders equal similarities, and those less than this apart


class ItemKNN(Baseline):
    """Item-to-item neighbours by shared sessions (Sarwar et al. 2001), as in Hidasi et al. 2016.

        similarity(i, j) = sessions with i and j / ((sessions with i + λ)^α (sessions with j + λ)^(1 - α))
        score(next | last) = similarity(last, next) + TIE popularity(next)

    With α = 1/2 and λ = 0 this is the cosine of the items' session vectors; λ > 0 holds back
    similarities that rest on a few sessions. The order of clicks plays no part. An item is not
    its own neighbour.

    shrinkage:  λ, at least 0
    balance:    α in [0, 1]; towards 0 popular neighbours count for less
    neighbours: how many of the most similar items are kept for each; None for all
    similarity: row i, column j: of item j to item i
    """

    name: ClassVar[str] = "item_knn"

    def __init__(self, shrinkage: float = 0.0, balance: float = 0.5, neighbours: int | None = None) -> None:
        self.shrinkage, self.balance, self.neighbours = shrinkage, balance, neighbours

    def fit(self, log: ClickLog) -> Self:
        self.n_items = n = len(log.catalog)
        self.share = popularity_of(log)
        session, item = _clicked(log)
        support = np.bincount(item, minlength=n) + self.shrinkage
        together = SparseRows.summed(_pairs(session, item), n)
        left, right = support[together.rows], support[together.columns]
        cosine = together.values / (left**self.balance * right ** (1 - self.balance))
        self.similarity = together.with_values(cosine)
        if self.neighbours is not None:
            self.similarity = self.similarity.largest(self.neighbours)
        return self

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        scores = np.tile(TIE * self.share, (len(clicks), 1))
        self.similarity.add_to(scores, log.items[clicks])
        return scores


def _clicked(log: ClickLog) -> tuple[np.ndarray, np.ndarray]:
    """(M,) sessions in rising order and (M,) items clicked in them, each item once a session."""
    n = len(log.catalog)
    session = np.repeat(np.arange(len(log)), log.lengths)
    both = np.unique(session * n + log.items)
    return both // n, both % n


def _pairs(session: np.ndarray, item: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Ordered pairs of different items of a session, each with a 1, by rising first item.

    In pieces, so that memory is bounded.
    """
    starts = np.searchsorted(session, session, side="left")
    lengths = np.searchsorted(session, session, side="right") - starts
    by_item = np.argsort(item, kind="stable")
    for piece in in_pieces(lengths[by_item], PAIRS_AT_ONCE):
        chosen = by_item[piece]
        line, other = expanded(starts[chosen], lengths[chosen])
        left, right = item[chosen][line], item[other]
        apart = left != right
        yield left[apart], right[apart], np.ones(np.count_nonzero(apart))
