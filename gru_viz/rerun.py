"""What does the model hold and score at the clicks of many sessions, no more of it than is asked for?

For questions that only look at the end of a session, such as `explain.deletion`: to score
every click of every shortened session would take a table of T² rows over the catalogue.
And for questions about a whole log, which needs scores and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from gru_viz.cells.cell import CellRecord
from gru_viz.interventions import Intervention, Interventions
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.record import checked, layer_traces, unroll
from gru_viz.trace import Trace

# Scores computed at a time for a whole log: 8 MB in float32.
SCORES_AT_ONCE = 2_000_000
# Numbers held by the sessions that are unrolled side by side for their last clicks: 48 MB in float32;
# a unit holds so many at a click: three sums, two gates, the candidate, the state and an input.
NUMBERS_AT_ONCE = 12_000_000
NUMBERS_A_UNIT = 8


def last_clicks(
    model: GRU4Rec,
    sessions: Sequence[np.ndarray],
    interventions: Sequence[Iterable[Intervention]] | None = None,
) -> list[Trace]:
    """A trace of each session's last click alone, in the order given; its h0 is the state before.

    However long the sessions, what is held beside the answer stays within NUMBERS_AT_ONCE and
    SCORES_AT_ONCE: all sessions with one click fewer are T² clicks.

    sessions:      item indices that the model knows, at least one a session; run in groups side by side
    interventions: what is forced in each session, or None for nothing in any. A trace says all of
                   it, though only the last click is there.
    """
    forced = checked(model, sessions, interventions)
    return [
        trace
        for part in _groups(model, sessions)
        for trace in _last_clicks(model, sessions[part], forced[part])
    ]


def _groups(model: GRU4Rec, sessions: Sequence[np.ndarray]) -> Iterator[slice]:
    """The sessions in order, in groups whose clicks hold no more than NUMBERS_AT_ONCE, or of one session."""
    units = sum(model.config.units)
    most = NUMBERS_AT_ONCE // (NUMBERS_A_UNIT * units)
    first, clicks = 0, 0
    for place, session in enumerate(sessions):
        if place > first and clicks + len(session) > most:
            yield slice(first, place)
            first, clicks = place, 0
        clicks += len(session)
    if len(sessions) > 0:
        yield slice(first, len(sessions))


def _last_clicks(
    model: GRU4Rec, sessions: Sequence[np.ndarray], forced: Sequence[Interventions]
) -> list[Trace]:
    with evaluating(model):
        records, rows = _unrolled(model, sessions, forced)
        lengths, last = _ends(sessions, rows)
        before = rows[(lengths.cumsum(0) - 2).clamp(min=0)]
        features = model.head(records[-1].h[last])
        at_once = max(1, SCORES_AT_ONCE // len(model.catalog))
        scores = np.concatenate([_array(model.score(part)) for part in features.split(at_once)])

    starts = [_array(torch.where(lengths[:, None] > 1, layer.carried[before], 0)) for layer in records]
    ends = [
        {name: _array(values[last])[:, None] for name, values in layer.named().items()} for layer in records
    ]
    return [
        Trace(
            model.catalog,
            session[-1:],
            scores[place : place + 1],
            layer_traces(
                model.config.cell,
                (start[place] for start in starts),
                [{name: array[place] for name, array in layer.items()} for layer in ends],
                forced[place],
            ),
            interventions=forced[place],
        )
        for place, session in enumerate(sessions)
    ]


def states_of_every_click(model: GRU4Rec, sessions: Sequence[np.ndarray]) -> list[Trace]:
    """What every layer held at each click of each session, in the order given, and no scores at all.

    For questions that decode a few of the states themselves, as `explain.forgetting` does: a table
    of scores after every click of a large catalogue would be as large as all of them.
    """
    if not sessions:
        return []
    forced = checked(model, sessions, None)
    with evaluating(model):
        records, rows = _unrolled(model, sessions, forced)
        layers = [{name: _array(values[rows]) for name, values in layer.named().items()} for layer in records]
    traces, end = [], 0
    for session in sessions:
        where = slice(end, end + len(session))
        end = where.stop
        held = [{name: array[where] for name, array in layer.items()} for layer in layers]
        starts = (np.zeros(cell.carries, dtype=held[-1]["h"].dtype) for cell in model.cells)
        nothing = np.empty((len(session), 0), dtype=held[-1]["h"].dtype)
        traces.append(
            Trace(model.catalog, session, nothing, layer_traces(model.config.cell, starts, held, ()))
        )
    return traces


def scores_of_last_clicks(model: GRU4Rec, sessions: Sequence[np.ndarray]) -> np.ndarray:
    """(S, n_items) the scores after the last click of each session, all run as one batch."""
    with evaluating(model):
        records, rows = _unrolled(model, sessions)
        return _array(model.score(model.head(records[-1].h[_ends(sessions, rows)[1]])))


def scores_of_every_click(model: GRU4Rec, sessions: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """The scores after every click, session after session, as tables (B, n_items).

    All sessions run as one batch, but no table holds more than SCORES_AT_ONCE numbers,
    however long the sessions and however large the catalogue. The model is left as it was
    before the first table comes out.
    """
    with evaluating(model):
        records, rows = _unrolled(model, sessions)
        features = model.head(records[-1].h[rows])
    for part in features.split(max(1, SCORES_AT_ONCE // len(model.catalog))):
        with torch.inference_mode():
            table = _array(model.score(part))
        yield table


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Dropout off and no gradients; afterwards the model trains on if it did before."""
    training = model.training
    try:
        model.eval()
        with torch.inference_mode():
            yield
    finally:
        model.train(training)


def _unrolled(
    model: GRU4Rec, sessions: Sequence[np.ndarray], forced: Sequence[Interventions] | None = None
) -> tuple[list[CellRecord], Tensor]:
    """What every layer held, and the row of every click, session after session."""
    batch = PackedBatch.of(sessions)
    return unroll(model, batch, forced or [()] * len(sessions)), batch.rows_by_session()


def _ends(sessions: Sequence[np.ndarray], rows: Tensor) -> tuple[Tensor, Tensor]:
    """(S,) the sessions' lengths and the rows of their last clicks."""
    lengths = torch.tensor([len(session) for session in sessions])
    return lengths, rows[lengths.cumsum(0) - 1]


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.cpu().numpy()
