"""Which sessions are learned from together, and in which order?

Here whole sessions, side by side; `gru_viz.learn.slots` has the other way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from gru_viz.learn.config import ORDERS
from gru_viz.model import PackedBatch
from gru_viz.sessions import ClickLog

# A longer session is learned in pieces, each from a zero state: what a batch needs of memory
# grows with its clicks, and one session of a robot must not decide it.
LONGEST = 300


@dataclass(frozen=True)
class Share:
    """The part of every update that is this process' own: rank `rank` of `world` equal ones."""

    rank: int = 0
    world: int = 1


ALL = Share()


@dataclass(frozen=True, eq=False)
class TrainingBatch:
    """What one update learns from.

    items:       (N,) int64 clicks, packed as in `PackedBatch`
    batch_sizes: as there
    targets:     (N,) int64, the item clicked after each
    everyones:   (M,) int64, the targets of the update in all processes, in the order that one process
                 has them in: negatives are drawn from them by place; `targets` are among them
    weight:      1, or 0 where nothing of the update falls to this process: it then has some click
                 that must not count, so that every process takes part in every update
    slots:       (B,) int64, the slot whose state each session goes on from; None: all sessions
                 start here
    starts:      (B,) bool, where a session starts here, from a zero state; None with `slots`
    """

    items: Tensor
    batch_sizes: list[int]
    targets: Tensor
    everyones: Tensor
    weight: float = 1.0
    slots: Tensor | None = None
    starts: Tensor | None = None


class Batches(Protocol):
    """The updates of a log, epoch after epoch; every click but a session's first is a target once."""

    predictions: int  # an epoch

    def updates(self, epoch: int) -> int:
        """How many updates epoch `epoch` has."""
        ...

    def epoch(self, number: int) -> Iterator[TrainingBatch]:
        """The updates of epoch `number`; the same at every call."""
        ...


def order_of(sessions: int, order: str, seed: int, epoch: int) -> np.ndarray:
    """(S,) the sessions as epoch `epoch` takes them: in time, or shuffled anew."""
    if order not in ORDERS:
        raise ValueError(f"order must be one of {ORDERS}, got {order!r}")
    chosen = np.arange(sessions)
    return np.random.default_rng([seed, epoch]).permutation(chosen) if order == "shuffled" else chosen


class WholeSessions:
    """`Batches` of whole sessions.

    size:  sessions an update; the last one has what is left
    order: "time", as the log has them, or "shuffled", anew each epoch from `seed`
    share: of each update's sessions, every `world`-th one
    """

    def __init__(
        self,
        log: ClickLog,
        size: int,
        order: str = "time",
        seed: int = 0,
        share: Share = ALL,
        longest: int = LONGEST,
    ) -> None:
        self.items = log.items
        self.size, self.order, self.seed, self.share = size, order, seed, share
        self.starts, self.lengths = pieces(log, longest)
        self.predictions = int(self.lengths.sum())

    def updates(self, epoch: int) -> int:
        return -(-len(self.starts) // self.size)

    def epoch(self, number: int) -> Iterator[TrainingBatch]:
        chosen = order_of(len(self.starts), self.order, self.seed, number)
        for first in range(0, len(chosen), self.size):
            yield self._batch(chosen[first : first + self.size])

    def _batch(self, chosen: np.ndarray) -> TrainingBatch:
        whole = PackedBatch.of(self._places(chosen))
        own, packed = chosen, whole
        if self.share.world > 1:
            own = chosen[self.share.rank :: self.share.world]
            packed = PackedBatch.of(self._places(own if len(own) else chosen[:1]))
        rows = packed.items.numpy()
        targets, everyones = (torch.from_numpy(self.items[p.items.numpy() + 1]) for p in (packed, whole))
        return TrainingBatch(
            torch.from_numpy(self.items[rows]), packed.batch_sizes, targets, everyones, float(len(own) > 0)
        )

    def _places(self, chosen: np.ndarray) -> list[np.ndarray]:
        """Where the clicks with a next one of these sessions stand in the log."""
        ends = self.starts[chosen] + self.lengths[chosen]
        return [np.arange(start, end) for start, end in zip(self.starts[chosen], ends, strict=True)]


def pieces(log: ClickLog, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """(P,) first click and (P,) clicks with a next one, of each session or piece of one."""
    inputs = log.lengths - 1
    count = -(-inputs // longest)  # none for a session of one click: nothing follows it
    place = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    starts = np.repeat(log.offsets[:-1], count) + place * longest
    return starts, np.minimum(np.repeat(inputs, count) - place * longest, longest)
