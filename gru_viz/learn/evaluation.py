"""How good are the scores of the next click?

Every click but a session's first is predicted, from the clicks before it, among
the whole catalogue, repeats kept. The rank is conservative: 1 + the number of
other items that score at least as much, so a tie never helps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch

from gru_viz.errors import InputError
from gru_viz.explain.score_tables import conservative_ranks as conservative_ranks
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.sessions import ClickLog

CUTOFFS = (5, 10, 20)

# Numbers a block of scores may hold (32 MB in float32), and clicks unrolled side by side.
BLOCK_SCORES = 8_000_000
BLOCK_CLICKS = 20_000


class Scorer(Protocol):
    """Whatever scores the next click: a model, a baseline, the process that made the log."""

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Blocks of scores (B, n_items) and of what really came next (B,), for every click with a next.

        The order of the predictions is the scorer's own.
        """
        ...


@dataclass(frozen=True)
class Quality:
    """How often, and how high, the next click stood among the recommended.

    recall:      by cutoff k, share of predictions whose rank is at most k
    mrr:         by cutoff k, mean of 1 / rank, 0 beyond k
    predictions: how many clicks were predicted
    ranks:       how ties count; "conservative": against the prediction
    """

    recall: Mapping[int, float]
    mrr: Mapping[int, float]
    predictions: int
    ranks: str = "conservative"

    @classmethod
    def of(cls, ranks: np.ndarray, cutoffs: tuple[int, ...] = CUTOFFS) -> Quality:
        """From (P,) ranks: one mean over all predictions, however they were grouped."""
        if len(ranks) == 0:
            raise InputError("nothing to predict: no session has a second click on a known item")
        hit = {k: ranks <= k for k in cutoffs}
        recall = {k: float(np.mean(hit[k])) for k in cutoffs}
        mrr = {k: float(np.mean(np.where(hit[k], 1.0 / ranks, 0.0))) for k in cutoffs}
        return cls(recall, mrr, len(ranks))

    def to_dict(self, *cutoffs: int) -> dict[str, float]:
        """{"recall@20": .., "mrr@20": ..} at these cutoffs, or at all."""
        wanted = cutoffs or tuple(self.recall)
        named: dict[str, Any] = {f"recall@{k}": self.recall[k] for k in wanted}
        return named | {f"mrr@{k}": self.mrr[k] for k in wanted}


def ranks_of(scorer: Scorer, log: ClickLog) -> np.ndarray:
    """(P,) conservative rank of every predicted click, in the scorer's order."""
    blocks = [conservative_ranks(scores, targets) for scores, targets in scorer.predictions(log)]
    return np.concatenate([np.empty(0, dtype=np.int64), *blocks])


def evaluate(scorer: Scorer, log: ClickLog, cutoffs: tuple[int, ...] = CUTOFFS) -> Quality:
    """Recall@k and MRR@k of the scorer on the log. Raises InputError where nothing can be predicted."""
    return Quality.of(ranks_of(scorer, log), cutoffs)


class ModelScorer:
    """A GRU4Rec as a scorer: each session from a zero state, dropout off."""

    def __init__(self, model: GRU4Rec) -> None:
        self.model = model

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """As in `Scorer`; a block never holds more than BLOCK_SCORES numbers."""
        device = self.model.output_bias.device
        rows_a_block = max(1, BLOCK_SCORES // len(self.model.catalog))
        training = self.model.training
        self.model.eval()
        try:
            for places in _side_by_side(log):
                packed = PackedBatch.of(places)
                rows = packed.items.numpy()
                with torch.inference_mode():
                    clicks = torch.from_numpy(log.items[rows]).to(device)
                    features = self.model.head(self.model.unroll(clicks, packed.batch_sizes)[-1].h)
                    targets = log.items[rows + 1]
                    for first in range(0, len(rows), rows_a_block):
                        block = slice(first, first + rows_a_block)
                        yield self.model.score(features[block]).cpu().numpy(), targets[block]
        finally:
            self.model.train(training)


def _side_by_side(log: ClickLog) -> Iterator[list[np.ndarray]]:
    """Groups of sessions of at most BLOCK_CLICKS clicks: places in the log of clicks that have a next.

    Sessions of like length go together, so that few steps serve many sessions.
    """
    order = np.argsort(log.lengths, kind="stable")
    order = order[log.lengths[order] > 1]
    upto = np.cumsum(log.lengths[order])
    group = upto // BLOCK_CLICKS
    for number in np.unique(group):
        chosen = order[group == number]
        yield [np.arange(log.offsets[s], log.offsets[s + 1] - 1) for s in chosen]
