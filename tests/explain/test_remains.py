"""Oracles: sums and products written out for one unit; the state itself, which the parts must give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.remains import remains
from gru_viz.record import record
from gru_viz.trace import LayerTrace
from tests.explain.cases import layer_of_one_unit
from tests.models import KINDS, N_ITEMS, random_model


def test_surviving_writes_by_hand():
    layer = layer_of_one_unit([1.0, 0.25, 0.5], [0.8, -0.4, 0.2])
    # click 1 wrote 0.8, then 0.75 and 0.5 of it were kept; click 2 wrote −0.1, half was kept
    assert remains(layer, 2).surviving[:, 0] == pytest.approx([0.8 * 0.75 * 0.5, -0.1 * 0.5, 0.1])
    assert remains(layer, 0).surviving[:, 0] == pytest.approx([0.8])


def test_carried_shares_by_hand():
    layer = layer_of_one_unit([1.0, 0.25, 0.5], [0.8, -0.4, 0.2])
    assert remains(layer, 2).shares == pytest.approx([0.375, 0.5, 1.0])


def test_a_click_that_wrote_nothing_has_no_share():
    layer = layer_of_one_unit([1.0, 0.0], [0.5, 0.9])
    assert remains(layer, 1).shares[0] == pytest.approx(1.0)
    assert np.isnan(remains(layer, 1).shares[1])


def test_a_busy_unit_counts_more_than_an_idle_one():
    z = np.array([[1.0, 1.0], [0.0, 1.0]])
    candidate = np.array([[0.9, 0.1], [0.0, 0.0]])
    h = np.array([[0.9, 0.1], [0.9, 0.0]])
    layer = LayerTrace("gru", np.zeros(2), {"z": z, "r": z}, candidate, h)
    # 0.9 of the 1.0 written is left, although only one of two units holds it
    assert remains(layer, 1).shares[0] == pytest.approx(0.9)
    assert remains(layer, 1).holding(0) == 1


@given(st.sampled_from(sorted(KINDS)), st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12))
def test_what_survives_adds_up_to_the_state(kind, items):
    trace = record(random_model(kind, double=True), items)
    for layer in trace.layers:
        for step in range(len(items)):
            assert np.abs(remains(layer, step).surviving.sum(axis=0) - layer.h[step]).max() < 1e-12


@given(st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12))
def test_shares_fall_and_stay_shares(items):
    layer = record(random_model(), items).layers[-1]
    before = np.ones(0)
    for step in range(len(items)):
        shares = remains(layer, step).shares
        assert ((shares >= 0) & (shares <= 1 + 1e-6)).all()
        assert shares[-1] == pytest.approx(1.0)
        assert (shares[:-1] <= before + 1e-6).all()
        before = shares


# --- the matrix of shares
