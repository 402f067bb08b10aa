"""Oracle: the recorded gates themselves, which σ and tanh of the three terms must give."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.explain.arithmetic import arithmetic
from gru_viz.record import record


def test_the_terms_give_the_recorded_gates(any_model64, clicks):
    trace, weights = record(any_model64, clicks), any_model64.weights()
    for number, layer in enumerate(trace.layers):
        sums = arithmetic(trace, weights, number)
        total = sums.input + sums.recurrent + sums.bias
        assert np.abs(1 / (1 + np.exp(-total[:, 0])) - layer.z).max() < 1e-12
        assert np.abs(1 / (1 + np.exp(-total[:, 1])) - layer.r).max() < 1e-12
        assert np.abs(np.tanh(total[:, 2]) - layer.candidate).max() < 1e-12


def test_at_the_first_click_memory_adds_nothing_but_a_reset_bias(any_model64):
    trace, weights = record(any_model64, [3]), any_model64.weights()
    sums = arithmetic(trace, weights, 0)
    assert (sums.recurrent[0, :2] == 0).all()
    c = weights.layers[0].c
    expected = 0 if c is None else trace.layers[0].r[0] * c
    assert sums.recurrent[0, 2] == pytest.approx(np.broadcast_to(expected, sums.recurrent[0, 2].shape))


def test_which_variant_it_is_comes_with_the_numbers(any_model64):
    sums = arithmetic(record(any_model64, [1]), any_model64.weights(), 0)
    assert sums.reset == any_model64.config.reset
