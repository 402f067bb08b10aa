"""How does a training go whose gradient explodes, with clipping and without, on the sample shop?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch

from gru_viz.data import shop
from gru_viz.errors import InputError
from gru_viz.explain.explosion import CELLS, Explosion, Pair, Run, Setting
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.distributed import ALONE
from gru_viz.learn.evaluation import ModelScorer, ranked
from gru_viz.learn.intervals import intervals
from gru_viz.learn.presets import SHOP_MODEL
from gru_viz.learn.progress import Progress
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import Trainer, batches_of

if TYPE_CHECKING:
    from gru_viz.learn.split import Split
    from gru_viz.model import GRU4Rec

# Found by trial: from twice the usual recurrent weights, at this rate, the vanilla RNN's gradient
# explodes from every one of the starts tried (seeds 0 to 4). At a rate of 1 it survives its
# explosions unclipped; at 6 clipping does not save it either. What is shown from other starts
# (OTHER_SEEDS) was therefore trained from starts that had no part in the trial, which the page tells.
SCALE = 2.0
PLAIN = TrainingConfig(epochs=2, batch=64, learning_rate=3.0, schedule="constant")
CUTOFF = 10
NEVER = 1e30  # a clip that no gradient comes to
OTHER_SEEDS = (5, 6, 7, 8)

Measured = Callable[[str], None]  # told what was measured last


def explosion(split: Split, measured: Measured = lambda what: None) -> Explosion:
    """The RNN and the GRU, each trained twice; the RNN from other starts too. Half a minute, one thread."""
    limit = shop.process().limit(split.test).recall[CUTOFF]
    pairs = {}
    for cell in CELLS:
        pairs[cell] = _pair(cell, PLAIN.seed, split, limit)
        measured(f"exploding gradients, {cell}")
    others = []
    for seed in OTHER_SEEDS:
        pair = _pair("rnn", seed, split, limit)
        others.append((pair.clipped.recall, pair.free.recall))
        measured(f"exploding gradients, rnn from start {seed}")
    (layer,) = start(split, "rnn", PLAIN.seed).cells
    recurrent = layer.U.detach().numpy().astype(np.float64)
    return Explosion(
        _setting(split, PLAIN),
        pairs,
        float(np.abs(np.linalg.eigvals(recurrent)).max()),
        float(np.linalg.norm(recurrent, 2)),
        np.array(others),
    )


def start(split: Split, cell: str, seed: int) -> GRU4Rec:
    """The shop's model with this cell and no dropout, its recurrent weights multiplied by SCALE."""
    config = replace(SHOP_MODEL, cell=cell, dropout_embedding=0.0, dropout_hidden=0.0)
    model = new_model(split.train, config, PLAIN.start, seed)
    with torch.no_grad():
        for layer in model.cells:
            layer.U.mul_(SCALE)
    return model


def run(model: GRU4Rec, split: Split, config: TrainingConfig, limit: float) -> Run:
    """`model` trained to the end, or until it breaks down; then measured on held-out sessions.

    limit: Recall@10 that the process allows on them
    """
    trainer = Trainer(model, split.train, config)
    # Adam and Adagrad divide a gradient by its usual size, which hides that it explodes.
    trainer.optimizer = torch.optim.SGD(model.parameters(), lr=config.learning_rate)
    norms, losses = np.array(list(_updates(trainer))).T
    ranks = ranked(ModelScorer(model.eval()), split.test)
    low, high = intervals(ranks, (CUTOFF,)).recall[CUTOFF]
    recall = ranks.quality((CUTOFF,)).recall[CUTOFF]
    return Run(norms, losses, recall / limit, low / limit, high / limit)


def _updates(trainer: Trainer) -> Iterator[tuple[float, float]]:
    """Norm and loss of each update; NaN for both at the one that breaks training down, the last."""
    try:
        for one in trainer.epochs():
            if isinstance(one, Progress):
                yield one.gradient_norm, one.loss
    except InputError:  # what the trainer says of what is no number: that is a result here
        yield math.nan, math.nan


def _pair(cell: str, seed: int, split: Split, limit: float) -> Pair:
    """The same start and the same batches, with clipping and without."""
    clips = (PLAIN.clip, NEVER)
    return Pair(
        *(run(start(split, cell, seed), split, replace(PLAIN, clip=clip, seed=seed), limit) for clip in clips)
    )


def _setting(split: Split, config: TrainingConfig) -> Setting:
    batches = batches_of(split.train, config, ALONE)
    return Setting(
        units=SHOP_MODEL.units[0],
        scale=SCALE,
        rate=config.learning_rate,
        clip=config.clip,
        batch=config.batch,
        updates=sum(batches.updates(epoch) for epoch in range(1, config.epochs + 1)),
        seed=config.seed,
        items=len(split.train.catalog),
    )
