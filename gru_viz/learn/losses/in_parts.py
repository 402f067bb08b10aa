"""What if a batch has more scores than fit in memory?"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

BLOCK_SCORES = 50_000_000  # 200 MB in float32


def in_parts(
    rows: Callable[[Tensor, Tensor], Tensor], features: Tensor, targets: Tensor, width: int
) -> Tensor:
    """rows(features, targets): the loss (N,) of each row, where every row has `width` scores.

    With more than BLOCK_SCORES scores it is done in parts, whose scores are computed a second
    time for the gradient: slower, but no batch needs more memory than that.
    """
    most = max(1, BLOCK_SCORES // max(width, 1))
    if len(targets) <= most:
        return rows(features, targets)
    parts = zip(features.split(most), targets.split(most), strict=True)
    return torch.cat([checkpoint(rows, *part, use_reentrant=False) for part in parts])
