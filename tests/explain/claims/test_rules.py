"""Is each verdict the one that its interval gives? Oracle: decided by hand for each case."""

from __future__ import annotations

import pytest

from gru_viz.compare.experiments.values import Estimate
from gru_viz.compare.values import Difference
from gru_viz.explain.claims.rules import (
    by_cure,
    by_difference,
    by_factor,
    by_loss,
    by_margin,
    by_time,
    gradient_is,
    widened,
)


def between(low, high):
    return Difference("a", "b", (low + high) / 2, (low, high), 0.0, (0.0, 0.0))


def middle(low, high):
    return Estimate((low + high) / 2, low, high)


@pytest.mark.parametrize(
    ("interval", "better", "as_well"),
    [
        ((0.02, 0.04), "holds", "holds"),
        ((-0.005, 0.01), "cannot tell", "holds"),
        ((-0.02, 0.01), "cannot tell", "cannot tell"),
        ((-0.008, -0.002), "does not hold", "holds"),
        ((-0.02, -0.005), "does not hold", "cannot tell"),
        ((-0.04, -0.02), "does not hold", "does not hold"),
    ],
)
def test_verdicts_of_intervals(interval, better, as_well):
    """Better: beyond 0. As well: above −.01."""
    assert by_difference(between(*interval)) == better
    assert by_margin(between(*interval)) == as_well


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.02, 0.04), "holds"),
        ((0.001, 0.03), "holds"),  # surely something, and most likely more than .01
        ((0.002, 0.012), "cannot tell"),  # surely something, more than .01 or not
        ((-0.001, 0.05), "cannot tell"),
        ((0.002, 0.008), "does not hold"),  # surely something, and surely less than .01
        ((-0.004, 0.009), "does not hold"),
        ((-0.06, -0.04), "does not hold"),
    ],
)
def test_verdicts_of_losses(interval, verdict):
    assert by_loss(middle(*interval)) == verdict


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [(89, 100, "holds"), (91, 100, "cannot tell"), (109, 100, "cannot tell"), (111, 100, "does not hold")],
)
def test_verdicts_of_times(own, other, verdict):
    assert by_time(own, other) == verdict


@pytest.mark.parametrize(
    ("own", "other", "verdict"),
    [
        ((2.3, 2.4), (1.9, 2.0), "holds"),  # 2.3 is above 2.0 and a tenth of it
        ((2.1, 2.4), (1.9, 2.0), "cannot tell"),
        ((1.9, 2.0), (1.9, 2.0), "does not hold"),
        ((1.0, 2.2), (1.9, 2.0), "cannot tell"),
        ((1.0, 1.1), (2.0, 2.1), "does not hold"),
    ],
)
def test_verdicts_of_factors(own, other, verdict):
    assert by_factor(middle(*own), middle(*other)) == verdict


def test_an_interval_of_a_picked_pair():
    """Oracle: quantiles of the normal distribution from tables, 1.960 and for 15 pairs 2.935."""
    assert widened(middle(0.02, 0.04), 1).interval == pytest.approx((0.02, 0.04))
    found = widened(Estimate(0.03, 0.02, 0.05), 15)
    assert found.value == 0.03
    assert found.interval == pytest.approx((0.03 - 0.01 * 2.935 / 1.96, 0.03 + 0.02 * 2.935 / 1.96), abs=1e-5)
    assert widened(Estimate(0.0, -1.0, 1.0), 15).interval == (-1.0, 1.0)


LOST, KEPT, UNSURE = middle(1e-5, 1e-4), middle(0.1, 0.2), middle(1e-4, 1e-2)


def test_a_gradient_is_lost_below_a_thousandth():
    assert [gradient_is(one) for one in (LOST, KEPT, UNSURE)] == ["lost", "kept", "unsure"]
    assert gradient_is(middle(0.0, 0.99e-3)) == "lost"
    assert gradient_is(middle(1.01e-3, 1.0)) == "kept"
    assert gradient_is(middle(1e-4, 1.5e-3)) == "unsure"  # below it in the middle only
    assert gradient_is(middle(0.9e-3, 1.0)) == "unsure"


@pytest.mark.parametrize(
    ("ill", "cured", "verdict"),
    [
        (LOST, KEPT, "holds"),
        (LOST, LOST, "does not hold"),
        (KEPT, KEPT, "does not hold"),
        (KEPT, LOST, "does not hold"),
        (KEPT, UNSURE, "does not hold"),
        (UNSURE, LOST, "does not hold"),
        (LOST, UNSURE, "cannot tell"),
        (UNSURE, KEPT, "cannot tell"),
        (UNSURE, UNSURE, "cannot tell"),
    ],
)
def test_there_must_be_something_to_cure_and_it_must_be_cured(ill, cured, verdict):
    assert by_cure(ill, cured) == verdict
