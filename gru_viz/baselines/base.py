"""What must a model do to stand beside GRU4Rec?

Learn from a log, and score every item after every click of another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Self

import numpy as np

from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

# Numbers a block of scores may hold (32 MB in float64).
BLOCK_SCORES = 4_000_000


class Baseline(ABC):
    """A next-item model that is fitted to a log in one go.

    A new one needs a name, `fit` and `score`; what it learned, it may keep as it likes.
    """

    name: ClassVar[str]
    n_items: int = 0

    @abstractmethod
    def fit(self, log: ClickLog) -> Self:
        """Learn from the log; what was learned before is forgotten."""

    @abstractmethod
    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        """(B, n_items) scores of the next item after each of these clicks.

        clicks: (B,) positions in ``log.items``. Only clicks of the same session at or
        before each one may be looked at (`steps` says how many there are).
        """

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Blocks of scores (B, n_items) and the item that came next (B,), in the order of the log."""
        if len(log.catalog) != self.n_items:
            raise InputError(
                f"{self.name} was fitted on {self.n_items} items, the log has {len(log.catalog)}; "
                "read the log with the catalogue of the model"
            )
        last = np.zeros(log.n_clicks, dtype=bool)
        last[log.offsets[1:] - 1] = True
        clicks = np.flatnonzero(~last)
        rows = max(1, BLOCK_SCORES // self.n_items)
        for first in range(0, len(clicks), rows):
            block = clicks[first : first + rows]
            yield self.score(log, block), log.items[block + 1]


def steps(log: ClickLog) -> np.ndarray:
    """(N,) how many clicks of its session came before each click."""
    return np.arange(log.n_clicks) - np.repeat(log.offsets[:-1], log.lengths)


def transitions(log: ClickLog) -> tuple[np.ndarray, np.ndarray]:
    """(P,) items and (P,) the items clicked right after them, session borders left out."""
    follows = steps(log)[1:] > 0
    return log.items[:-1][follows], log.items[1:][follows]


def popularity_of(log: ClickLog) -> np.ndarray:
    """(n_items,) float64, share of all clicks."""
    return np.bincount(log.items, minlength=len(log.catalog)) / max(log.n_clicks, 1)
