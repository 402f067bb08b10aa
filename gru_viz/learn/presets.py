"""Which model ships with the sample shop, and how is it trained?"""

from __future__ import annotations

from gru_viz.learn.config import TrainingConfig
from gru_viz.model import ModelConfig

SHOP_MODEL = ModelConfig(
    units=(64,), reset="before", embedding_dim=64, output="own", dropout_embedding=0.1, dropout_hidden=0.1
)
# At random, so that its gates have learned all there is to see.
SHOP_TRAINING = TrainingConfig(epochs=16, batch=64, learning_rate=0.01, start="random")
