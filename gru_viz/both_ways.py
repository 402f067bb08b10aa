"""Which item is hidden here, to a model that reads what is before it and what is after it?

    h→_{t−1} from the clicks before t, h←_{t+1} from the clicks after t; the click itself is read by neither
    scores_t = [h→_{t−1}, h←_{t+1}] Eᵀ + b

The recurrent relative of BERT4Rec's Cloze task. It fills in a session that is over; live, at its
last click, there is nothing to read backwards, and h← is its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.catalog import Catalog
from gru_viz.cells.bidirectional import BidirectionalGRU, TwoRecords
from gru_viz.cells.cell import CellRecord
from gru_viz.cells.gru import RESETS
from gru_viz.errors import InputError, quote
from gru_viz.gaps import Gaps
from gru_viz.model import PackedBatch
from gru_viz.rerun import evaluating
from gru_viz.sessions import Session
from gru_viz.trace import LayerTrace

LARGEST = 4_096  # units or embedding dimensions; a file that declares more is damaged
SPREAD = 0.15  # standard deviation of a random embedding, as in gru_viz.learn.start


@dataclass(frozen=True)
class BothWaysConfig:
    """The shape of the model; everything but its numbers.

    units: hidden units each way; embedding_dim: E; reset: as of a GRU
    dropout: of embeddings and of states, in [0, 1), at work only while training
    """

    units: int = 64
    embedding_dim: int = 64
    reset: str = "before"
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if self.reset not in RESETS:
            raise InputError(f"reset must be one of {', '.join(RESETS)}, not {quote(self.reset)}")
        if not all(type(size) is int and 1 <= size <= LARGEST for size in (self.units, self.embedding_dim)):
            raise InputError(f"units and embedding_dim must be whole numbers from 1 to {LARGEST:,}")
        if type(self.dropout) not in (int, float) or not 0 <= self.dropout < 1:
            raise InputError("dropout must be at least 0 and below 1")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class BothWays(nn.Module):
    """item → embedding → a GRU each way → [h→_{t−1}, h←_{t+1}] → output embedding and bias → scores.

    catalog, config: what it was built for; about: free facts that travel in its file
    """

    def __init__(
        self, catalog: Catalog, config: BothWaysConfig | None = None, about: dict[str, Any] | None = None
    ) -> None:
        super().__init__()
        config = config or BothWaysConfig()
        self.catalog, self.config, self.about = catalog, config, dict(about or {})
        n, E, H = len(catalog), config.embedding_dim, config.units
        self.embedding = nn.Parameter(torch.empty(n, E).normal_(0, SPREAD))
        self.cells = BidirectionalGRU(E, H, config.reset)
        self.output_embedding = nn.Parameter(torch.empty(n, 2 * H).normal_(0, SPREAD))
        self.output_bias = nn.Parameter(torch.zeros(n))

    def unroll(self, batch: PackedBatch) -> TwoRecords:
        """What both cells held at each click."""
        x = nn.functional.embedding(batch.items, self.embedding)
        return self.cells.unroll(self._dropped(x), batch.batch_sizes)

    def score(self, around: Tensor) -> Tensor:
        """(N, 2H) what is round a click to (N, n_items) scores."""
        return nn.functional.linear(self._dropped(around), self.output_embedding, self.output_bias)

    def forward(self, batch: PackedBatch) -> Tensor:
        """(N, n_items) row by row the scores of the item that was clicked there, from all others."""
        return self.score(self.unroll(batch).around)

    def _dropped(self, values: Tensor) -> Tensor:
        return nn.functional.dropout(values, self.config.dropout, self.training)


def record_gaps(model: BothWays, session: Session | Iterable[str | int]) -> Gaps:
    """Every click of the session hidden in turn: item ids, item indices or a Session.

    Raises InputError for an empty session or an item the model does not know.
    """
    given = session.items.tolist() if isinstance(session, Session) else session
    items = Session(np.array(model.catalog.indices(given), dtype=np.int64)).items
    with evaluating(model):
        held = model.unroll(PackedBatch.of([items]))
        scores = model.score(held.around).numpy()
    back = torch.arange(len(items) - 1, -1, -1)
    return Gaps(model.catalog, items, scores, _layer(held.forward), _layer(held.backward, back))


def gap_scores(model: BothWays, sessions: Sequence[np.ndarray]) -> np.ndarray:
    """(N, n_items) the scores of each click when it alone is hidden, session after session."""
    batch = PackedBatch.of(sessions)
    with evaluating(model):
        around = model.unroll(batch).around
        return model.score(around[batch.rows_by_session()]).numpy()


def _layer(record: CellRecord, order: Tensor | None = None) -> LayerTrace:
    def array(values: Tensor) -> np.ndarray:
        return (values if order is None else values[order]).numpy()

    zeros = np.zeros(record.h.shape[1], dtype=array(record.h).dtype)
    gates = {name: array(gate) for name, gate in record.gates.items()}
    return LayerTrace("gru", zeros, gates, array(record.candidate), array(record.h))
