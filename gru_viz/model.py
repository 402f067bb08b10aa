"""Which function turns the clicks so far into scores of the next item?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.anatomy import CELLS
from gru_viz.catalog import Catalog
from gru_viz.cells import new_cell
from gru_viz.cells.cell import Cell, CellRecord
from gru_viz.cells.forced import Forces, unroll_forced
from gru_viz.cells.gru import RESETS, GRUCell
from gru_viz.errors import InputError, quote
from gru_viz.weights import LayerWeights, Weights

MOST_LAYERS = 100  # recurrent, and again feed-forward: as many as a checkpoint's header has room for
ACTIVATIONS = {"identity": nn.Identity, "tanh": nn.Tanh, "relu": nn.ReLU, "elu": nn.ELU}


@dataclass(frozen=True)
class ModelConfig:
    """The shape of a GRU4Rec; everything but its numbers.

    units:             hidden units of each recurrent layer, input side first
    cell:              "gru", "lstm" or "rnn"
    reset:             "before" or "after", where a GRU's reset gate acts; "before" for other cells
    input:             "embedding" or "onehot"
    embedding_dim:     E; only for embedding input
    feed_forward:      sizes of the layers between the top state and the scores
    activation:        what follows each feed-forward layer
    output:            "own" output embedding, or "tied" to the input embedding
    dropout_embedding, dropout_hidden: in [0, 1), at work only while training

    Raises InputError for values that do not fit together.
    """

    units: tuple[int, ...] = (64,)
    cell: str = "gru"
    reset: str = "before"
    input: str = "embedding"
    embedding_dim: int = 64
    feed_forward: tuple[int, ...] = ()
    activation: str = "tanh"
    output: str = "own"
    dropout_embedding: float = 0.0
    dropout_hidden: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", tuple(self.units))
        object.__setattr__(self, "feed_forward", tuple(self.feed_forward))
        for name, allowed in (
            ("cell", tuple(CELLS)),
            ("reset", RESETS),
            ("input", ("embedding", "onehot")),
            ("activation", tuple(ACTIVATIONS)),
            ("output", ("own", "tied")),
        ):
            if getattr(self, name) not in allowed:
                raise InputError(
                    f"{name} must be one of {', '.join(allowed)}, not {quote(getattr(self, name))}"
                )
        if self.cell != "gru" and self.reset != "before":
            raise InputError(f"only a GRU has a reset gate; leave reset out for cell {self.cell}")
        sizes = (*self.units, *self.feed_forward, self.embedding_dim)
        if not self.units or not all(type(size) is int and size >= 1 for size in sizes):
            raise InputError(
                "a model needs at least one layer, and a whole number of units in each, at least 1"
            )
        if max(len(self.units), len(self.feed_forward)) > MOST_LAYERS:
            raise InputError(
                f"a model has at most {MOST_LAYERS} recurrent and as many feed-forward layers; use fewer"
            )
        if not all(0 <= p < 1 for p in (self.dropout_embedding, self.dropout_hidden)):
            raise InputError("dropout must be at least 0 and below 1")
        if self.output == "tied" and (self.input == "onehot" or self.features != self.embedding_dim):
            raise InputError(
                f"a tied output embedding needs embedding input of the top's size {self.features}, "
                f"not {self.input} of {self.embedding_dim}"
            )

    @property
    def features(self) -> int:
        """D, the width of what the output embedding is multiplied with."""
        return (self.feed_forward or self.units)[-1]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The config with these fields. Raises InputError for one that is unknown or misfits."""
        unknown = set(values) - set(cls.__dataclass_fields__)
        if unknown:
            raise InputError(f"unknown model settings {quote(sorted(unknown))}")
        try:
            return cls(**values)
        except TypeError as error:
            raise InputError(f"model settings of a wrong type: {error}") from None


@dataclass(frozen=True, eq=False)
class PackedBatch:
    """Sessions side by side with no padding: all first clicks, then all second clicks, …

    items:       (N,) int64 item indices, click by click, sessions by falling length
    batch_sizes: how many sessions have a 1st, 2nd, … click
    order:       (B,) order[j] is the place in the given sequence of the j-th longest session
    """

    items: Tensor
    batch_sizes: list[int]
    order: np.ndarray
    lengths: np.ndarray = field(repr=False)

    @classmethod
    def of(cls, sessions: Sequence[np.ndarray]) -> PackedBatch:
        """Pack item-index arrays, each of at least one click."""
        lengths = np.array([len(s) for s in sessions])
        order = np.argsort(-lengths, kind="stable")
        step = np.concatenate([np.arange(lengths[s]) for s in order])
        by_click = np.argsort(step, kind="stable")
        items = np.concatenate([sessions[s] for s in order])[by_click]
        batch_sizes = np.bincount(step).tolist()
        return cls(torch.from_numpy(items.astype(np.int64)), batch_sizes, order, lengths[order])

    def rows_by_session(self) -> Tensor:
        """(N,) the row of every click, session after session in the order given, clicks in order."""
        starts = np.concatenate([[0], np.cumsum(self.batch_sizes)])
        place = np.argsort(self.order)  # where each given session stands among the sorted ones
        lengths = self.lengths[place]
        step = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return torch.from_numpy(starts[step] + np.repeat(place, lengths))


