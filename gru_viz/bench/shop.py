"""How near to the sample shop's own limit does a model come, and how soon?

The shop's process is known, so the yardstick is exact: the Recall@10 of a predictor
that knows it, on the same held-out sessions.
"""

from __future__ import annotations

import time

import numpy as np

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.timing import one_thread
from gru_viz.data import shop
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.presets import SHOP_MODEL, SHOP_TRAINING
from gru_viz.learn.split import split_by_time
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import train

HELD_OUT = 0.1
K = 10
BAR = 0.97
SECONDS_LIMIT = 60.0


def measure(effort: Effort) -> list[Row]:
    """One row for the quality, one for the seconds of training that it took.

    Model and training are those of the checkpoint that ships.
    """
    log = shop.sessions()
    parts = split_by_time(log.select(np.arange(effort.of(len(log), 500))), HELD_OUT)
    assert parts.train.catalog == log.catalog
    with one_thread():
        start = time.perf_counter()
        model = new_model(parts.train, SHOP_MODEL, SHOP_TRAINING.start, SHOP_TRAINING.seed)
        for _ in train(model, parts.train, SHOP_TRAINING):
            pass
        seconds = time.perf_counter() - start
        recall = evaluate(ModelScorer(model), parts.test, (K,)).recall[K]
    limit = shop.process().limit(parts.test).recall[K]
    work = f"sample shop, Recall@{K}, {len(parts.test):,} sessions held out"
    return [
        Row("shop", work, "the process' own limit", recall, limit, unit="", bar=BAR, more_is_better=True),
        Row("shop", "sample shop, training", ours=seconds, unit="s", limit=SECONDS_LIMIT),
    ]
