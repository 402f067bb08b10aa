"""How far does one get by knowing what kind of session it is, whatever the order of its clicks?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.factors import LONGEST, mean_factors, mean_square, new_factors, uniform_negatives
from gru_viz.baselines.gradient import Fitting, LearnedByGradient
from gru_viz.baselines.recent import recent
from gru_viz.learn.losses.ranking import bpr
from gru_viz.sessions import ClickLog

FITTING = Fitting(epochs=20, batch=1024, learning_rate=0.1)


class MF(LearnedByGradient[nn.Embedding]):
    """BPR-MF: matrix factorisation by pairs (Rendle et al. 2009, arXiv 1205.2618).

        x(session, item) = p_session · q_item

    A session is what a user is in the paper, and p is learned with q. But a session that goes
    on now has no p, so it gets the mean of the q of its clicks, as Hidasi et al. 2016
    (arXiv 1511.06939) have it: the usual adaptation, and a rough one, since p was not learned
    as that mean. Of a long session the last LONGEST clicks count.

    net: (n_items, dim) q; the p of the training sessions are no use afterwards
    """

    name: ClassVar[str] = "mf"

    def __init__(
        self, dim: int = 128, negatives: int = 32, shrink: float = 0.01, fitting: Fitting = FITTING
    ) -> None:
        self.dim, self.negatives, self.shrink, self.fitting = dim, negatives, shrink, fitting

    def _begin(self, log: ClickLog) -> nn.Embedding:
        session = np.repeat(np.arange(len(log)), log.lengths)
        self._pairs = torch.from_numpy(np.unique(session * self.n_items + log.items))  # what was clicked
        self._sessions = new_factors(len(log), self.dim)
        self._negatives = uniform_negatives(log, self.negatives, self.fitting.seed)
        return new_factors(self.n_items, self.dim)

    def _optimizer(self) -> torch.optim.Optimizer:
        """Adagrad (Duchi et al. 2011): what is rarely clicked takes larger steps."""
        parameters = [*self.net.parameters(), *self._sessions.parameters()]
        return torch.optim.Adagrad(parameters, lr=self.fitting.learning_rate)

    def _batches(self, rng: np.random.Generator) -> Sequence[Tensor]:
        return self._pairs[torch.from_numpy(rng.permutation(len(self._pairs)))].split(self.fitting.batch)

    def _loss(self, pairs: Tensor) -> Tensor:
        session, item = pairs // self.n_items, pairs % self.n_items
        drawn = self._negatives.draw(item).items
        P = self._sessions(session)  # (B, dim)
        Q, others = self.net(torch.cat([item, drawn])).split([len(item), len(drawn)])
        clicked = self._clicked(session[:, None] * self.n_items + drawn)
        wrong = bpr((P * Q).sum(1), P @ others.t(), clicked).mean()
        return wrong + self.shrink * (mean_square(P) + mean_square(Q) + mean_square(others))

    def _clicked(self, pairs: Tensor) -> Tensor:
        """Where a pair of session and item, as one number, is one that was clicked."""
        place = torch.searchsorted(self._pairs, pairs).clamp_max(len(self._pairs) - 1)
        return self._pairs[place] == pairs

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            p = mean_factors(self.net, recent(log, clicks, LONGEST))
            return (p @ self.net.weight.t()).numpy()
