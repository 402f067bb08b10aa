"""Which sessions are learned from together, and in which order?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from gru_viz.learn.config import ORDERS
from gru_viz.model import PackedBatch
from gru_viz.sessions import ClickLog

# A longer session is learned in pieces, each from a zero state: what a batch needs of memory
# grows with its clicks, and one session of a robot must not decide it.
LONGEST = 300


@dataclass(frozen=True, eq=False)
class TrainingBatch:
    """Whole sessions side by side: the clicks, and what was clicked after each.

    clicks:  packed, without each session's last click
    targets: (N,) int64, the next item of every row of `clicks.items`
    """

    clicks: PackedBatch
    targets: Tensor


class Batches:
    """The batches of a log, epoch after epoch; every click but a session's first is a target once.

    size:  sessions a batch; the last batch has what is left
    order: "time", as the log has them, or "shuffled", anew each epoch from `seed`
    """

    def __init__(
        self, log: ClickLog, size: int, order: str = "time", seed: int = 0, longest: int = LONGEST
    ) -> None:
        if order not in ORDERS:
            raise ValueError(f"order must be one of {ORDERS}, got {order!r}")
        self.items = log.items
        self.size, self.order, self.seed = size, order, seed
        self.starts, self.lengths = _pieces(log, longest)

    def __len__(self) -> int:
        """Batches an epoch."""
        return -(-len(self.starts) // self.size)

    @property
    def predictions(self) -> int:
        """Targets an epoch."""
        return int(self.lengths.sum())

    def epoch(self, number: int) -> Iterator[TrainingBatch]:
        """The batches of epoch `number`; the same at every call."""
        chosen = np.arange(len(self.starts))
        if self.order == "shuffled":
            chosen = np.random.default_rng([self.seed, number]).permutation(chosen)
        for first in range(0, len(chosen), self.size):
            yield self._batch(chosen[first : first + self.size])

    def _batch(self, chosen: np.ndarray) -> TrainingBatch:
        places = [
            np.arange(start, start + length)
            for start, length in zip(self.starts[chosen], self.lengths[chosen], strict=True)
        ]
        packed = PackedBatch.of(places)
        rows = packed.items.numpy()
        clicks = replace(packed, items=torch.from_numpy(self.items[rows]))
        return TrainingBatch(clicks, torch.from_numpy(self.items[rows + 1]))


def _pieces(log: ClickLog, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """(P,) first click and (P,) clicks with a next one, of each session or piece of one."""
    inputs = log.lengths - 1
    count = -(-inputs // longest)  # none for a session of one click: nothing follows it
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    starts = np.repeat(log.offsets[:-1], count) + place * longest
    return starts, np.minimum(np.repeat(inputs, count) - place * longest, longest)
