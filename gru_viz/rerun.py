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
from torch import Tensor

from gru_viz.cells.gru import GRURecord
from gru_viz.interventions import Intervention, Interventions
from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.record import checked, layer_traces, unroll
from gru_viz.trace import Trace

# Clicks times units of a batch; a recorded quantity of it takes 64 MB in float32.
NUMBERS_AT_ONCE = 16_000_000
# Scores computed at a time for a whole log: 8 MB in float32.
SCORES_AT_ONCE = 2_000_000


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
    with _evaluating(model):
        records, rows = _unrolled(model, sessions, forced)
        lengths, last = _ends(sessions, rows)
        before = rows[(lengths.cumsum(0) - 2).clamp(min=0)]
        scores = _array(model.score(model.head(records[-1].h[last])))

    starts = [_array(torch.where(lengths[:, None] > 1, layer.h[before], 0)) for layer in records]
    ends = [
        {name: _array(values[last])[:, None] for name, values in vars(layer).items()} for layer in records
    ]
    return [
        Trace(
            model.catalog,
            session[-1:],
            scores[place : place + 1],
            layer_traces(
                (start[place] for start in starts),
                [{name: array[place] for name, array in layer.items()} for layer in ends],
                forced[place],
            ),
            interventions=forced[place],
        )
        for place, session in enumerate(sessions)
    ]


def scores_of_last_clicks(model: GRU4Rec, sessions: Sequence[np.ndarray]) -> np.ndarray:
    """(S, n_items) the scores after the last click of each session, all run as one batch."""
    with _evaluating(model):
        records, rows = _unrolled(model, sessions)
        return _array(model.score(model.head(records[-1].h[_ends(sessions, rows)[1]])))


def scores_of_every_click(model: GRU4Rec, sessions: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """The scores after every click, session after session, as tables (B, n_items).

    All sessions run as one batch, but no table holds more than SCORES_AT_ONCE numbers,
    however long the sessions and however large the catalogue. The model is left as it was
    before the first table comes out.
    """
    with _evaluating(model):
        records, rows = _unrolled(model, sessions)
        features = model.head(records[-1].h[rows])
    for part in features.split(max(1, SCORES_AT_ONCE // len(model.catalog))):
        with torch.inference_mode():
            table = _array(model.score(part))
        yield table


@contextmanager
def _evaluating(model: GRU4Rec) -> Iterator[None]:
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
) -> tuple[list[GRURecord], Tensor]:
    """What every layer held, and the row of every click, session after session."""
    batch = PackedBatch.of(sessions)
    return unroll(model, batch, forced or [()] * len(sessions)), batch.rows_by_session()


def _ends(sessions: Sequence[np.ndarray], rows: Tensor) -> tuple[Tensor, Tensor]:
    """(S,) the sessions' lengths and the rows of their last clicks."""
    lengths = torch.tensor([len(session) for session in sessions])
    return lengths, rows[lengths.cumsum(0) - 1]


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.cpu().numpy()
