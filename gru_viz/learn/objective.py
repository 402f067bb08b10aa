"""What does an update make smaller?"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gru_viz.cells.cell import CellRecord
from gru_viz.learn.batches import TrainingBatch
from gru_viz.learn.losses import Loss
from gru_viz.model import GRU4Rec


class Objective(nn.Module):
    """The mean loss of an update as a function of the model's numbers.

    A module of its own so that DistributedDataParallel can wrap it: what is differentiated
    begins and ends in one `forward`.

    slots: of session-parallel training; 0 where sessions start and end within an update
    """

    def __init__(self, model: GRU4Rec, loss: Loss, slots: int = 0) -> None:
        super().__init__()
        self.model, self.loss = model, loss
        self.carried = SlotStates(model, slots)

    def forward(self, batch: TrainingBatch) -> Tensor:
        """This process' part of the mean over all predictions of the update; the parts add up to it."""
        device = self.model.output_bias.device
        h0 = self.carried.before(batch)
        records = self.model.unroll(batch.items.to(device), batch.batch_sizes, h0)
        self.carried.after(batch, records)
        features = self.model.head(records[-1].h)
        losses = self.loss(self.model, features, batch.targets.to(device), batch.everyones)
        return losses.sum() * (batch.weight / len(batch.everyones))


class SlotStates:
    """What each slot's session remembers from one update to the next; no gradient goes through it."""

    def __init__(self, model: GRU4Rec, slots: int) -> None:
        numbers = model.output_bias
        self.layers = [numbers.new_zeros(slots, cell.carries, requires_grad=False) for cell in model.cells]

    def before(self, batch: TrainingBatch) -> list[Tensor] | None:
        """What each layer's sessions start from, (B, carries); zeros where a session begins."""
        if batch.slots is None or batch.starts is None:
            return None
        slots, starts = (tensor.to(self.layers[0].device) for tensor in (batch.slots, batch.starts))
        return [states[slots].masked_fill_(starts[:, None], 0) for states in self.layers]

    def after(self, batch: TrainingBatch, records: list[CellRecord]) -> None:
        if batch.slots is None:
            return
        slots = batch.slots.to(self.layers[0].device)
        with torch.no_grad():
            for states, record in zip(self.layers, records, strict=True):
                states[slots] = record.carried
