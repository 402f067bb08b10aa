"""What does this model do, click by click, with this session?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from gru_viz.callable_module import call_as
from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.sessions import Session
from gru_viz.trace import LayerTrace, Trace

# Of a catalogue larger than this, only each click's best scores are kept. It depends on nothing
# but the model, so that the first clicks of a session are recorded alike however it goes on.
FULL_SCORES = 20_000
KEPT_SCORES = 1_000
# Scores computed at a time where they are cut: 80 MB.
SCORES_AT_ONCE = 20_000_000


def record(model: GRU4Rec, session: Session | Iterable[str | int]) -> Trace:
    """The trace of one session: item ids, item indices or a Session.

    Raises InputError for an empty session or an item the model does not know.
    """
    return record_batch(model, [session])[0]


def record_batch(model: GRU4Rec, sessions: Sequence[Session | Iterable[str | int]]) -> list[Trace]:
    """The traces of several sessions, recorded side by side, in the order given."""
    clicks = [_item_indices(model.catalog, session) for session in sessions]
    if not clicks:
        return []
    batch = PackedBatch.of(clicks)
    training = model.training
    try:
        model.eval()
        return _recorded(model, clicks, batch)
    finally:
        model.train(training)


def _recorded(model: GRU4Rec, clicks: list[np.ndarray], batch: PackedBatch) -> list[Trace]:
    with torch.inference_mode():
        records = model.unroll(batch.items, batch.batch_sizes)
        # session after session from here on, so that each trace is a slice and nothing is copied twice
        rows = batch.rows_by_session()
        layers = [
            [_array(values[rows]) for values in (layer.z, layer.r, layer.candidate, layer.h)]
            for layer in records
        ]
        scores, scored, normalizer = _scores(model, model.head(torch.from_numpy(layers[-1][-1])))

    traces, start = [], 0
    for items in clicks:
        where = slice(start, start + len(items))
        start = where.stop
        traces.append(
            Trace(
                model.catalog,
                items,
                scores[where],
                tuple(_layer(*(array[where] for array in layer)) for layer in layers),
                None if scored is None else scored[where],
                None if normalizer is None else normalizer[where],
            )
        )
    return traces


def _item_indices(catalog: Catalog, session: Session | Iterable[str | int]) -> np.ndarray:
    if isinstance(session, Session):
        if int(session.items.min()) < 0 or int(session.items.max()) >= len(catalog):
            raise InputError(f"the session has items outside the model's {len(catalog)}")
        return session.items
    if isinstance(session, str):
        raise InputError("a session is a sequence of item ids, not one text")
    indices = catalog.indices(session)
    if not indices:
        raise InputError("a session needs at least one click")
    return np.array(indices, dtype=np.int64)


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.cpu().numpy()


def _layer(z: np.ndarray, r: np.ndarray, candidate: np.ndarray, h: np.ndarray) -> LayerTrace:
    h0 = np.zeros(h.shape[1], dtype=h.dtype)
    return LayerTrace("gru", h0, {"z": z, "r": r}, candidate, h)


def _scores(model: GRU4Rec, features: Tensor) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Scores (N, K) and, where K is only the best part, its items (N, K) and log normalizer (N,)."""
    n_items = len(model.catalog)
    if n_items <= FULL_SCORES:
        return _array(model.score(features)), None, None
    parts = []
    for rows in features.split(max(1, SCORES_AT_ONCE // n_items)):
        scores = model.score(rows)
        # the best by item index, then by falling score: ties stay in the order of the items
        kept = torch.topk(scores, KEPT_SCORES, dim=1).indices.sort(dim=1).values
        best = scores.gather(1, kept).sort(dim=1, descending=True, stable=True)
        parts.append((best.values, kept.gather(1, best.indices), torch.logsumexp(scores, dim=1)))
    values, items, normalizer = (_array(torch.cat(column)) for column in zip(*parts, strict=True))
    return values, items, normalizer


call_as(__name__, record)
