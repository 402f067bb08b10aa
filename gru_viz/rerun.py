"""What does the model hold and score after the last click of each of many sessions?

For questions that only look at the end of a session, such as `explain.deletion`: to score
every click of every shortened session would take a table of T² rows over the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from gru_viz.model import GRU4Rec, PackedBatch
from gru_viz.trace import LayerTrace, Trace


def last_clicks(model: GRU4Rec, sessions: Sequence[np.ndarray]) -> list[Trace]:
    """A trace of each session's last click alone, in the order given; its h0 is the state before.

    sessions: item indices that the model knows, at least one a session; all run as one batch
    """
    if not sessions:
        return []
    batch = PackedBatch.of(sessions)
    lengths = torch.tensor([len(session) for session in sessions])
    rows, ends = batch.rows_by_session(), lengths.cumsum(0) - 1
    last, before = rows[ends], rows[(ends - 1).clamp(min=0)]
    training = model.training
    try:
        model.eval()
        with torch.inference_mode():
            records = model.unroll(batch.items, batch.batch_sizes)
            scores = _array(model.score(model.head(records[-1].h[last])))
    finally:
        model.train(training)

    layers = [
        (
            _array(torch.where(lengths[:, None] > 1, layer.h[before], 0)),
            [_array(values[last])[:, None] for values in (layer.z, layer.r, layer.candidate, layer.h)],
        )
        for layer in records
    ]

    def layer_trace(h0: np.ndarray, values: list[np.ndarray], place: int) -> LayerTrace:
        z, r, candidate, h = (array[place] for array in values)
        return LayerTrace("gru", h0[place], {"z": z, "r": r}, candidate, h)

    return [
        Trace(
            model.catalog,
            session[-1:],
            scores[place : place + 1],
            tuple(layer_trace(*layer, place) for layer in layers),
        )
        for place, session in enumerate(sessions)
    ]


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.cpu().numpy()
