"""How far does one get with what kind of session it is, and what follows the last click?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.base import steps
from gru_viz.baselines.factors import LONGEST, mean_factors, mean_square, new_factors, uniform_negatives
from gru_viz.baselines.gradient import Fitting, LearnedByGradient
from gru_viz.baselines.recent import recent
from gru_viz.learn.losses.ranking import bpr
from gru_viz.learn.optimizer import BETAS
from gru_viz.sessions import ClickLog

FITTING = Fitting(epochs=20, batch=1024, learning_rate=0.02)


class Factors(nn.Module):
    """The three tables of FPMC that a session without a user needs, (n_items, dim) each.

    taste: V^{I,U}, of an item as it fits the session
    last:  V^{L,I}, of an item as the last click
    after: V^{I,L}, of an item as what follows it
    """

    def __init__(self, n_items: int, dim: int) -> None:
        super().__init__()
        self.taste, self.last, self.after = (new_factors(n_items, dim) for _ in range(3))


class FPMC(LearnedByGradient[Factors]):
    """Factorised personalised Markov chain (Rendle et al. 2010), learned by S-BPR, baskets of one item.

        x(session, last → item) = s · taste_item + last_last · after_item

    In the paper s is the user's own. Here sessions have no user, and a session that goes on now
    has no factor of its own, so s is the mean taste of its clicks so far, while learning as while
    scoring. (A factor for each training session, replaced by that mean when scoring, and no s at
    all both did worse on Wikispeedia paths.) Of a long session the last LONGEST clicks count.
    """

    name: ClassVar[str] = "fpmc"

    def __init__(
        self, dim: int = 128, negatives: int = 128, shrink: float = 0.001, fitting: Fitting = FITTING
    ) -> None:
        self.dim, self.negatives, self.shrink, self.fitting = dim, negatives, shrink, fitting

    def _begin(self, log: ClickLog) -> Factors:
        self._log = log
        self._targets = np.flatnonzero(steps(log))
        self._negatives = uniform_negatives(log, self.negatives, self.fitting.seed)
        return Factors(self.n_items, self.dim)

    def _optimizer(self) -> torch.optim.Optimizer:
        return torch.optim.SparseAdam(self.net.parameters(), lr=self.fitting.learning_rate, betas=BETAS)

    def _batches(self, rng: np.random.Generator) -> Sequence[np.ndarray]:
        order = rng.permutation(self._targets)
        return np.split(order, range(self.fitting.batch, len(order), self.fitting.batch))

    def _loss(self, targets: np.ndarray) -> Tensor:
        """Of the clicks at these places in the log, each a session's second or later one."""
        item = torch.from_numpy(self._log.items[targets])
        drawn = self._negatives.draw(item).items
        both = torch.cat([item, drawn])
        parts = (
            (mean_factors(self.net.taste, recent(self._log, targets - 1, LONGEST)), self.net.taste(both)),
            (self.net.last(torch.from_numpy(self._log.items[targets - 1])), self.net.after(both)),
        )
        positive, negative, squares = torch.zeros(()), torch.zeros(()), torch.zeros(())
        for of_session, of_items in parts:
            own, others = of_items.split([len(item), len(drawn)])
            positive = positive + (of_session * own).sum(1)
            negative = negative + of_session @ others.t()
            squares = squares + mean_square(of_session) + mean_square(own) + mean_square(others)
        return bpr(positive, negative, item[:, None] == drawn).mean() + self.shrink * squares

    def score(self, log: ClickLog, clicks: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            s = mean_factors(self.net.taste, recent(log, clicks, LONGEST))
            last = self.net.last(torch.from_numpy(log.items[clicks]))
            scores = last @ self.net.after.weight.t()
            return scores.addmm_(s, self.net.taste.weight.t()).numpy()
