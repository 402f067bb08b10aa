"""Small random models for tests: every kind of GRU4Rec there is, with weights large enough to matter."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from gru_viz.catalog import Catalog
from gru_viz.model import GRU4Rec, ModelConfig

N_ITEMS = 7

# each differs from its neighbours in something that takes another path through the code
KINDS: dict[str, dict[str, Any]] = {
    "reset before": {"units": (5,), "embedding_dim": 4},
    "reset after": {"units": (5,), "embedding_dim": 4, "reset": "after"},
    "two layers": {"units": (5, 3), "embedding_dim": 4},
    "three layers, reset after": {"units": (4, 3, 5), "embedding_dim": 4, "reset": "after"},
    "one-hot": {"units": (5,), "input": "onehot"},
    "one-hot, two layers, reset after": {"units": (3, 4), "input": "onehot", "reset": "after"},
    "tied": {"units": (4,), "embedding_dim": 4, "output": "tied"},
    "tied, feed-forward": {"units": (5,), "embedding_dim": 4, "output": "tied", "feed_forward": (4,)},
    "two feed-forward": {"units": (5,), "embedding_dim": 4, "feed_forward": (6, 3), "activation": "elu"},
    "feed-forward, relu": {"units": (5,), "embedding_dim": 4, "feed_forward": (6,), "activation": "relu"},
    "linear feed-forward": {
        "units": (5,),
        "embedding_dim": 4,
        "feed_forward": (6,),
        "activation": "identity",
    },
    "one unit": {"units": (1,), "embedding_dim": 1, "reset": "after"},
}

# the other cells
OTHERS: dict[str, dict[str, Any]] = {
    "lstm": {"units": (5,), "embedding_dim": 4, "cell": "lstm"},
    "lstm, two layers": {"units": (3, 4), "embedding_dim": 4, "cell": "lstm"},
    "lstm, one-hot": {"units": (4,), "input": "onehot", "cell": "lstm"},
    "rnn": {"units": (5,), "embedding_dim": 4, "cell": "rnn"},
    "rnn, two layers": {"units": (4, 3), "embedding_dim": 4, "cell": "rnn"},
}
EVERY = KINDS | OTHERS


def small_catalog(n_items: int = N_ITEMS) -> Catalog:
    """Ids that are not their indices, titles and two departments."""
    return Catalog(
        tuple(f"id-{n}" for n in range(n_items)),
        tuple(f"Item {chr(65 + n % 26)}" for n in range(n_items)),
        tuple(("cameras", "books")[n % 2] for n in range(n_items)),
    )


def random_model(
    kind: str = "reset before", seed: int = 0, n_items: int = N_ITEMS, double: bool = False
) -> GRU4Rec:
    """A model of this kind in eval mode, all of its numbers drawn from N(0, 0.7²), biases too."""
    model = GRU4Rec(small_catalog(n_items), ModelConfig(**EVERY[kind]), {"note": kind})
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(0, 0.7, generator=generator)
    return (model.double() if double else model).eval()


def tensors_of(model: GRU4Rec) -> dict[str, np.ndarray]:
    """The model's numbers under their names in a checkpoint."""
    renamed = {"own_output": "output.embedding", "output_bias": "output.bias"}
    return {renamed.get(name, name): weight.numpy() for name, weight in model.state_dict().items()}
