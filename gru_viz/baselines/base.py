"""What must a model do to stand beside GRU4Rec?

Learn from a log, and score every item after every click of another one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.sparse import in_pieces
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

# Numbers a block of scores, and the clicks before them, may be (32 MB in float64).
BLOCK_SCORES = 4_000_000
FAR_BACK = 1_000  # clicks before that count for it: nobody looks at more of a session one by one


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
        """Blocks of scores (B, n_items) and the click each row predicts (B,), in the order of the log."""
        if len(log.catalog) != self.n_items:
            raise InputError(
                f"{self.name} was fitted on {self.n_items} items, the log has {len(log.catalog)}; "
                "read the log with the catalogue of the model"
            )
        seen = steps(log)
        predicted = np.flatnonzero(seen)
        for piece in in_pieces(self.n_items + np.minimum(seen[predicted], FAR_BACK), BLOCK_SCORES):
            block = predicted[piece]
            yield self.score(log, block - 1), block


def steps(log: ClickLog) -> np.ndarray:
    """(N,) how many clicks of its session came before each click."""
    return np.arange(log.n_clicks) - np.repeat(log.offsets[:-1], log.lengths)


def starts_of(log: ClickLog, clicks: np.ndarray) -> np.ndarray:
    """(B,) the first click of the session of each of these clicks (B,)."""
    return log.offsets[np.searchsorted(log.offsets, clicks, side="right") - 1]


def followers(log: ClickLog, furthest: int = 1) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """By distance d = 1..furthest: (P,) items, (P,) the items clicked d clicks later in that session, d.

    Distances that no session is long enough for are left out.
    """
    seen = steps(log)
    for distance in range(1, min(furthest, int(seen.max(initial=0))) + 1):
        later = np.flatnonzero(seen >= distance)
        yield log.items[later - distance], log.items[later], distance


def popularity_of(log: ClickLog) -> np.ndarray:
    """(n_items,) float64, share of all clicks."""
    return np.bincount(log.items, minlength=len(log.catalog)) / max(log.n_clicks, 1)


def log_popularity(log: ClickLog) -> np.ndarray:
    """(n_items,) float64, log share of clicks, shifted to mean 0: a bias that a softmax can start from.

    An item never clicked counts as clicked once.
    """
    logs: np.ndarray = np.log(np.maximum(np.bincount(log.items, minlength=len(log.catalog)), 1))
    return logs - logs.mean()
