"""Do the plain arrays say the same as the model?

Oracle: scores of `tests.oracles` and the arithmetic written out.
"""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from gru_viz.model import GRU4Rec
from gru_viz.record import record
from gru_viz.weights import LayerWeights, Weights
from tests.models import random_model, tensors_of


def test_every_number_is_there(every_model: GRU4Rec) -> None:
    """Oracle: the model's own tensors."""
    weights, tensors = every_model.weights(), tensors_of(every_model)
    assert (weights.embedding is None) == ("embedding" not in tensors)
    if weights.embedding is not None:
        np.testing.assert_array_equal(weights.embedding, tensors["embedding"])
    output = tensors.get("output.embedding", tensors.get("embedding"))
    np.testing.assert_array_equal(weights.output_embedding, output)
    for number, layer in enumerate(weights.layers):
        for letter in "WUbc":
            expected = tensors.get(f"layers.{number}.{letter}")
            if expected is None:
                assert getattr(layer, letter) is None
            else:
                np.testing.assert_array_equal(getattr(layer, letter), expected)
    for number, (weight, bias) in enumerate(weights.feed_forward):
        np.testing.assert_array_equal(weight, tensors[f"feed_forward.{number}.weight"])
        np.testing.assert_array_equal(bias, tensors[f"feed_forward.{number}.bias"])


def test_reset_follows_from_c() -> None:
    W, U, b = np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(3)
    assert LayerWeights(W, U, b, None).reset == "before"
    assert LayerWeights(W, U, b, np.zeros(1)).reset == "after"


@pytest.mark.parametrize("kind", ["reset before", "tied", "linear feed-forward"])
def test_readout_is_what_a_unit_adds(kind: str) -> None:
    """Oracle: difference of the scores after two clicks is read-out times difference of the states."""
    model = random_model(kind, double=True)
    trace, weights = record(model, [1, 4]), model.weights()
    items = np.array([0, 3, 6])
    h = trace.layers[-1].h
    np.testing.assert_allclose(
        weights.readout(items) @ (h[1] - h[0]), trace.scores[1, items] - trace.scores[0, items], atol=1e-12
    )


def test_readout_of_a_linear_feed_forward_by_hand() -> None:
    """Oracle: (2, 3) times ((1, 0, 4), (0, 5, 0)) = (2, 15, 8), that times (1, 0)(0, 1)(1, 1) = (10, 23)."""
    lower, upper = np.array([[1.0, 0], [0, 1], [1, 1]]), np.array([[1.0, 0, 4], [0, 5, 0]])
    output = np.array([[2.0, 3.0]])
    for feed_forward, expected in (((upper,), [2, 15, 8]), ((lower, upper), [10, 23])):
        layers = tuple((weight, np.zeros(len(weight))) for weight in feed_forward)
        weights = Weights(None, (), layers, "identity", output, np.zeros(1))
        assert weights.linear_top
        assert weights.readout(np.array([0])).tolist() == [expected]


@pytest.mark.parametrize("kind", ["tied, feed-forward", "feed-forward, relu"])
def test_no_readout_through_a_non_linear_top(kind: str) -> None:
    weights = random_model(kind).weights()
    assert not weights.linear_top
    with pytest.raises(ValueError, match="deletion"):
        weights.readout(np.array([0]))


def test_pickled_weights_are_read_only() -> None:
    weights = pickle.loads(pickle.dumps(random_model("two layers").weights()))
    for array in (weights.embedding, weights.layers[1].W, weights.output_bias):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
