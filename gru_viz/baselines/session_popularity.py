"""How far does one get by recommending again what this session clicked most?"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from gru_viz.baselines.base import Baseline, popularity_of, starts_of
from gru_viz.baselines.sparse import expanded
from gru_viz.sessions import ClickLog

MARK = 100  # clicks from mark to mark, or as many as the catalogue has items: a row of counts costs that


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
        """As in `Baseline`; what a row costs does not grow with the session.

        Every so many clicks of a session there is a mark, up to which is counted once for all rows.
        """
        first = starts_of(log, clicks)
        marked = clicks + 1 - (clicks + 1 - first) % max(self.n_items, MARK)
        counts = self._clicked(log, marked, clicks + 1)
        beyond = np.flatnonzero(marked > first)
        marks, mark = np.unique(marked[beyond], return_inverse=True)
        counts[beyond] += self._upto_marks(log, marks)[mark]
        return counts + self.share

    def _upto_marks(self, log: ClickLog, marks: np.ndarray) -> np.ndarray:
        """(M, n_items) clicks on each item in the session before each of these marks (M,), which rise."""
        first = starts_of(log, marks - 1)
        before = np.concatenate([[0], marks[:-1]])
        counts = self._clicked(log, np.maximum(first, before), marks)
        for place in np.flatnonzero(before > first):  # the mark before is of the same session
            counts[place] += counts[place - 1]
        return counts

    def _clicked(self, log: ClickLog, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """(B, n_items) clicks on each item from start (B,) to before end (B,)."""
        row, click = expanded(start, end - start)
        entries = row * self.n_items + log.items[click]
        return np.bincount(entries, minlength=len(start) * self.n_items).reshape(len(start), self.n_items)
