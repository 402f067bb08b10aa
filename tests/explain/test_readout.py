"""Does the read-out of the state give the recorded score? Oracles: the score itself; the model's own head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from gru_viz.explain import readout as module
from gru_viz.explain.readout import decode, decoded, difference, readout, score_of
from gru_viz.model import ACTIVATIONS
from gru_viz.record import record
from gru_viz.weights import Weights
from tests.explain.cases import LINEAR, NON_LINEAR, recorded
from tests.models import KINDS, N_ITEMS, random_model


@pytest.mark.parametrize("kind", LINEAR)
def test_every_score_is_read_out(kind: str) -> None:
    trace, weights = recorded(kind, [2, 0, 5])
    head = readout(weights, np.arange(N_ITEMS))
    np.testing.assert_allclose(
        trace.layers[-1].h @ head.weight.T + head.bias, trace.scores, rtol=0, atol=1e-12
    )


def test_feed_forward_biases_by_hand() -> None:
    """Oracle: f = 3 (2h + 1) + 4 = 6h + 7, score = 5f − 2 = 30h + 33."""
    layers = tuple((np.array([[w]]), np.array([b])) for w, b in ((2.0, 1.0), (3.0, 4.0)))
    weights = Weights(None, (), layers, "identity", np.array([[5.0]]), np.array([-2.0]))
    head = readout(weights, np.array([0]))
    assert (head.weight.tolist(), head.bias.tolist()) == ([[30.0]], [33.0])


def test_the_difference_is_antisymmetric() -> None:
    _, weights = recorded("linear feed-forward", [1])
    (a, a_bias), (b, b_bias) = difference(weights, 2, 5), difference(weights, 5, 2)
    assert (a == -b).all()
    assert a_bias == -b_bias


@pytest.mark.parametrize("kind", NON_LINEAR)
def test_a_non_linear_top_is_refused(kind: str) -> None:
    _, weights = recorded(kind, [1])
    with pytest.raises(ValueError, match="non-linear"):
        readout(weights, np.array([0]))


def test_a_score_that_was_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the same session with all scores kept."""
    model = random_model(double=True)
    whole, weights = record(model, [2, 0, 5]), model.weights()
    monkeypatch.setattr("gru_viz.record.FULL_SCORES", 1)
    monkeypatch.setattr("gru_viz.record.KEPT_SCORES", 2)
    trace = record(model, [2, 0, 5])
    best, *_, worst = whole.ranking(1).tolist()
    assert score_of(trace, best, step=1) == pytest.approx(whole.scores[1, best])
    assert np.isnan(score_of(trace, worst, step=1))
    assert score_of(trace, worst, step=1, weights=weights) == pytest.approx(whole.scores[1, worst])
    assert score_of(trace, best, worst, 1, weights) == pytest.approx(
        whole.scores[1, best] - whole.scores[1, worst]
    )


# --- decode


@pytest.mark.parametrize("activation", ["identity", "tanh", "relu", "elu"])
@pytest.mark.parametrize("kind", KINDS)
def test_any_state_is_decoded_as_the_model_does(kind: str, activation: str, rng: np.random.Generator) -> None:
    """Oracle: the model's head and score in float64, on states beyond those a GRU can reach, too."""
    model = random_model(kind, double=True)
    model.activation = ACTIVATIONS[activation]()
    states = rng.normal(0, 2, (6, model.config.units[-1]))
    with torch.no_grad():
        expected = model.score(model.head(torch.from_numpy(states))).numpy()
    scores = decode(replace(model.weights(), activation=activation), states)
    np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("double", [True, False])
def test_recorded_states_give_the_recorded_scores(kind: str, double: bool) -> None:
    trace, weights = recorded(kind, [2, 0, 5, 2], double=double)
    scores = decode(weights, trace.layers[-1].h)
    assert scores.dtype == np.float64
    np.testing.assert_allclose(scores, trace.scores, rtol=0, atol=1e-12 if double else 1e-5)


def test_elu_of_a_huge_negative_sum_is_minus_one() -> None:
    """Oracle: elu(±1000) is 1000 and −1; no overflow on the way."""
    layer = (np.array([[1.0]]), np.array([0.0]))
    weights = Weights(None, (), (layer,), "elu", np.array([[1.0]]), np.array([0.0]))
    assert decode(weights, np.array([[1000.0], [-1000.0]])).tolist() == [[1000.0], [-1.0]]


@pytest.mark.parametrize("at_once", [1, 9, 13])
def test_a_large_catalogue_is_decoded_in_blocks(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the recorded scores, with blocks of 1, 2 and 3 of 7 items."""
    trace, weights = recorded("reset before", [2, 0, 5])
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", at_once)
    np.testing.assert_allclose(decode(weights, trace.layers[-1].h), trace.scores, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", ["reset before", "two feed-forward"])
def test_lists_of_decoded_states_are_the_recorded_ones(kind: str) -> None:
    """Oracle: the trace's own lists."""
    trace, weights = recorded(kind, [2, 0, 5, 2])
    lists = decoded(trace, weights, trace.layers[-1].h)
    for step in range(4):
        assert lists.ranking(step).tolist() == trace.ranking(step).tolist()
        np.testing.assert_allclose(
            lists.probability(np.arange(N_ITEMS), step), trace.probability(np.arange(N_ITEMS), step)
        )
    assert lists.top(3)["title"].tolist() == trace.top(3)["title"].tolist()
