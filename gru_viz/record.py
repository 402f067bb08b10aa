"""What does this model do, click by click, with this session?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from gru_viz.anatomy import CELLS
from gru_viz.callable_module import call_as
from gru_viz.catalog import Catalog
from gru_viz.cells.cell import CellRecord
from gru_viz.cells.forced import forces
from gru_viz.errors import InputError
from gru_viz.interventions import STATES, Intervention, Interventions, check
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.sessions import Session
from gru_viz.trace import ForcedState, LayerTrace, Trace

# Of a catalogue larger than this, only each click's best scores are kept. It depends on nothing
# but the model, so that the first clicks of a session are recorded alike however it goes on.
FULL_SCORES = 20_000
KEPT_SCORES = 1_000
# Scores computed at a time where they are cut: 80 MB.
SCORES_AT_ONCE = 20_000_000


def record(
    model: GRU4Rec, session: Session | Iterable[str | int], interventions: Iterable[Intervention] = ()
) -> Trace:
    """The trace of one session: item ids, item indices or a Session.

    interventions: what is forced meanwhile; with none it is what the model does by itself.
    Raises InputError for an empty session, an item the model does not know, or an
    intervention on units, clicks or layers that are not there.
    """
    return record_batch(model, [session], [interventions])[0]


def record_batch(
    model: GRU4Rec,
    sessions: Sequence[Session | Iterable[str | int]],
    interventions: Sequence[Iterable[Intervention]] | None = None,
) -> list[Trace]:
    """The traces of several sessions, recorded side by side, in the order given.

    interventions: what is forced in each session, or None for nothing in any
    """
    clicks = [_item_indices(model.catalog, session) for session in sessions]
    forced = checked(model, clicks, interventions)
    if not clicks:
        return []
    training = model.training
    try:
        model.eval()
        return _recorded(model, clicks, forced)
    finally:
        model.train(training)


def checked(
    model: GRU4Rec, clicks: Sequence[np.ndarray], interventions: Sequence[Iterable[Intervention]] | None
) -> list[Interventions]:
    """One tuple of interventions a session, each of which fits. Raises InputError."""
    if interventions is None:
        return [()] * len(clicks)
    if len(interventions) != len(clicks):
        raise InputError(
            f"{len(clicks)} sessions need as many lists of interventions, not {len(interventions)}"
        )
    return [
        check(forced, model.config.units, len(items), model.config.cell)
        for forced, items in zip(interventions, clicks, strict=True)
    ]


def _recorded(model: GRU4Rec, clicks: list[np.ndarray], forced: list[Interventions]) -> list[Trace]:
    batch = PackedBatch.of(clicks)
    with torch.inference_mode():
        records = unroll(model, batch, forced)
        # session after session from here on, so that each trace is a slice and nothing is copied twice
        rows = batch.rows_by_session()
        layers = [{name: _array(values[rows]) for name, values in layer.named().items()} for layer in records]
        scores, scored, normalizer = _scores(model, model.head(torch.from_numpy(layers[-1]["h"])))

    traces, start = [], 0
    for items, interventions in zip(clicks, forced, strict=True):
        where = slice(start, start + len(items))
        start = where.stop
        zeros = (np.zeros(cell.carries, dtype=scores.dtype) for cell in model.cells)
        held = [{name: array[where] for name, array in layer.items()} for layer in layers]
        traces.append(
            Trace(
                model.catalog,
                items,
                scores[where],
                layer_traces(model.config.cell, zeros, held, interventions),
                None if scored is None else scored[where],
                None if normalizer is None else normalizer[where],
                interventions,
            )
        )
    return traces


def unroll(model: GRU4Rec, batch: PackedBatch, forced: Sequence[Interventions]) -> list[CellRecord]:
    """What every layer held at each click, with one tuple of interventions a session, as given."""
    units = model.config.units
    in_order = [forced[place] for place in batch.order]
    by_layer = [forces(in_order, batch.batch_sizes, layer, units) for layer in range(len(units))]
    return model.unroll(batch.items, batch.batch_sizes, forced=by_layer)


def layer_traces(
    cell: str,
    carried: Iterable[np.ndarray],
    held: Sequence[dict[str, np.ndarray]],
    interventions: Interventions,
) -> tuple[LayerTrace, ...]:
    """One session's layers, from what was carried into it and the named arrays of each layer's record."""
    traces = []
    for number, (start, layer) in enumerate(zip(carried, held, strict=True)):
        # a batch in which another session's state is forced tells these of every session
        states_forced = any(i.quantity in STATES and i.acts_on(number, len(held)) for i in interventions)
        forced = ForcedState(layer["seen"], layer["keep"], layer["write"]) if states_forced else None
        gates = {name: layer[name] for name in CELLS[cell].gates}
        h, c = layer["h"], layer.get("c")
        h0, c0 = (start, None) if c is None else np.split(start, 2)
        traces.append(LayerTrace(cell, h0, gates, layer["candidate"], h, forced, c0, c))
    return tuple(traces)


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
