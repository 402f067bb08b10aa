"""Which items do the predictions of an update stand against?

A sample is drawn for each update and shared by its predictions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

# A batch of whole sessions can have thousands of targets; more of them as negatives cost much
# and say little.
MOST_IN_BATCH = 1_024


@dataclass(frozen=True)
class Drawn:
    """The negatives of one update: items (K,), and log of how often each was to be expected."""

    items: Tensor
    log_expected: Tensor


class Negatives:
    """Draws the negatives of one update after another, the same ones for the same seed.

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
