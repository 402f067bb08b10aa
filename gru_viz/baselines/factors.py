"""How are sessions and items placed so that what was clicked scores above what was not?

By BPR (Rendle et al. 2009, arXiv 1205.2618): for an item i that was clicked and items j, drawn
uniformly, that were not, −ln σ(x_i − x_j) + λ‖factors of them‖² is made small. A batch shares its
items j, so that one matrix product scores them all. Gradients are sparse: an update costs
what its batch touches, however many items and sessions there are.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.recent import Recent
from gru_viz.learn.losses.negatives import Negatives
from gru_viz.sessions import ClickLog

SPREAD = 0.1  # standard deviation of factors at the start
LONGEST = 50  # clicks of a session that are averaged, the last ones


def new_factors(count: int, dim: int) -> nn.Embedding:
    """(count, dim), from N(0, SPREAD²)."""
    table = nn.Embedding(count, dim, sparse=True)
    nn.init.normal_(table.weight, std=SPREAD)
    return table


def mean_factors(table: nn.Embedding, recent: Recent) -> Tensor:
    """(B, dim) mean over the clicks of each."""
    items, starts = torch.from_numpy(recent.items), torch.from_numpy(recent.starts)
    return nn.functional.embedding_bag(items, table.weight, starts, mode="mean", sparse=True)


def uniform_negatives(log: ClickLog, count: int, seed: int) -> Negatives:
    return Negatives(np.ones(len(log.catalog)), extra=count, alpha=0.0, seed=seed)


def mean_square(factors: Tensor) -> Tensor:
    """Mean over rows of their squared length."""
    return factors.square().sum() / max(len(factors), 1)
