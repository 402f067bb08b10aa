"""The write ledger. Oracles: one unit written out; the state and the score, which the entries must give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.ledger import Ledger, write_ledger
from tests.explain.cases import LINEAR, NON_LINEAR, SESSIONS, one_unit, recorded, scaled, traced
from tests.models import N_ITEMS, random_model


def test_one_unit_by_hand() -> None:
    """Oracle: h_2 = ¾ (¼ h_0 + ¾ tanh 1) + ¼ tanh(−1) with Uh = b = 0, read out by 2."""
    weights = one_unit(Wh=1.0, Uh=0.0, bh=0.0, c=None)
    trace = traced(weights, [0, 1], np.array([0.4]))
    ledger = write_ledger(trace, weights, 0)
    assert ledger.clicks == pytest.approx([2 * 0.75 * 0.75 * np.tanh(1), -2 * 0.25 * np.tanh(1)])
    assert (ledger.h0, ledger.bias, ledger.candidate_bias) == (pytest.approx(2 * 0.75 * 0.25 * 0.4), 0.5, 0)
    assert ledger.residual == pytest.approx(0, abs=1e-15)
    before = write_ledger(trace, weights, 0, step=0)
    assert before.clicks == pytest.approx([2 * 0.75 * np.tanh(1)])
    assert before.h0 == pytest.approx(2 * 0.25 * 0.4)


def test_total_and_residual_by_hand() -> None:
    ledger = Ledger(np.array([1.0, 2.0]), 4.0, 8.0, 32.0, 16.0)
    assert (ledger.total, ledger.residual, len(ledger)) == (31.0, 1.0, 2)


@given(
    st.sampled_from(LINEAR),
    st.integers(0, 5),
    st.lists(st.integers(0, N_ITEMS - 1), min_size=1, max_size=12),
    st.data(),
)
def test_it_sums_to_the_score(kind: str, seed: int, items: list[int], data: st.DataObject) -> None:
    step = data.draw(st.integers(-len(items), len(items) - 1))
    item, against = data.draw(st.tuples(*[st.integers(0, N_ITEMS - 1)] * 2))
    for double, bar in ((True, 1e-10), (False, 1e-5)):
        trace, weights = recorded(kind, items, seed, double)
        ledger = write_ledger(trace, weights, item, step=step)
        assert ledger.score == trace.scores[step, item]
        assert len(ledger) == range(len(items))[step] + 1
        assert abs(ledger.total - ledger.score) < bar
        both = write_ledger(trace, weights, item, against, step)
        assert abs(both.residual) < bar
        assert both.score == pytest.approx(
            float(trace.scores[step, item]) - float(trace.scores[step, against])
        )


@pytest.mark.parametrize("kind", LINEAR)
@pytest.mark.parametrize("session", SESSIONS)
def test_a_minus_b_is_the_difference_and_antisymmetric(kind: str, session: str) -> None:
    trace, weights = recorded(kind, SESSIONS[session])
    a, b = write_ledger(trace, weights, 1), write_ledger(trace, weights, 4)
    ab, ba = write_ledger(trace, weights, 1, 4), write_ledger(trace, weights, 4, 1)
    np.testing.assert_allclose(ab.clicks, a.clicks - b.clicks, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(ab.clicks, -ba.clicks)
    assert (ab.h0, ab.bias, ab.score) == (-ba.h0, -ba.bias, -ba.score)
    assert abs(ab.residual) < 1e-10


@pytest.mark.parametrize("factor", [0.0, 50.0])
@pytest.mark.parametrize("reset", ["reset before", "reset after"])
def test_idle_and_saturated_gates(factor: float, reset: str) -> None:
    """Oracle: half of h_0 is kept at each click where all weights are 0; the score otherwise."""
    weights = scaled(random_model(reset, double=True).weights(), factor)
    h0 = np.linspace(-1, 1, 5)
    trace = traced(weights, [2, 0, 5], h0)
    ledger = write_ledger(trace, weights, 3)
    assert np.isfinite(ledger.clicks).all()
    assert abs(ledger.residual) < 1e-10
    if factor == 0:
        assert (ledger.clicks == 0).all()
        assert ledger.h0 == pytest.approx(float(weights.output_embedding[3] @ h0) / 8)


def test_a_non_linear_top_is_refused() -> None:
    trace, weights = recorded(NON_LINEAR[0], [2, 4])
    with pytest.raises(ValueError, match="non-linear"):
        write_ledger(trace, weights, 0)
