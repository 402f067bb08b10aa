"""How wrong are the scores beside those of a sample of other items?

A sample is drawn for each update and shared by its predictions. Every formula gets

    positive: (N,)   score of each prediction's target
    negative: (N, K) scores of the sampled items
    own:      (N, K) bool, where a sampled item is that prediction's own target: it does not count

and gives (N,), the loss of each prediction. A prediction of which every negative is its own
target has nothing to stand against, and a loss of 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.learn.losses.in_parts import in_parts
from gru_viz.model import GRU4Rec

# A batch of whole sessions can have thousands of targets; more of them as negatives cost much
# and say little.
MOST_IN_BATCH = 1_024

Formula = Callable[[Tensor, Tensor, Tensor], Tensor]


class Loss(Protocol):
    """What is made small: the mean of the values given here."""

    def __call__(self, model: GRU4Rec, features: Tensor, targets: Tensor, everyones: Tensor) -> Tensor:
        """The loss (N,) of each prediction, carrying gradients.

        features:  (N, D) from `model.head`
        targets:   (N,) int64, the item clicked next
        everyones: (M,) int64 on the CPU, the targets of the whole update, these among them
        """
        ...


def sampled_softmax(positive: Tensor, negative: Tensor, own: Tensor) -> Tensor:
    """−log(e^p / (e^p + Σ e^n)); log-q corrected scores of the negatives are expected."""
    negative = negative.masked_fill(own, float("-inf"))
    return torch.logsumexp(torch.cat([positive[:, None], negative], dim=1), dim=1) - positive


@dataclass(frozen=True)
class Drawn:
    """The negatives of one update: items (K,), and log of how often each was to be expected."""

    items: Tensor
    log_expected: Tensor


class Negatives:
    """Which items do the predictions of an update stand against?

    support:  (n_items,) clicks on each item in the training log
    extra:    items drawn with replacement, with probability q ∝ support^alpha (Hidasi and
              Karatzoglou 2018, arXiv 1706.03847); one never clicked counts as clicked once
    in_batch: the update's targets too, at most MOST_IN_BATCH of them (Hidasi et al. 2016)
    targets:  (n_items,) how often each item is a target in the training log; if not given, its clicks
    """

    def __init__(
        self,
        support: np.ndarray,
        extra: int = 512,
        alpha: float = 0.5,
        in_batch: bool = False,
        seed: int = 0,
        targets: np.ndarray | None = None,
    ) -> None:
        weights = np.maximum(np.asarray(support, dtype=np.float64), 1.0) ** alpha
        clicked_next = np.asarray(support if targets is None else targets, dtype=np.float64)
        self.extra, self.in_batch = extra, in_batch
        # an item that was never a target cannot be drawn as one; should it be, it counts as one once
        self.p = torch.from_numpy(np.maximum(clicked_next, 1.0) / clicked_next.sum())
        self.q = torch.from_numpy(weights / weights.sum())
        self._upto = torch.from_numpy(np.cumsum(weights) / weights.sum())
        self.generator = torch.Generator().manual_seed(seed)

    def draw(self, targets: Tensor) -> Drawn:
        """Negatives for an update with these targets (M,).

        An item i that is not a prediction's own target is expected (M − 1) p_i + extra q_i times
        among them, p its share of the targets: two ways to be drawn, one rate.
        """
        items = [self._sampled()]
        if self.in_batch:
            if len(targets) > MOST_IN_BATCH:
                targets = targets[torch.randperm(len(targets), generator=self.generator)[:MOST_IN_BATCH]]
            items.append(targets)
        drawn = torch.cat(items)
        expected = self.extra * self.q[drawn]
        if self.in_batch:
            expected = expected + max(len(targets) - 1, 1) * self.p[drawn]
        return Drawn(drawn, expected.log())

    def _sampled(self) -> Tensor:
        u = torch.rand(self.extra, dtype=torch.float64, generator=self.generator)
        return torch.searchsorted(self._upto, u, right=True).clamp_(max=len(self._upto) - 1)


class SampledLoss:
    """A formula over a target and the negatives that all predictions of an update share.

    log_q: negatives take part with score − log(expected number), so that Σ e^score over the
        negatives estimates the sum over all other items, without bias, and a cross-entropy
        over them aims at the full softmax (Bengio and Senécal 2008; in this form Blanc and
        Rendle 2018, arXiv 1712.00527).
    """

    def __init__(self, formula: Formula, negatives: Negatives, log_q: bool = False) -> None:
        self.formula, self.negatives, self.log_q = formula, negatives, log_q

    def __call__(self, model: GRU4Rec, features: Tensor, targets: Tensor, everyones: Tensor) -> Tensor:
        return self.over(self.negatives.draw(everyones), model, features, targets)

    def over(self, drawn: Drawn, model: GRU4Rec, features: Tensor, targets: Tensor) -> Tensor:
        """The loss (N,) with these negatives."""
        device = features.device
        negatives = drawn.items.to(device)
        correction = drawn.log_expected.to(device, features.dtype) if self.log_q else None

        def rows(features: Tensor, targets: Tensor) -> Tensor:
            # one look-up for both, so that the gradient of the table is written once
            items = torch.cat([targets, negatives])
            embedding = nn.functional.embedding(items, model.output_embedding)
            bias = model.output_bias[items]
            n = len(targets)
            positive = (features * embedding[:n]).sum(1) + bias[:n]
            shift = bias[n:] if correction is None else bias[n:] - correction
            negative = torch.addmm(shift, features, embedding[n:].t())
            return self.formula(positive, negative, targets[:, None] == negatives)

        return in_parts(rows, features, targets, len(negatives))
