"""Does the check of a trace see what is wrong, and only that?

Oracles: `tests.oracles`, written apart from it; a trace with one number changed by hand.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gru_viz.explain.verify import largest_error, recompute
from gru_viz.model import GRU4Rec
from gru_viz.record import record
from tests import oracles
from tests.models import random_model


def test_agrees_with_the_other_transcription(any_model64: GRU4Rec, rng: np.random.Generator) -> None:
    """Oracle: the tests' own equations, from a start that is not zero."""
    layer = any_model64.weights().layers[0]
    x, h0 = rng.normal(size=(9, layer.W.shape[1])), rng.uniform(-1, 1, layer.U.shape[1])
    expected = oracles.gru(x, oracles.GRUWeights.from_blocks(layer.W, layer.U, layer.b, layer.c), h0)
    for name, ours in recompute(x @ layer.W.T + layer.b, (h0,), layer).items():
        np.testing.assert_allclose(ours, expected[name], rtol=0, atol=1e-13)


def test_an_honest_trace_is_exact(any_model64: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: rounding of float64."""
    assert largest_error(record(any_model64, clicks), any_model64.weights()) < 1e-14


def test_an_honest_float32_trace_shows_its_rounding(any_model: GRU4Rec, clicks: list[int]) -> None:
    """Oracle: rounding of float32, over eight clicks and at most three layers."""
    assert largest_error(record(any_model, clicks), any_model.weights()) < 2e-6


@pytest.mark.parametrize("quantity", ["z", "r", "candidate", "h"])
@pytest.mark.parametrize("number", [0, 1])
def test_one_changed_number_is_seen(quantity: str, number: int, clicks: list[int]) -> None:
    """Oracle: the change itself, 0.01 in one unit at one click of one layer."""
    model = random_model("two layers", double=True)
    trace = record(model, clicks)
    layer = trace.layers[number]
    values = layer.quantities()[quantity].copy()
    values[3, 1] += 0.01
    if quantity in layer.gates:
        changed = replace(layer, gates={**layer.gates, quantity: values})
    else:
        changed = replace(layer, **{quantity: values})
    layers = tuple(changed if place == number else other for place, other in enumerate(trace.layers))
    assert largest_error(replace(trace, layers=layers), model.weights()) == pytest.approx(0.01, abs=1e-9)


def test_another_models_weights_are_seen(clicks: list[int]) -> None:
    """Oracle: a model with other numbers is far away."""
    trace = record(random_model(seed=0), clicks)
    assert largest_error(trace, random_model(seed=1).weights()) > 0.1
