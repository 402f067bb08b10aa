"""Learned baselines small enough for tests, and sessions with a pattern that each must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gru_viz.baselines.bert4rec import BERT4Rec
from gru_viz.baselines.fpmc import FPMC
from gru_viz.baselines.gradient import Fitting, LearnedByGradient
from gru_viz.baselines.mf import MF
from gru_viz.baselines.sasrec import SASRec
from gru_viz.baselines.transformer import Shape
from gru_viz.sessions import ClickLog
from tests.logs import log_of

SMALL = Shape(dim=16, blocks=1, heads=2, longest=6, dropout=0.0)

# By name: one that learns a little, from this seed on.
TINY: dict[str, Callable[[int], LearnedByGradient[Any]]] = {
    "mf": lambda seed: MF(4, 3, fitting=Fitting(2, 40, 0.1, seed=seed)),
    "fpmc": lambda seed: FPMC(4, 3, fitting=Fitting(2, 40, 0.1, seed=seed)),
    "sasrec": lambda seed: SASRec(SMALL, fitting=Fitting(2, 60, 0.01, clip=1.0, seed=seed)),
    "bert4rec": lambda seed: BERT4Rec(SMALL, fitting=Fitting(2, 60, 0.01, clip=1.0, seed=seed)),
}


def cyclic_log(sessions: int = 30, n_items: int = 5) -> ClickLog:
    """After item i always comes i + 1, after the last one the first; sessions start anywhere."""
    return log_of(
        [(start + np.arange(2 + start % 4)) % n_items for start in range(sessions)],
        n_items,
    )


def before_last_log(sessions: int = 60) -> ClickLog:
    """0 then 2 then 3, or 1 then 2 then 4: after 2, only the click before it tells what comes."""
    return log_of([[0, 2, 3], [1, 2, 4]] * (sessions // 2))
