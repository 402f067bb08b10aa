"""How wrong are the scores beside those of a sample of other items?

Every formula gets, of predictions that share their negatives,

    positive: (N,)   score of each prediction's target
    negative: (N, K) scores of the sampled items
    own:      (N, K) bool, where a sampled item is that prediction's own target: it does not count

and gives (N,), the loss of each prediction. A prediction of which every negative is its own
target has nothing to stand against, and a loss of 0.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gru_viz.learn.losses.in_parts import in_parts
from gru_viz.learn.losses.negatives import Drawn, Negatives
from gru_viz.model import GRU4Rec

Formula = Callable[[Tensor, Tensor, Tensor], Tensor]


def sampled_softmax(positive: Tensor, negative: Tensor, own: Tensor) -> Tensor:
    """−log(e^p / (e^p + Σ e^n)); log-q corrected scores of the negatives are expected."""
    negative = negative.masked_fill(own, float("-inf"))
    return torch.logsumexp(torch.cat([positive[:, None], negative], dim=1), dim=1) - positive


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
