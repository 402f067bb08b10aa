"""Is the last click run alone the last row of the whole recording? Oracle: `record_batch`."""

from __future__ import annotations

import numpy as np

from gru_viz.model import GRU4Rec
from gru_viz.record import record_batch
from gru_viz.rerun import last_clicks
from tests.models import random_model

SESSIONS = [np.array(items) for items in ([3], [2, 0, 0, 5], [6, 6], [1, 2, 3, 4, 5, 6, 0], [4])]


def test_the_last_click_is_the_last_row(any_model64: GRU4Rec) -> None:
    """Oracle: sessions of several lengths, out of order, recorded in full."""
    for alone, whole in zip(
        last_clicks(any_model64, SESSIONS), record_batch(any_model64, SESSIONS), strict=True
    ):
        assert len(alone) == 1
        assert alone.items.tolist() == whole.items[-1:].tolist()
        np.testing.assert_allclose(alone.scores[0], whole.scores[-1], rtol=0, atol=1e-13)
        for one, layer in zip(alone.layers, whole.layers, strict=True):
            np.testing.assert_allclose(one.h0, layer.h_prev[-1], rtol=0, atol=1e-14)
            for name, values in one.quantities().items():
                np.testing.assert_allclose(values, layer.quantities()[name][-1:], rtol=0, atol=1e-14)


def test_no_session_no_trace_and_the_model_stays_as_it_is() -> None:
    model = random_model().train()
    assert last_clicks(model, []) == []
    last_clicks(model, SESSIONS)
    assert model.training
