"""How good are the scores of the next click?

Every click but a session's first is predicted, from the clicks before it, among
the whole catalogue, repeats kept. Unless asked otherwise the rank is conservative:
1 + the number of other items that score at least as much, so a tie never helps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch

from gru_viz.errors import InputError, quote
from gru_viz.explain.score_tables import RANKS
from gru_viz.explain.score_tables import conservative_ranks as conservative_ranks
from gru_viz.learn.quality import CUTOFFS, Ranked, predicted_clicks
from gru_viz.learn.quality import Quality as Quality
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.sessions import ClickLog

# Numbers a block of scores may hold (32 MB in float32), and clicks unrolled side by side.
BLOCK_SCORES = 8_000_000
BLOCK_CLICKS = 20_000


class Scorer(Protocol):
    """Whatever scores the next click: a model, a baseline, the process that made the log."""

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Blocks of scores (B, n_items) and of the click each row predicts (B,), a position in ``log.items``.

        Every click but the sessions' first ones is predicted once, in an order of the
        scorer's own. A row may depend on the earlier clicks of its session alone.
        """
        ...


def ranked(scorer: Scorer, log: ClickLog, ranks: str = "conservative") -> Ranked:
    """The rank of every predicted click, with where it stands in its session.

    ranks: how ties count, "conservative", "standard" or "median" (gru_viz/explain/score_tables.py)

    Raises InputError for other `ranks`, and ValueError for a scorer that leaves a click out or
    predicts one twice: its figures would be those of another log.
    """
    if ranks not in RANKS:
        raise InputError(f"ranks are {', '.join(RANKS)}, not {quote(ranks)}")
    rank_of = RANKS[ranks]
    clicks, values = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for scores, predicted in scorer.predictions(log):
        clicks.append(predicted)
        values.append(rank_of(scores, log.items[predicted]))
    order = np.argsort(np.concatenate(clicks), kind="stable")
    if not np.array_equal(np.concatenate(clicks)[order], predicted_clicks(log)):
        raise ValueError("a scorer must predict every click but the sessions' first ones, each once")
    return Ranked.of(log, np.concatenate(values)[order], ranks)


def ranks_of(scorer: Scorer, log: ClickLog, ranks: str = "conservative") -> np.ndarray:
    """(P,) rank of every predicted click, in the order of the log."""
    return ranked(scorer, log, ranks).ranks


def evaluate(
    scorer: Scorer, log: ClickLog, cutoffs: tuple[int, ...] = CUTOFFS, ranks: str = "conservative"
) -> Quality:
    """Recall@k and MRR@k of the scorer on the log. Raises InputError where nothing can be predicted."""
    return ranked(scorer, log, ranks).quality(cutoffs)


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
                    for first in range(0, len(rows), rows_a_block):
                        block = slice(first, first + rows_a_block)
                        yield self.model.score(features[block]).cpu().numpy(), rows[block] + 1
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
