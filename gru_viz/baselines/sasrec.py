"""How far does one get when every click looks back at all earlier ones at once?"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from gru_viz.baselines.gradient import Fitting, LearnedByGradient
from gru_viz.baselines.recent import Recent, pieces, recent
from gru_viz.baselines.softmax import NextItemLoss
from gru_viz.baselines.sparse import expanded
from gru_viz.baselines.transformer import Shape, Transformer, batches_of_like_length
from gru_viz.sessions import ClickLog

SHAPE = Shape()
FITTING = Fitting(epochs=12, batch=512, learning_rate=0.01, clip=1.0)


class SASRec(LearnedByGradient[Transformer]):
    """Self-attentive sequential recommendation (Kang and McAuley 2018, arXiv 1808.09781).

    Every click looks at itself and at earlier ones, and predicts the next: all clicks of a
    session are learned at once. Of a long session the last `shape.longest` clicks are looked
    at; while learning it is cut into pieces of that length.

    Beside the paper: cross-entropy instead of its loss against one item (`loss="bce"`, see
    `NextItemLoss`), an output table and bias of their own (`Shape.tied`), a feed-forward part of
    width 4 D with GELU, and positions that count from the start. Counted from the end, as in the
    paper, the position of a click would tell, while learning, how long its session still goes on.
    """

    name: ClassVar[str] = "sasrec"

    def __init__(self, shape: Shape = SHAPE, loss: str | None = None, fitting: Fitting = FITTING) -> None:
        self.shape, self.loss, self.fitting = shape, loss, fitting

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        return self.net.after(recent(log, clicks, self.shape.longest))

    def _begin(self, log: ClickLog) -> Transformer:
        self._items = log.items
        self._starts, clicks = pieces(log, self.shape.longest + 1)
        self._lengths = clicks - 1  # the last one is only a target
        self._costs = NextItemLoss(log, self.loss, self.fitting.seed)
        return Transformer(log, self.shape, causal=True)

    def _batches(self, rng: np.random.Generator) -> list[np.ndarray]:
        return batches_of_like_length(self._lengths, self.fitting.batch, rng)

    def _loss(self, rows: np.ndarray) -> Tensor:
        lengths = self._lengths[rows]
        _, clicks = expanded(self._starts[rows], lengths)
        items = torch.from_numpy(Recent(self._items[clicks], lengths).padded(self.n_items))
        features = self.net.features(items, torch.from_numpy(lengths))[items < self.n_items]
        return self._costs(self.net, features, torch.from_numpy(self._items[clicks + 1]))
