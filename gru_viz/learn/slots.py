"""Which clicks are learned from together, if sessions run side by side in slots?

The session-parallel mini-batches of GRU4Rec (Hidasi et al. 2016, arXiv 1511.06939, section 3.1.1):
each slot walks through a session, one click an update; when it ends, the next session takes
the slot, from a zero state. When no session waits, a slot that ends is closed, and the others
go on to their ends: no session's tail is left out.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
import torch

from gru_viz.learn.batches import ALL, Share, TrainingBatch, order_of, pieces
from gru_viz.sessions import ClickLog


class Slots:
    """`Batches` of one click a slot.

    size:  slots; fewer where the log has fewer sessions
    order: in which sessions wait, see `WholeSessions`
    share: every `world`-th slot
    """

    def __init__(
        self, log: ClickLog, size: int, order: str = "time", seed: int = 0, share: Share = ALL
    ) -> None:
        self.items = log.items
        self.size, self.order, self.seed, self.share = size, order, seed, share
        self.starts, self.lengths = pieces(log, max(1, log.n_clicks))
        self.predictions = int(self.lengths.sum())

    def updates(self, epoch: int) -> int:
        """Until the last slot ends, each waiting session going to the slot that is free first."""
        ends = [0] * min(self.size, len(self.lengths))
        for length in self.lengths[order_of(len(self.lengths), self.order, self.seed, epoch)].tolist():
            heapq.heapreplace(ends, ends[0] + length)
        return max(ends, default=0)

    def epoch(self, number: int) -> Iterator[TrainingBatch]:
        queue = order_of(len(self.starts), self.order, self.seed, number)
        waiting = min(self.size, len(queue))  # the first in the queue that has no slot yet
        at = self.starts[queue[:waiting]]  # where each slot's click stands in the log
        end = at + self.lengths[queue[:waiting]]
        slot, starting = np.arange(len(at)), np.ones(len(at), dtype=bool)
        while len(at):
            yield self._batch(at, slot, starting)
            at = at + 1
            starting = np.zeros(len(at), dtype=bool)
            ended = np.flatnonzero(at == end)
            if len(ended):
                entering = queue[waiting : waiting + len(ended)]
                waiting += len(entering)
                taken, closed = np.split(ended, [len(entering)])
                at[taken] = self.starts[entering]
                end[taken] = at[taken] + self.lengths[entering]
                starting[taken] = True
                at, end, slot, starting = (np.delete(array, closed) for array in (at, end, slot, starting))

    def _batch(self, at: np.ndarray, slot: np.ndarray, starting: np.ndarray) -> TrainingBatch:
        everyones = torch.from_numpy(self.items[at + 1])
        own = np.flatnonzero(slot % self.share.world == self.share.rank)
        weight = float(len(own) > 0)
        if len(own) == 0:
            own, starting = np.array([0]), np.ones_like(starting)
        return TrainingBatch(
            torch.from_numpy(self.items[at[own]]),
            [len(own)],
            everyones[own],
            everyones,
            weight,
            torch.from_numpy(slot[own]),
            torch.from_numpy(starting[own]),
        )
