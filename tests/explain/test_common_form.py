"""Do explanations that know only keep and write take any cell?

Oracle: an LSTM's and a vanilla RNN's states by their own equations, one click at a time; the
state is what the weights below read out.
"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.explain.ledger import write_ledger
from gru_viz.explain.retention import half_lives, retention
from gru_viz.explain.split import split
from gru_viz.trace import ForcedState, LayerTrace, Trace
from gru_viz.weights import LayerWeights, Weights

T, H, N = 6, 4, 5


def lstm(rng: np.random.Generator) -> LayerTrace:
    """state = c, keep = f, write = i ⊙ g."""
    f, i, o = rng.random((3, T, H))
    g = rng.uniform(-1, 1, (T, H))
    states = [np.zeros(H)]
    for t in range(T):
        states.append(f[t] * states[-1] + i[t] * g[t])
    c = np.array(states)
    return LayerTrace("lstm", c[0], {"f": f, "i": i, "o": o}, g, c[1:], ForcedState(c[:-1], f, i * g))


def rnn(rng: np.random.Generator) -> LayerTrace:
    """keep = 0, write = h."""
    h = np.tanh(rng.normal(size=(T, H)))
    seen = np.vstack([np.zeros(H), h[:-1]])
    return LayerTrace("rnn", np.zeros(H), {}, h, h, ForcedState(seen, np.zeros((T, H)), h))


@pytest.fixture(params=[lstm, rnn])
def layer(request: pytest.FixtureRequest, rng: np.random.Generator) -> LayerTrace:
    return request.param(rng)


def test_retention_sums_to_one_and_half_lives_are_those_of_keep(layer: LayerTrace) -> None:
    shares = retention(layer).shares
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=0, atol=1e-12)
    keep = layer.keep.mean(axis=0)
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(half_lives(layer), np.log(2) / np.abs(np.log(keep)))


def test_write_ledger_and_split_add_up(layer: LayerTrace, rng: np.random.Generator) -> None:
    out, bias = rng.normal(size=(N, H)), rng.normal(size=N)
    nothing = LayerWeights(np.zeros((3 * H, N)), np.zeros((3 * H, H)), np.zeros(3 * H), None)
    weights = Weights(None, (nothing,), (), "identity", out, bias)
    items = rng.integers(0, N, T)
    trace = Trace(Catalog(tuple("abcde")), items, layer.h @ out.T + bias, (layer,))
    ledger = write_ledger(trace, weights, 2)
    assert abs(ledger.residual) < 1e-12
    assert np.abs(split(trace, weights, N).residual).max() < 1e-12
    if layer.cell == "rnn":  # nothing is kept, so all was written at the last click
        assert not ledger.clicks[:-1].any()
