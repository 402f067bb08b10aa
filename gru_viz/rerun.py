"""What does the model hold and score after the last click of each of many sessions?

For questions that only look at the end of a session, such as `explain.deletion`: to score
every click of every shortened session would take a table of T² rows over the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from gru_viz.interventions import Intervention, Interventions
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.record import checked, layer_traces, unroll
from gru_viz.trace import Trace

# Clicks times units of a batch; a recorded quantity of it takes 64 MB in float32.
NUMBERS_AT_ONCE = 16_000_000


def last_clicks(
    model: GRU4Rec,
    sessions: Sequence[np.ndarray],
    interventions: Sequence[Iterable[Intervention]] | None = None,
) -> list[Trace]:
    """A trace of each session's last click alone, in the order given; its h0 is the state before.

    sessions:      item indices that the model knows, at least one a session; they run side by side,
                   in as many batches as memory asks for, one if they are few
    interventions: what is forced in each session, or None for nothing in any. A trace says all of
                   it, though only the last click is there.
    """
    forced = checked(model, sessions, interventions)
    traces: list[Trace] = []
    for part in _parts(sessions, max(model.config.units)):
        traces += _last_clicks(model, sessions[part], forced[part])
    return traces


def _parts(sessions: Sequence[np.ndarray], units: int) -> Iterator[slice]:
    """The sessions in runs of at most NUMBERS_AT_ONCE clicks × units."""
    start, numbers = 0, 0
    for place, session in enumerate(sessions):
        numbers += len(session) * units
        if numbers > NUMBERS_AT_ONCE and place > start:
            yield slice(start, place)
            start, numbers = place, len(session) * units
    if len(sessions) > 0:
        yield slice(start, len(sessions))


def _last_clicks(
    model: GRU4Rec, sessions: Sequence[np.ndarray], forced: Sequence[Interventions]
) -> list[Trace]:
    batch = PackedBatch.of(sessions)
    lengths = torch.tensor([len(session) for session in sessions])
    rows, ends = batch.rows_by_session(), lengths.cumsum(0) - 1
    last, before = rows[ends], rows[(ends - 1).clamp(min=0)]
    training = model.training
    try:
        model.eval()
        with torch.inference_mode():
            records = unroll(model, batch, forced)
            scores = _array(model.score(model.head(records[-1].h[last])))
    finally:
        model.train(training)

    starts = [_array(torch.where(lengths[:, None] > 1, layer.h[before], 0)) for layer in records]
    ends_of = [
        {name: _array(values[last])[:, None] for name, values in vars(layer).items()} for layer in records
    ]
    return [
        Trace(
            model.catalog,
            session[-1:],
            scores[place : place + 1],
            layer_traces(
                (start[place] for start in starts),
                [{name: array[place] for name, array in layer.items()} for layer in ends_of],
                forced[place],
            ),
            interventions=forced[place],
        )
        for place, session in enumerate(sessions)
    ]


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.cpu().numpy()
