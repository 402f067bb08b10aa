"""What does GRU4Rec lose where no gradient is clipped?"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from gru_viz.compare.contenders import Learned, Step, gru4rec, training_of
from gru_viz.compare.experiments.estimates import loss, recall_of
from gru_viz.compare.experiments.values import Unclipped
from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.evaluation import ModelScorer, ranked
from gru_viz.learn.quality import Ranked
from gru_viz.model import ModelConfig
from gru_viz.sessions import ClickLog

NEVER = 1e30  # no norm of float32 gradients reaches it in a training that still learns


def unclipped(
    cell: str, clipped: Learned, ranks: Ranked, train: ClickLog, test: ClickLog, seed: int, preset: str
) -> Generator[Step, None, Unclipped]:
    """The cell trained again with the same numbers at the start, the same batches and no clip.

    clipped, ranks: the first training, and what it predicted
    """
    shape, training = training_of(cell, len(train.catalog), seed, preset)
    norms: list[float] = list(clipped.norms)
    without: Ranked | None = ranks
    if max(norms) > training.clip:  # else it would be the very same training again
        norms, without = yield from _again(train, test, shape, replace(training, clip=NEVER))
    return Unclipped(
        cell,
        training.clip,
        float(np.mean(np.array(clipped.norms) > training.clip)),
        float(np.median(clipped.norms)),
        max(clipped.norms),
        float(np.median(norms)),
        max(norms),
        recall_of(ranks),
        None if without is None else recall_of(without),
        None if without is None else loss(ranks, without),
    )


def _again(
    train: ClickLog, test: ClickLog, shape: ModelConfig, training: TrainingConfig
) -> Generator[Step, None, tuple[list[float], Ranked | None]]:
    """The norms it met, in a breakdown those before it, and its ranks; None where it broke down."""
    norms: list[float] = []
    try:
        again = yield from gru4rec(train, shape, training, norms)
    except InputError:  # the loss became no number: the clip was what kept the training alive
        return norms, None
    return norms, ranked(again.scorer, test) if sound(again) else None


def sound(learned: Learned) -> bool:
    """Is every weight a number? Ranks among scores that are none would be of no use, and look perfect."""
    assert isinstance(learned.scorer, ModelScorer)
    return all(bool(weights.isfinite().all()) for weights in learned.scorer.model.parameters())
