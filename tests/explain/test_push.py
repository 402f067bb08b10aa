"""Oracle: the read-out sorted by hand."""

from __future__ import annotations

import numpy as np

from gru_viz.explain.push import pushes
from tests.models import N_ITEMS


def test_the_largest_and_smallest_read_out_weights(any_model64):
    weights = any_model64.weights()
    found = pushes(weights, k=2)
    if not weights.linear_top:
        assert found is None
        return
    for unit, column in enumerate(weights.readout(np.arange(N_ITEMS)).T):
        order = np.argsort(column)
        assert found.up[unit].tolist() == order[::-1][:2].tolist()
        assert found.down[unit].tolist() == order[:2].tolist()


def test_no_more_items_than_there_are(model):
    assert pushes(model.weights(), k=99).up.shape == (5, N_ITEMS)
