"""What does it cost to see every gate, against `torch.nn.GRU` that shows none?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from gru_viz.bench.row import Effort, Row
from gru_viz.bench.timing import one_thread, side_by_side
from gru_viz.catalog import Catalog
from gru_viz.cells.gru import RESETS, GRUCell
from gru_viz.model import GRU4Rec, ModelConfig, PackedBatch
from gru_viz.record import record, record_batch

UNITS = 100
BATCH_ITEMS = 5_000
SESSION_ITEMS = 10_000
SESSION_CLICKS = 50
BATCHES = (16, 64, 256)
BAR = 1.5
SESSION_LIMIT_MS = 10.0


def measure(effort: Effort) -> list[Row]:
    """Rows for batches of each size, for both reset variants, and for one session."""
    units, items = effort.of(UNITS, 2), effort.of(BATCH_ITEMS, 2)
    sizes = sorted({effort.of(size) for size in BATCHES})
    with one_thread():
        rows = []
        for reset in RESETS:
            model = _model(items, units, reset)
            for size in sizes:
                rows += _batch(model, _sessions(size, items), effort.repeats)
        return [*rows, _one_session(effort)]


def _batch(model: GRU4Rec, sessions: list[np.ndarray], repeats: int) -> list[Row]:
    reset = model.config.reset
    yardstick = FusedGRU(model)
    if reset == "after":
        yardstick.check(record_batch(model, sessions)[-1].scores, sessions)
    same = "the same weights" if reset == "after" else "the same sizes"
    what = f"{len(sessions)} sessions, reset {reset}"

    batch = PackedBatch.of(sessions)
    with torch.inference_mode():
        recorder = side_by_side(
            lambda: model.unroll(batch.items, batch.batch_sizes),
            lambda: yardstick.states(batch.items, torch.tensor(batch.batch_sizes)),
            repeats,
        )
    whole = side_by_side(lambda: record_batch(model, sessions), lambda: yardstick.scores(sessions), repeats)
    return [
        Row("recording", f"unroll {what}", f"nn.GRU, {same}", *recorder, bar=BAR),
        Row("recording", f"record_batch {what}", f"nn.GRU + scores, {same}", *whole, bar=BAR),
    ]


def _one_session(effort: Effort) -> Row:
    items, units, clicks = (
        effort.of(SESSION_ITEMS, 2),
        effort.of(UNITS, 2),
        effort.of(SESSION_CLICKS),
    )
    model = _model(items, units, "before")
    yardstick = FusedGRU(model)
    session = np.random.default_rng(0).integers(items, size=clicks)
    both = side_by_side(lambda: record(model, session), lambda: yardstick.scores([session]), effort.repeats)
    work = f"record 1 session of {clicks} clicks, {units} units, {items:,} items"
    return Row("recording", work, "nn.GRU + scores, the same sizes", *both, limit=SESSION_LIMIT_MS)


class FusedGRU:
    """The model as plain torch would write it: embedding, `nn.GRU`, one product for the scores."""

    def __init__(self, model: GRU4Rec) -> None:
        self.model = model
        cell = model.layers[0]
        assert isinstance(cell, GRUCell)
        assert model.embedding is not None
        H = cell.units
        self.embedding = model.embedding
        self.gru = nn.GRU(cell.W.shape[1], H)
        if cell.c is None:
            return
        # torch's blocks are r, z, n, and its z keeps: z_keep = σ(−a) where ours is σ(a)
        order = torch.cat([torch.arange(H, 2 * H), torch.arange(H), torch.arange(2 * H, 3 * H)])
        sign = torch.ones(3 * H)
        sign[H : 2 * H] = -1
        hidden_bias = torch.zeros(3 * H)
        with torch.no_grad():
            hidden_bias[2 * H :] = cell.c
            weights = (sign[:, None] * cell.W[order], sign[:, None] * cell.U[order])
            for parameter, values in zip(
                self.gru.parameters(), (*weights, sign * cell.b[order], hidden_bias), strict=True
            ):
                parameter.copy_(values)

    def states(self, items: Tensor, batch_sizes: Tensor) -> Tensor:
        """(N, H) in packed order."""
        packed, _ = self.gru(PackedSequence(nn.functional.embedding(items, self.embedding), batch_sizes))
        return packed.data

    def scores(self, sessions: Sequence[np.ndarray]) -> Tensor:
        """(N, n_items) in packed order."""
        with torch.inference_mode():
            packed = pack_sequence([torch.from_numpy(s) for s in sessions], enforce_sorted=False)
            return self.model.score(self.states(packed.data, packed.batch_sizes))

    def check(self, scores: np.ndarray, sessions: Sequence[np.ndarray]) -> None:
        """Raises AssertionError unless the last session's scores are the recorded ones."""
        torch.testing.assert_close(self.scores(sessions[-1:]), torch.tensor(scores), atol=1e-4, rtol=1e-4)


def _model(items: int, units: int, reset: str) -> GRU4Rec:
    torch.manual_seed(0)
    catalog = Catalog(tuple(map(str, range(items))))
    model = GRU4Rec(catalog, ModelConfig((units,), reset=reset, embedding_dim=units))
    return model.eval()


def _sessions(count: int, items: int) -> list[np.ndarray]:
    """Sessions of 2 to 50 clicks, 7 on average, as click logs have them."""
    rng = np.random.default_rng(0)
    lengths = np.minimum(1 + rng.geometric(1 / 6, size=count), 50)
    return [rng.integers(items, size=length) for length in lengths]
