"""How much of the machine's memory will a training take?"""

from __future__ import annotations

import math

import numpy as np

from gru_viz.baselines.base import BLOCK_SCORES as BASELINE_SCORES
from gru_viz.baselines.sparse import PAIRS_AT_ONCE
from gru_viz.learn.batches import LONGEST, pieces
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.evaluation import BLOCK_SCORES as MEASURED_SCORES
from gru_viz.learn.losses.in_parts import BLOCK_SCORES
from gru_viz.learn.losses.negatives import MOST_IN_BATCH
from gru_viz.learn.parts import Parts
from gru_viz.learn.run import checkpoint_bytes
from gru_viz.model import ModelConfig
from gru_viz.sessions import ClickLog

PROCESS = 320e6  # bytes of a process that has torch, and has done its first update
FLOAT, INDEX = 4, 8
A_PAIR, A_NEIGHBOUR = 85, 60  # bytes of two items while they are counted together, and once they are
A_TITLE = 500  # bytes of an item's id, title and department, in Python's objects and as they are written

# What an update keeps for its gradient, measured: numbers for each click and unit of a layer (gates,
# candidate, state and their sums, forward and backward), and for each score.
A_UNIT = {"gru": 16, "lstm": 25, "rnn": 7}
A_SCORE = {"full": 3, "sampled": 4.4, "bce": 5.6, "bpr": 6.6, "top1": 7.6, "bpr-max": 11.6, "top1-max": 8.6}


def memory_bytes(parts: Parts, model: ModelConfig, training: TrainingConfig) -> int:
    """The most that the process of a training holds: what stays, and the largest of what comes and goes.

    Of a training on the processor: on a GPU part of it is in the GPU's own memory, and the process
    has CUDA, too.
    """
    n_items = len(parts.train.catalog)
    weights = checkpoint_bytes(model, n_items)
    kept = 1 if training.optimizer == "adagrad" else 2  # by the optimizer, for each number
    stays = (
        PROCESS
        + weights * (2 + kept)  # the model and its gradient
        + 2 * INDEX * sum(log.n_clicks for log in (parts.train, parts.test) if log is not None)
        + A_TITLE * n_items
    )
    saving = weights * (1 + 2 * kept)  # the state, copied and as the bytes of its file
    measuring = 0.0 if parts.test is None else _measuring_bytes(parts.train, parts.test)
    return int(stays + max(saving, measuring, _update_bytes(parts.train, model, training)))


def _update_bytes(log: ClickLog, model: ModelConfig, training: TrainingConfig) -> float:
    """What an update computes on its way and keeps for the gradient."""
    clicks = float(min(training.batch, len(log)))
    if training.mode == "sessions":
        clicks = _clicks_of_a_large_batch(log, training)
    scores = float(len(log.catalog))
    if training.loss != "full":
        scores = 1 + training.negatives + (min(clicks, MOST_IN_BATCH) if training.in_batch else 0)
    # the embedding with dropout
    cells = clicks * (A_UNIT[model.cell] * sum(model.units) + 4 * model.embedding_dim)
    return FLOAT * (cells + A_SCORE[training.loss] * min(clicks * scores, BLOCK_SCORES))


def _measuring_bytes(train: ClickLog, test: ClickLog) -> float:
    """What it takes to measure the model, or to fit and measure the baselines."""
    n_items = len(train.catalog)
    # scores, and which are as high; baselines score in double precision
    scores = (test.n_clicks - len(test)) * n_items
    measuring = 3 * max(FLOAT * min(scores, MEASURED_SCORES), INDEX * min(scores, BASELINE_SCORES))
    # item-kNN counts all pairs of a session's items, in pieces, keeps those it found, and divides them
    pairs = float((np.minimum(train.lengths, n_items).astype(np.float64) ** 2).sum())
    neighbours = min(pairs, n_items**2)
    counting = A_PAIR * min(pairs, PAIRS_AT_ONCE) + (INDEX + INDEX) * neighbours
    return max(measuring, counting, A_NEIGHBOUR * neighbours)


def _clicks_of_a_large_batch(log: ClickLog, training: TrainingConfig) -> float:
    """Clicks in the largest update that is to be expected."""
    _, lengths = pieces(log, LONGEST)
    sessions = min(training.batch, len(lengths))
    return float(sessions * lengths.mean() + 3 * math.sqrt(sessions) * lengths.std())
