"""How does a model learn to fill in hidden clicks, and what is left of that live?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.base import log_popularity, starts_of
from gru_viz.baselines.gradient import Fitting, LearnedByGradient
from gru_viz.baselines.sparse import in_pieces
from gru_viz.both_ways import BothWays, BothWaysConfig
from gru_viz.model import PackedBatch
from gru_viz.rerun import evaluating
from gru_viz.sessions import ClickLog

# On the shop 14 epochs find no more than 8 (.938 of the hidden clicks inside a session among the first 10).
FITTING = Fitting(epochs=8, batch=64, learning_rate=0.01, clip=1.0)

BLOCK_CLICKS = 20_000  # clicks that are read at once when scoring


class LearnedBothWays(LearnedByGradient[BothWays]):
    """A `gru_viz.both_ways.BothWays`, and what it gives where the next click is asked for.

    Every click of every session is hidden once an epoch, all of a session in one pass, and found
    among the whole catalogue by cross-entropy. A session of one click has nothing to be found
    from and is left out. `fitting.batch` counts sessions, which are not cut into pieces.

    `score` is what it gives live: what is still to come cannot be read backwards.
    """

    name: ClassVar[str] = "both-ways"

    def __init__(self, config: BothWaysConfig | None = None, fitting: Fitting = FITTING) -> None:
        self.config, self.fitting = config or BothWaysConfig(), fitting

    @classmethod
    def of(cls, net: BothWays) -> Self:
        """One that was learned before, to be measured."""
        made = cls(net.config)
        made.net, made.n_items = net, len(net.catalog)
        return made

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        first = starts_of(log, clicks)
        with evaluating(self.net):
            around = [
                self._around_the_next(log, first[piece], clicks[piece])
                for piece in in_pieces(clicks - first + 2, BLOCK_CLICKS)
            ]
            return self.net.score(torch.cat(around)).numpy()

    def _around_the_next(self, log: ClickLog, first: np.ndarray, last: np.ndarray) -> Tensor:
        """(B, 2H) what is round the click after each `last`, read from `first` on."""
        # a click that is still to come stands for itself: whatever it is, it is not read
        so_far = [np.append(log.items[a : b + 1], 0) for a, b in zip(first, last, strict=True)]
        batch = PackedBatch.of(so_far)
        ends = np.cumsum([len(session) for session in so_far]) - 1
        return self.net.unroll(batch).around[batch.rows_by_session()[ends]]

    def _begin(self, log: ClickLog) -> BothWays:
        self._log = log
        net = BothWays(log.catalog, self.config)
        with torch.no_grad():
            net.output_bias.copy_(torch.from_numpy(log_popularity(log)))
        return net

    def _batches(self, rng: np.random.Generator) -> Sequence[list[np.ndarray]]:
        sessions = rng.permutation(np.flatnonzero(self._log.lengths > 1))
        size = self.fitting.batch
        groups = (sessions[first : first + size] for first in range(0, len(sessions), size))
        return [[self._log[int(session)].items for session in group] for group in groups]

    def _loss(self, sessions: list[np.ndarray]) -> Tensor:
        batch = PackedBatch.of(sessions)
        return nn.functional.cross_entropy(self.net(batch), batch.items)
