"""How wrong are the scores, given what was clicked next?"""

from __future__ import annotations

from functools import partial

import numpy as np

from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.losses.full import FullSoftmax
from gru_viz.learn.losses.ranking import bce, bpr, bpr_max, top1, top1_max
from gru_viz.learn.losses.sampled import Formula, Loss, Negatives, SampledLoss, sampled_softmax
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
    support = np.bincount(log.items, minlength=len(log.catalog))
    negatives = Negatives(support, config.negatives, config.alpha, config.in_batch, config.seed)
    return SampledLoss(formulas[config.loss], negatives, log_q=config.loss == "sampled")
