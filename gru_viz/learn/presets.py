"""Which models come with the sample shop, and how is each trained?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gru_viz.learn.config import TrainingConfig
from gru_viz.model import ModelConfig


@dataclass(frozen=True)
class Preset:
    """A model and its training, all of it plain values."""

    model: ModelConfig
    training: TrainingConfig


SHOP_MODEL = ModelConfig(
    units=(64,), reset="before", embedding_dim=64, output="own", dropout_embedding=0.1, dropout_hidden=0.1
)
# At random, so that its gates have learned all there is to see.
SHOP_TRAINING = TrainingConfig(epochs=16, batch=64, learning_rate=0.01, start="random")

SHOP_GRU = Preset(SHOP_MODEL, SHOP_TRAINING)
SHOP_LSTM = Preset(replace(SHOP_MODEL, cell="lstm"), SHOP_TRAINING)
SHOP_RNN = Preset(replace(SHOP_MODEL, cell="rnn"), SHOP_TRAINING)
SHOP_GRU_AFTER = Preset(replace(SHOP_MODEL, reset="after"), SHOP_TRAINING)
# What the Cells page sets side by side, by the names of `explain.cell_study.CELL_ORDER`.
SHOP_CELLS = {"rnn": SHOP_RNN, "lstm": SHOP_LSTM, "gru": SHOP_GRU, "gru_after": SHOP_GRU_AFTER}


def shop_cell(cell: str, units: int) -> Preset:
    """This cell with so many hidden units, trained like the shop's own model.

    What a click is read from keeps its 64 numbers, so a small cell sees no less of it. But its scores
    are made of its few units alone: they bound what it can remember and what it can tell apart.
    """
    preset = SHOP_CELLS[cell]
    return replace(preset, model=replace(preset.model, units=(units,)))
