"""How far does one get by learning to fill gaps from both sides?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from gru_viz.baselines.gradient import Fitting, LearnedByGradient
from gru_viz.baselines.recent import Recent, pieces, recent
from gru_viz.baselines.softmax import NextItemLoss
from gru_viz.baselines.sparse import expanded
from gru_viz.baselines.transformer import Shape, Transformer, batches_of_like_length
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

SHAPE = Shape(dropout=0.2)
FITTING = Fitting(epochs=32, batch=512, learning_rate=0.01, clip=1.0)


@dataclass(frozen=True)
class Cloze:
    """B sessions with gaps: what is hidden is to be found from what is left on both sides.

    items:   (B, T) item indices; what fills up stands at the right
    lengths: (B,) clicks of each
    gaps:    (B, T) bool, at least one click of each
    """

    items: np.ndarray
    lengths: np.ndarray
    gaps: np.ndarray

    def __len__(self) -> int:
        return len(self.lengths)


class BERT4Rec(LearnedByGradient[Transformer]):
    """Bidirectional encoder with a Cloze task (Sun et al. 2019, arXiv 1904.06690).

    While learning, some clicks are replaced by [mask] and found from the clicks on both sides.
    The next click is a gap, too: [mask] is put after the last click, and scores are what
    stands there. So each prediction is a pass over the session of its own, of the last
    `shape.longest` − 1 clicks; while learning a longer one is cut into pieces.

    masked:    share of a session's clicks that are hidden, at least one
    only_last: share of the sessions that are cut after any click and of which only the last
               one left is hidden. The paper mixes in such samples, too, since that is what is
               asked of it afterwards; it hides the session's last click only.

    It has fewer predictions to learn from than SASRec, one or two a session and epoch, and needs
    more epochs (Petrov and Macdonald 2022, arXiv 2207.07483, saw the same).

    Beside the paper: norms stand before attention (pre-norm), and no projection between
    features and output; table and bias of the output are its own (`Shape.tied`).
    """

    name: ClassVar[str] = "bert4rec"

    def __init__(
        self,
        shape: Shape = SHAPE,
        masked: float = 0.3,
        only_last: float = 0.5,
        loss: str | None = None,
        fitting: Fitting = FITTING,
    ) -> None:
        for name, share in (("masked", masked), ("only_last", only_last)):
            if not 0 <= share <= 1:
                raise InputError(f"{name} must be from 0 to 1, not {share}")
        self.shape, self.loss, self.fitting = shape, loss, fitting
        self.masked, self.only_last = masked, only_last

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        seen = recent(log, clicks, self.shape.longest - 1)
        ends = np.cumsum(seen.lengths)
        return self.net.after(Recent(np.insert(seen.items, ends, self.net.hidden), seen.lengths + 1))

    def _begin(self, log: ClickLog) -> Transformer:
        self._items = log.items
        self._starts, self._lengths = pieces(log, self.shape.longest)
        self._costs = NextItemLoss(log, self.loss, self.fitting.seed)
        return Transformer(log, self.shape, causal=False)

    def _batches(self, rng: np.random.Generator) -> list[Cloze]:
        only_last = rng.random(len(self._lengths)) < self.only_last
        cut = rng.integers(2, self._lengths + 1)
        lengths = np.where(only_last, cut, self._lengths)
        groups = batches_of_like_length(lengths, self.fitting.batch, rng)
        return [self._cloze(self._starts[rows], lengths[rows], only_last[rows], rng) for rows in groups]

    def _cloze(
        self, starts: np.ndarray, lengths: np.ndarray, only_last: np.ndarray, rng: np.random.Generator
    ) -> Cloze:
        _, clicks = expanded(starts, lengths)
        items = Recent(self._items[clicks], lengths).padded(self.net.hidden)
        place, end = np.arange(items.shape[1]), lengths[:, None]
        luck = np.where(place < end, rng.random(items.shape), np.inf)
        some = (luck < self.masked) | (luck == luck.min(axis=1, keepdims=True))
        return Cloze(items, lengths, np.where(only_last[:, None], place == end - 1, some))

    def _loss(self, cloze: Cloze) -> Tensor:
        items, gaps = torch.from_numpy(cloze.items), torch.from_numpy(cloze.gaps)
        seen = items.masked_fill(gaps, self.net.hidden)
        features = self.net.features(seen, torch.from_numpy(cloze.lengths))[gaps]
        return self._costs(self.net, features, items[gaps])
