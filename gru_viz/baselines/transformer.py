"""How do the clicks of one session look at each other?

By self-attention (Vaswani et al. 2017, arXiv 1706.03762), as SASRec and BERT4Rec use it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.baselines.base import log_popularity
from gru_viz.baselines.recent import Recent
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

BLOCK_CLICKS = 20_000  # clicks, padding included, that run through the blocks at once when scoring


@dataclass(frozen=True)
class Shape:
    """How large a transformer is.

    dim:     D, numbers for each click; shared evenly by the `heads` of each of the `blocks`
    longest: clicks that are looked at, the last ones of a session
    dropout: share of numbers set to 0 while learning
    tied:    are items scored with the table they are read with, as in the papers? With two
             tables SASRec did better on Wikispeedia paths (MRR@20 .29 against .22).

    Raises InputError for values that make no sense.
    """

    dim: int = 64
    blocks: int = 2
    heads: int = 2
    longest: int = 50
    dropout: float = 0.3
    tied: bool = False

    def __post_init__(self) -> None:
        for name in ("dim", "blocks", "heads"):
            if getattr(self, name) < 1:
                raise InputError(f"{name} must be at least 1, not {getattr(self, name)}")
        if self.dim % self.heads:
            raise InputError(f"dim must be a multiple of heads, not {self.dim} of {self.heads}")
        if self.longest < 2:
            raise InputError(f"longest must be at least 2, not {self.longest}")
        if not 0 <= self.dropout < 1:
            raise InputError(f"dropout must be at least 0 and below 1, not {self.dropout}")


class Transformer(nn.Module):
    """Items and their positions → blocks of self-attention → features of each click → scores.

        x = dropout(√D (E[item] + P[position]))                       (B, T, D)
        x = x + dropout(attention(norm(x)))                           in each block
        x = x + dropout(W2 dropout(gelu(W1 norm(x) + b1)) + b2)
        features = norm(x);  scores = features · O[item] + bias

    Norms stand before attention and feed-forward part (pre-norm, Xiong et al. 2020,
    arXiv 2002.04745): SASRec's form, for both models. Positions count from the first click
    that is looked at, so a click has the same one however the session goes on. With √D the same
    step moves an item further, compared with its length: without it learning was far slower.
    The bias starts as log popularity.

    E:      (n_items + 1, D), row `hidden` for a click that is not shown, or only fills up
    P:      (longest, D)
    O:      (n_items, D)
    causal: a click looks at itself and at earlier ones; otherwise at all clicks
    """

    def __init__(self, log: ClickLog, shape: Shape, causal: bool) -> None:
        super().__init__()
        D = shape.dim
        self.causal, self.dim, self.hidden = causal, D, len(log.catalog)
        self.items = nn.Embedding(self.hidden + 1, D)
        self.places = nn.Embedding(shape.longest, D)
        self.output = None if shape.tied else nn.Embedding(self.hidden, D)
        for table in (self.items, self.places, self.output):
            if table is not None:
                nn.init.normal_(table.weight, std=D**-0.5)
        self.dropout = nn.Dropout(shape.dropout)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(
                D, shape.heads, 4 * D, shape.dropout, "gelu", batch_first=True, norm_first=True
            )
            for _ in range(shape.blocks)
        )
        self.norm = nn.LayerNorm(D)
        self.bias = nn.Parameter(torch.from_numpy(log_popularity(log)).float())

    @property
    def table(self) -> Tensor:
        """(n_items, D) O"""
        return self.items.weight[:-1] if self.output is None else self.output.weight

    def features(self, items: Tensor, lengths: Tensor) -> Tensor:
        """(B, T, D) of each click; beyond a row's length they mean nothing.

        items:   (B, T) item indices; what fills up stands at the right
        lengths: (B,) clicks of each row
        """
        at = torch.arange(items.shape[1])
        x = self.dropout(math.sqrt(self.dim) * (self.items(items) + self.places(at)))
        # True: may not be looked at. What fills up comes last: to a causal mask it is the future.
        future = at[None, :] > at[:, None] if self.causal else None
        filling = None if self.causal else at >= lengths[:, None]
        for block in self.blocks:
            x = block(x, src_mask=future, src_key_padding_mask=filling)
        return self.norm(x)

    def scores(self, features: Tensor) -> Tensor:
        """(N, n_items) of features (N, D)."""
        return torch.addmm(self.bias, features, self.table.t())

    def after(self, recent: Recent) -> np.ndarray:
        """(B, n_items) scores at the last click of each; at most BLOCK_CLICKS run at once."""
        features = torch.empty(len(recent.lengths), self.dim)
        table = recent.padded(self.hidden)
        self.eval()
        with torch.inference_mode():
            for rows in _side_by_side(recent.lengths):
                lengths = torch.from_numpy(recent.lengths[rows])
                items = torch.from_numpy(table[rows, : int(lengths.max())])
                features[rows] = self.features(items, lengths)[torch.arange(len(rows)), lengths - 1]
            return self.scores(features).numpy()


def batches_of_like_length(lengths: np.ndarray, clicks: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Every row once, in groups of about this many clicks; rows of a group are of like length.

    So little is filled up. Which rows of a length meet, and the order of the groups, is drawn.
    """
    order = np.lexsort((rng.permutation(len(lengths)), lengths))
    group = np.cumsum(lengths[order]) // clicks
    groups = np.split(order, np.flatnonzero(np.diff(group)) + 1)
    return [groups[number] for number in rng.permutation(len(groups))]


def _side_by_side(lengths: np.ndarray) -> Iterator[np.ndarray]:
    """Rows of like length, in groups that fill at most BLOCK_CLICKS once filled up."""
    order = np.argsort(lengths, kind="stable")
    rows = max(1, BLOCK_CLICKS // int(lengths.max(initial=1)))
    for first in range(0, len(order), rows):
        yield order[first : first + rows]
