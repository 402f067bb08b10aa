"""How long does it take to rank what was really clicked next among the whole catalogue?"""

from __future__ import annotations

import time

import numpy as np
import torch

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.timing import one_thread
from gru_viz.catalog import Catalog
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.sessions import ClickLog

PREDICTIONS, ITEMS, UNITS = 10_000, 3_000, 100
CLICKS = 11  # a session; ten of them are predicted
SECONDS_LIMIT = 1.0


def measure(effort: Effort) -> list[Row]:
    """One row: seconds of processor time, so that what else runs on the machine does not count."""
    torch.manual_seed(0)
    sessions = effort.of(PREDICTIONS) // (CLICKS - 1) or 1
    items = np.random.default_rng(0).integers(0, ITEMS, sessions * CLICKS)
    catalog = Catalog(tuple(f"item-{number}" for number in range(ITEMS)))
    log = ClickLog(catalog, items, np.arange(sessions + 1) * CLICKS, tuple(map(str, range(sessions))))
    scorer = ModelScorer(GRU4Rec(catalog, ModelConfig(units=(UNITS,), embedding_dim=UNITS)))
    with one_thread():
        evaluate(scorer, log.select(np.arange(1)))
        start = time.process_time()
        quality = evaluate(scorer, log)
        seconds = time.process_time() - start
    work = f"evaluate {quality.predictions:,} predictions among {ITEMS:,} items, {UNITS} units"
    return [Row("evaluation", work, ours=seconds, unit="s", limit=SECONDS_LIMIT)]
