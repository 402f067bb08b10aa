"""How wrong is a guess of the item, beside all others or a sample of them?"""

from __future__ import annotations

from functools import partial
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.errors import InputError, quote
from gru_viz.learn.config import FULL_SOFTMAX_ITEMS
from gru_viz.learn.losses.in_parts import in_parts
from gru_viz.learn.losses.negatives import Negatives
from gru_viz.learn.losses.ranking import bce
from gru_viz.learn.losses.sampled import sampled_softmax
from gru_viz.sessions import ClickLog

LOSSES = ("full", "sampled", "bce")
NEGATIVES, ALPHA = 512, 0.5  # of the sampled softmax: how many, drawn ∝ support^ALPHA


class Output(Protocol):
    """Scores are features · table + bias: table (n_items, D), bias (n_items,)."""

    bias: nn.Parameter

    @property
    def table(self) -> Tensor: ...


class NextItemLoss:
    """What a prediction costs: cross-entropy over all items, or over a sample of them, or "bce".

    full:    over the whole catalogue
    sampled: over the target and NEGATIVES others that a batch shares, log-q corrected
    bce:     binary, the target against one item drawn uniformly: SASRec's paper. Cross-entropy
             is far better (Klenitskiy and Vasilev 2023, arXiv 2309.07602).
    None:    full up to FULL_SOFTMAX_ITEMS items, sampled beyond

    Raises InputError for another name.
    """

    def __init__(self, log: ClickLog, loss: str | None, seed: int) -> None:
        n_items = len(log.catalog)
        self.loss = loss or ("full" if n_items <= FULL_SOFTMAX_ITEMS else "sampled")
        if self.loss not in LOSSES:
            raise InputError(f"loss must be one of {', '.join(LOSSES)}, not {quote(self.loss)}")
        support = np.bincount(log.items, minlength=n_items)
        self.negatives = Negatives(support, NEGATIVES, ALPHA, seed=seed)

    def __call__(self, output: Output, features: Tensor, targets: Tensor) -> Tensor:
        """The mean over N predictions; features (N, D), targets (N,) int64."""
        if self.loss == "full":
            return in_parts(partial(_against_all, output), features, targets, len(output.bias)).mean()
        if self.loss == "sampled":
            return self._sampled(output, features, targets).mean()
        return _against_one(output, features, targets).mean()

    def _sampled(self, output: Output, features: Tensor, targets: Tensor) -> Tensor:
        drawn = self.negatives.draw(targets)
        shift = output.bias[drawn.items] - drawn.log_expected.to(features.dtype)
        others = torch.addmm(shift, features, output.table[drawn.items].t())
        return sampled_softmax(_one(output, features, targets), others, targets[:, None] == drawn.items)


def _against_all(output: Output, features: Tensor, targets: Tensor) -> Tensor:
    scores = torch.addmm(output.bias, features, output.table.t())
    return nn.functional.cross_entropy(scores, targets, reduction="none")


def _against_one(output: Output, features: Tensor, targets: Tensor) -> Tensor:
    other = torch.randint(len(output.bias), targets.shape)
    positive, negative = _one(output, features, targets), _one(output, features, other)
    return bce(positive, negative[:, None], (other == targets)[:, None])


def _one(output: Output, features: Tensor, items: Tensor) -> Tensor:
    """(N,) the score of one item in each row."""
    return (features * output.table[items]).sum(1) + output.bias[items]
