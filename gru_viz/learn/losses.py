"""How wrong are the scores, given what was clicked next?

Cross-entropy of the next item, over all items or over a sample of them.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from gru_viz.model import GRU4Rec

BLOCK_SCORES = 50_000_000  # 200 MB in float32


class Loss(Protocol):
    """What is made small: the mean over N predictions, a scalar that carries gradients."""

    def __call__(self, model: GRU4Rec, features: Tensor, targets: Tensor) -> Tensor:
        """features (N, D) from `model.head`; targets (N,) int64, the item clicked next."""
        ...


class FullSoftmax:
    """−log softmax(scores)[target], the softmax over the whole catalogue.

    A batch with more than BLOCK_SCORES scores is done in parts, whose scores are computed
    a second time for the gradient: slower, but no batch needs more memory than that.
    """

    def __call__(self, model: GRU4Rec, features: Tensor, targets: Tensor) -> Tensor:
        rows = max(1, BLOCK_SCORES // len(model.catalog))
        if len(targets) <= rows:
            return nn.functional.cross_entropy(model.score(features), targets)

        def summed(features: Tensor, targets: Tensor) -> Tensor:
            return nn.functional.cross_entropy(model.score(features), targets, reduction="sum")

        parts = zip(features.split(rows), targets.split(rows), strict=True)
        sums = [checkpoint(summed, *part, use_reentrant=False) for part in parts]
        return torch.stack(sums).sum() / len(targets)


def sampled_softmax(positive: Tensor, negative: Tensor, is_target: Tensor) -> Tensor:
    """Mean of −log(e^p / (e^p + Σ e^n)) over the negatives that are not the target.

    positive:  (N,) score of each target
    negative:  (N, K) corrected scores of the shared negatives
    is_target: (N, K) bool, where a negative is that row's own target
    """
    negative = negative.masked_fill(is_target, float("-inf"))
    return (torch.logsumexp(torch.cat([positive[:, None], negative], dim=1), dim=1) - positive).mean()


class SampledSoftmax:
    """Cross-entropy over the target and K negatives that all predictions of a batch share.

    Negatives are drawn, with replacement, with probability q ∝ support^alpha. A negative
    takes part with score − log(K q), so that e^score summed over the negatives estimates
    the sum over all other items, without bias, and the loss aims at the full softmax
    (Bengio and Senécal 2008; in this form Blanc and Rendle 2018, arXiv 1712.00527).
    A target is never its own negative.

    support: (n_items,) clicks on each item in the training log
    """

    def __init__(self, support: np.ndarray, negatives: int = 512, alpha: float = 0.5, seed: int = 0) -> None:
        weights = np.maximum(np.asarray(support, dtype=np.float64), 1.0) ** alpha
        self.negatives = negatives
        self.log_q = torch.from_numpy(np.log(weights / weights.sum())).float()
        self._upto = torch.from_numpy(np.cumsum(weights) / weights.sum())
        self._generator = torch.Generator().manual_seed(seed)

    def draw(self) -> Tensor:
        """(K,) item indices."""
        u = torch.rand(self.negatives, dtype=torch.float64, generator=self._generator)
        return torch.searchsorted(self._upto, u, right=True).clamp_(max=len(self._upto) - 1)

    def __call__(self, model: GRU4Rec, features: Tensor, targets: Tensor) -> Tensor:
        return self.over(self.draw().to(targets.device), model, features, targets)

    def over(self, negatives: Tensor, model: GRU4Rec, features: Tensor, targets: Tensor) -> Tensor:
        """The loss with these negatives (K,)."""
        correction = self.log_q.to(features)[negatives] + math.log(len(negatives))
        # one look-up for both, so that the gradient of the table is written once
        items = torch.cat([targets, negatives])
        embedding = nn.functional.embedding(items, model.output_embedding)
        bias = model.output_bias[items]
        n = len(targets)
        positive = (features * embedding[:n]).sum(1) + bias[:n]
        negative = torch.addmm(bias[n:] - correction, features, embedding[n:].t())
        return sampled_softmax(positive, negative, targets[:, None] == negatives)
