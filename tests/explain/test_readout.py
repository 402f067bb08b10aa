"""Does the read-out of the state give the recorded score? Oracle: the score itself."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.explain.readout import difference, readout, score_of
from gru_viz.record import record
from gru_viz.weights import Weights
from tests.explain.cases import LINEAR, NON_LINEAR, recorded
from tests.models import N_ITEMS, random_model


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
