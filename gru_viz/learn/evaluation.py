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
from torch import Tensor

from gru_viz.baselines.sparse import in_pieces
from gru_viz.cutoffs import CUTOFFS
from gru_viz.errors import InputError, quote
from gru_viz.explain.score_tables import RANKS
from gru_viz.explain.score_tables import conservative_ranks as conservative_ranks
from gru_viz.learn.quality import Quality as Quality
from gru_viz.learn.quality import Ranked, predicted_clicks
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.rerun import evaluating
from gru_viz.sessions import ClickLog

# Numbers a block of scores may hold (32 MB in float32), and clicks unrolled at once.
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
        """As in `Scorer`; a block never holds more than BLOCK_SCORES numbers.

        Between two blocks the model is as it was, and gradients are on if they were.
        """
        rows_a_block = max(1, BLOCK_SCORES // len(self.model.catalog))
        for rows, features in self._features(log):
            for first in range(0, len(rows), rows_a_block):
                block = slice(first, first + rows_a_block)
                with torch.inference_mode():
                    scores = self.model.score(features[block]).cpu().numpy()
                yield scores, rows[block] + 1

    def _features(self, log: ClickLog) -> Iterator[tuple[np.ndarray, Tensor]]:
        """Places in the log (N,) of clicks that have a next, and what the scores are made of there (N, D)."""
        device = self.model.output_bias.device
        for places in _side_by_side(log):
            packed = PackedBatch.of(places)
            carried: list[Tensor] | None = None
            for rows, batch_sizes in _in_time(packed):
                clicks = torch.from_numpy(log.items[rows]).to(device)
                with evaluating(self.model):
                    records = self.model.unroll(clicks, batch_sizes, carried)
                    carried = [record.carried[-1:] for record in records]  # who goes on is alone
                    features = self.model.head(records[-1].h)
                yield rows, features


def _side_by_side(log: ClickLog) -> Iterator[list[np.ndarray]]:
    """Groups of sessions of at most BLOCK_CLICKS clicks: places in the log of clicks that have a next.

    Sessions of like length go together, so that few steps serve many sessions. A session of
    more clicks is alone.
    """
    order = np.argsort(log.lengths, kind="stable")
    order = order[log.lengths[order] > 1]
    for group in in_pieces(log.lengths[order] - 1, BLOCK_CLICKS):
        yield [np.arange(log.offsets[s], log.offsets[s + 1] - 1) for s in order[group]]


def _in_time(packed: PackedBatch) -> Iterator[tuple[np.ndarray, list[int]]]:
    """The rows (N,) and batch sizes of a group: at once, or of a long session by at most BLOCK_CLICKS."""
    rows, sizes = packed.items.numpy(), packed.batch_sizes
    begins = np.cumsum([0, *sizes])
    for time in in_pieces(np.array(sizes), BLOCK_CLICKS):
        yield rows[begins[time.start] : begins[time.stop]], sizes[time]