class GRU4Rec(nn.Module):
    """GRU4Rec (Hidasi et al. 2016, arXiv 1511.06939) with instrumented cells.

    items → embedding (or one-hot) → recurrent layers → optional feed-forward
    → output embedding and bias → a score for every item.

    catalog, config: what it was built for
    about:           free facts that travel in the checkpoint (training, quality)
    """

    def __init__(
        self, catalog: Catalog, config: ModelConfig | None = None, about: dict[str, Any] | None = None
    ) -> None:
        super().__init__()
        config = config or ModelConfig()
        self.catalog, self.config, self.about = catalog, config, dict(about or {})
        n = len(catalog)
        self.embedding: nn.Parameter | None = None
        if config.input == "embedding":
            self.embedding = nn.Parameter(nn.init.xavier_uniform_(torch.empty(n, config.embedding_dim)))
        inputs = (n if config.input == "onehot" else config.embedding_dim, *config.units)
        self.layers = nn.ModuleList(
            new_cell(config.cell, size, units, config.reset)
            for size, units in zip(inputs, config.units, strict=False)
        )
        widths = (config.units[-1], *config.feed_forward)
        self.feed_forward = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))
        self.activation = ACTIVATIONS[config.activation]()
        self.own_output: nn.Parameter | None = None
        if config.output == "own":
            self.own_output = nn.Parameter(nn.init.xavier_uniform_(torch.empty(n, config.features)))
        self.output_bias = nn.Parameter(torch.zeros(n))

    @property
    def cells(self) -> Iterator[Cell]:
        """The recurrent layers, input side first."""
        for layer in self.layers:
            assert isinstance(layer, Cell)
            yield layer

    @property
    def output_embedding(self) -> Tensor:
        """(n_items, D)"""
        weight = self.embedding if self.own_output is None else self.own_output
        assert weight is not None  # the config refuses a tied output without an embedding
        return weight

    def unroll(
        self,
        items: Tensor,
        batch_sizes: list[int],
        h0: Sequence[Tensor] | None = None,
        forced: Sequence[Forces] | None = None,
    ) -> list[CellRecord]:
        """What every layer held at each click of a packed batch.

        items (N,), batch_sizes as in `PackedBatch`, h0 one (B, carries) a layer or None for zeros;
        forced: what is forced in each layer. A layer in which nothing is takes the usual path.
        """
        records: list[CellRecord] = []
        drop = nn.functional.dropout
        for number, layer in enumerate(self.cells):
            if number > 0:
                x = drop(records[-1].h, self.config.dropout_hidden, self.training)
                projected = layer.project(x)
            elif self.embedding is None:
                projected = layer.project_one_hot(items)
            else:
                x = nn.functional.embedding(items, self.embedding)
                projected = layer.project(drop(x, self.config.dropout_embedding, self.training))
            start = None if h0 is None else h0[number]
            if forced is not None and forced[number]:
                records.append(unroll_forced(layer, projected, batch_sizes, forced[number], start))
            else:
                records.append(layer.unroll(projected, batch_sizes, start))
        return records

    def head(self, h: Tensor) -> Tensor:
        """Top state (N, H) to features (N, D), through the feed-forward layers if there are any."""
        h = nn.functional.dropout(h, self.config.dropout_hidden, self.training)
        for layer in self.feed_forward:
            h = self.activation(layer(h))
        return h

    def score(self, features: Tensor) -> Tensor:
        """Features (N, D) to scores (N, n_items)."""
        return nn.functional.linear(features, self.output_embedding, self.output_bias)

    def forward(self, items: Tensor, batch_sizes: list[int]) -> Tensor:
        """Scores (N, n_items) after each click of a packed batch."""
        return self.score(self.head(self.unroll(items, batch_sizes)[-1].h))

    def weights(self) -> Weights:
        """The model's numbers, read-only; copies only where training may still change them."""

        def array(tensor: Tensor) -> np.ndarray:
            values = tensor.detach().cpu().numpy()
            return values.copy() if tensor.requires_grad else values

        layers = []
        for layer in self.cells:
            c = array(layer.c) if isinstance(layer, GRUCell) and layer.c is not None else None
            layers.append(LayerWeights(array(layer.W), array(layer.U), array(layer.b), c, layer.kind))
        feed_forward = []
        for linear in self.feed_forward:
            assert isinstance(linear, nn.Linear)
            feed_forward.append((array(linear.weight), array(linear.bias)))
        embedding = None if self.embedding is None else array(self.embedding)
        own_output = embedding if self.own_output is None else array(self.own_output)
        assert own_output is not None  # the config refuses a tied output without an embedding
        return Weights(
            embedding,
            tuple(layers),
            tuple(feed_forward),
            self.config.activation,
            own_output,
            array(self.output_bias),
        )
