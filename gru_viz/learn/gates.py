"""How much do the gates let in, and do they still move?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from gru_viz.learn.batches import LONGEST
from gru_viz.learn.figures_file import GATES_OF
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.sessions import ClickLog

SATURATED = 0.05  # this near to 0 or 1 a gate hardly moves with its input, and hardly learns


@dataclass(frozen=True)
class Gates:
    """Means over the clicks of some sessions, and over all units of all layers; both in [0, 1].

    update:    of what is written: a GRU's z, else 1 − keep (of an LSTM 1 − f, of a vanilla RNN 1)
    saturated: share of all gates' values below SATURATED or above 1 − SATURATED; 0 without gates
    """

    update: float
    saturated: float


def gates(model: GRU4Rec, log: ClickLog, sessions: int = GATES_OF) -> Gates:
    """The gates over the first `sessions` sessions, each up to LONGEST clicks, dropout off."""
    ends = np.minimum(log.offsets[1:], log.offsets[:-1] + LONGEST)[:sessions]
    clicks = PackedBatch.of([log.items[start:end] for start, end in zip(log.offsets, ends, strict=False)])
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            records = model.unroll(clicks.items.to(model.output_bias.device), clicks.batch_sizes)
            written = [
                (1 - cell.common_form(record)[0]).flatten()
                for cell, record in zip(model.cells, records, strict=True)
            ]
            values = [gate.flatten() for record in records for gate in record.gates.values()]
    finally:
        model.train(training)
    update = float(torch.cat(written).mean())
    if not values:
        return Gates(update, 0.0)
    every = torch.cat(values)
    return Gates(update, float(((every < SATURATED) | (every > 1 - SATURATED)).float().mean()))
