"""What was clicked up to now, as far back as a model looks?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.baselines.sparse import expanded
from gru_viz.sessions import ClickLog


@dataclass(frozen=True)
class Recent:
    """The last clicks of B sessions, one after the other.

    items:   (sum of lengths,) item indices, in the order of the clicks
    lengths: (B,) how many clicks each has, at least 1
    """

    items: np.ndarray
    lengths: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        """(B,) where each begins in `items`."""
        return np.cumsum(self.lengths) - self.lengths

    def padded(self, padding: int) -> np.ndarray:
        """(B, longest of them) item indices, `padding` after each one's last click."""
        table = np.full((len(self.lengths), self.lengths.max(initial=1)), padding)
        row, place = expanded(np.zeros_like(self.lengths), self.lengths)
        table[row, place] = self.items
        return table


def recent(log: ClickLog, clicks: np.ndarray, longest: int) -> Recent:
    """The last `longest` clicks of the session, up to and including each of these clicks.

    clicks: (B,) positions in ``log.items``
    """
    session = np.searchsorted(log.offsets, clicks, side="right") - 1
    lengths = np.minimum(clicks - log.offsets[session] + 1, longest)
    _, seen = expanded(clicks - lengths + 1, lengths)
    return Recent(log.items[seen], lengths)


def pieces(log: ClickLog, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """(P,) first click and (P,) clicks of every session, a long one cut into pieces of at most `longest`.

    What is left over at the end of a session is a piece too, unless it is a single click:
    nothing can be learned from that.
    """
    count = -(-log.lengths // longest)
    session, number = expanded(np.zeros_like(count), count)
    lengths = np.minimum(log.lengths[session] - number * longest, longest)
    starts = log.offsets[:-1][session] + number * longest
    return starts[lengths > 1], lengths[lengths > 1]
