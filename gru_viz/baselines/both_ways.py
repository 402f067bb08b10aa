"""How does a model learn to fill in hidden clicks, and what is left of that live?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.gradient import Fitting, LearnedByGradient, log_popularity
from gru_viz.both_ways import BothWays, BothWaysConfig, gap_scores
from gru_viz.model import PackedBatch
from gru_viz.sessions import ClickLog

# On the shop 14 epochs find no more than 8 (.938 of the hidden clicks inside a session among the first 10).
FITTING = Fitting(epochs=8, batch=64, learning_rate=0.01, clip=1.0)


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
        first = log.offsets[np.searchsorted(log.offsets, clicks, side="right") - 1]
        # a click that is still to come stands for itself: whatever it is, it is not read
        so_far = [
            np.append(log.items[start : click + 1], 0) for start, click in zip(first, clicks, strict=True)
        ]
        last = np.cumsum([len(session) for session in so_far]) - 1
        return gap_scores(self.net, so_far)[last]

    def _begin(self, log: ClickLog) -> BothWays:
        self._log = log
        net = BothWays(log.catalog, self.config)
        with torch.no_grad():
            net.output_bias.copy_(log_popularity(log))
        return net

    def _batches(self, rng: np.random.Generator) -> Sequence[list[np.ndarray]]:
        sessions = rng.permutation(np.flatnonzero(self._log.lengths > 1))
        size = self.fitting.batch
        groups = (sessions[first : first + size] for first in range(0, len(sessions), size))
        return [[self._log[int(session)].items for session in group] for group in groups]

    def _loss(self, sessions: list[np.ndarray]) -> Tensor:
        batch = PackedBatch.of(sessions)
        return nn.functional.cross_entropy(self.net(batch), batch.items)
