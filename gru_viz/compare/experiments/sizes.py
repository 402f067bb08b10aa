"""How many units does GRU4Rec need on this log?"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, replace

from gru_viz.compare.contenders import Learned, Step, as_part, gru4rec, training_of
from gru_viz.compare.experiments.estimates import loss, recall_of
from gru_viz.compare.experiments.values import Size
from gru_viz.cutoffs import CUTOFF
from gru_viz.learn.evaluation import ranked
from gru_viz.learn.intervals import intervals
from gru_viz.learn.quality import Ranked
from gru_viz.sessions import ClickLog

SMALLEST = 8


@dataclass(frozen=True, eq=False)
class _Trained:
    units: int
    ranks: Ranked
    parameters: int
    seconds: float


def units_tried(own: int) -> tuple[int, ...]:
    """8, 16, 32, … up to what the preset has, that, and twice as many."""
    smaller = [SMALLEST * 2**power for power in range(20) if SMALLEST * 2**power < own]
    return (*smaller, own, 2 * own)


def sizes(
    own: Learned, ranks: Ranked, own_seconds: float, train: ClickLog, test: ClickLog, seed: int, preset: str
) -> Generator[Step, None, tuple[Size, ...]]:
    """From the fewest units to the most; the embedding is as wide as the state, all else is equal.

    own, ranks, own_seconds: the one that was compared, which is not trained again
    """
    shape, training = training_of("gru", len(train.catalog), seed, preset)
    tried = units_tried(shape.units[0])
    trained = []
    for place, units in enumerate(tried):
        if units == shape.units[0]:
            trained.append(_Trained(units, ranks, own.parameters or 0, own_seconds))
            continue
        began = time.process_time()
        steps = gru4rec(train, replace(shape, units=(units,), embedding_dim=units), training)
        learned = yield from as_part(steps, place, len(tried))
        seconds = time.process_time() - began
        trained.append(_Trained(units, ranked(learned.scorer, test), learned.parameters or 0, seconds))
    best = max(trained, key=lambda one: recall_of(one.ranks))
    return tuple(_size(one, best.ranks) for one in trained)


def _size(one: _Trained, best: Ranked) -> Size:
    interval = intervals(one.ranks, (CUTOFF,)).recall[CUTOFF]
    return Size(one.units, recall_of(one.ranks), interval, loss(best, one.ranks), one.parameters, one.seconds)
