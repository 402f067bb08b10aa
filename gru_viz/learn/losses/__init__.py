"""How wrong are the scores, given what was clicked next?"""

from __future__ import annotations

from functools import partial

import numpy as np

from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.losses.full import FullSoftmax
from gru_viz.learn.losses.loss import Loss
from gru_viz.learn.losses.negatives import Negatives
from gru_viz.learn.losses.ranking import bce, bpr, bpr_max, top1, top1_max
from gru_viz.learn.losses.sampled import Formula, SampledLoss, sampled_softmax
from gru_viz.sessions import ClickLog

__all__ = ["Loss", "SampledLoss", "loss_of"]


def loss_of(config: TrainingConfig, log: ClickLog) -> Loss:
    """The loss that this training makes small."""
    if config.loss == "full":
        return FullSoftmax()
    formulas: dict[str, Formula] = {
        "sampled": sampled_softmax,
        "bce": bce,
        "bpr": bpr,
        "bpr-max": partial(bpr_max, regularizer=config.regularizer),
        "top1": top1,
        "top1-max": top1_max,
    }
    n_items = len(log.catalog)
    support = np.bincount(log.items, minlength=n_items)
    target = np.ones(log.n_clicks, dtype=bool)
    target[log.offsets[:-1]] = False  # a session's first click is nobody's target
    targets = np.bincount(log.items[target], minlength=n_items)
    negatives = Negatives(
        support, config.negatives, config.alpha, config.in_batch, config.seed, targets=targets
    )
    return SampledLoss(formulas[config.loss], negatives, log_q=config.loss == "sampled")
