"""Is the difference of two models told with its own interval?

Oracle: hand-computed quantiles; the bootstrap of the difference of ranks as one exhaustive table.
"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.compare.paired import difference, standing
from gru_viz.learn.intervals import resampled
from gru_viz.learn.quality import Quality, Ranked
from tests.compare.values import quality


def of(values):
    """(R, 2, 1): these recalls, half of them as MRR."""
    recall = np.array(values, dtype=float)
    return np.stack([recall, recall / 2], axis=1)[:, :, None]


def test_the_interval_is_of_the_differences_draw_by_draw():
    """Both vary by 0.4, their difference is always 0.1: overlapping intervals, and yet a sure difference."""
    own, other = of([0.3, 0.5, 0.7]), of([0.2, 0.4, 0.6])
    found = difference("gru", "markov", (quality(0.5), quality(0.4)), (own, other))
    assert found.recall == pytest.approx(0.1)
    assert found.recall_interval == pytest.approx((0.1, 0.1))
    assert (found.mrr, found.mrr_interval) == (pytest.approx(0.05), pytest.approx((0.05, 0.05)))


def test_its_ends_are_the_quantiles():
    """Oracle: of 0, .01, …, 1 the 2.5 % and 97.5 % quantiles are .025 and .975."""
    drawn = of(np.linspace(0, 1, 101))
    found = difference("a", "b", (quality(0.5), quality(0.0)), (drawn, of(np.zeros(101))))
    assert found.recall_interval == pytest.approx((0.025, 0.975))


def test_two_sessions_by_hand():
    """Session A: first model right, second wrong; B: both right. Draws: AA 1, AB or BA ½, BB 0.

    A quarter of the draws each side, so the 95 % interval is all of 0 to 1.
    """
    session, one = np.array([0, 1]), np.array([1, 1])
    first, second = (Ranked(np.array(ranks), session, one, 2 * one) for ranks in ([1, 1], [30, 1]))
    drawn = tuple(resampled(ranked, (20,)) for ranked in (first, second))
    qualities = tuple(ranked.quality((20,)) for ranked in (first, second))
    found = difference("a", "b", qualities, drawn)
    assert (found.recall, found.recall_interval) == (0.5, (0.0, 1.0))
    differences = (drawn[0] - drawn[1])[:, 0, 0]
    assert set(differences) == {0.0, 0.5, 1.0}
    assert differences.mean() == pytest.approx(0.5, abs=0.05)


def test_a_single_session_tells_nothing():
    ranked = Ranked(np.array([1, 2]), np.zeros(2, int), np.array([1, 2]), np.full(2, 3))
    drawn = resampled(ranked, (20,))
    assert drawn.shape == (0, 2, 1)
    found = difference("a", "b", (quality(1.0), Quality({20: 0.0}, {20: 0.0}, 2)), (drawn, drawn))
    assert found.recall_interval == (-1.0, 1.0)
    assert standing(found.recall_interval) == "level"


def test_turned_round_it_is_the_other_way():
    found = difference("a", "b", (quality(0.5), quality(0.4)), (of([0.3, 0.6]), of([0.2, 0.3])))
    turned = found.turned
    assert (turned.first, turned.second, turned.recall) == ("b", "a", pytest.approx(-0.1))
    assert turned.recall_interval == pytest.approx((-found.recall_interval[1], -found.recall_interval[0]))
    assert turned.turned == found


@pytest.mark.parametrize(
    ("interval", "stands"),
    [((0.01, 0.2), "above"), ((-0.2, -0.01), "below"), ((-0.1, 0.1), "level"), ((0.0, 0.1), "level"),
     ((-0.1, 0.0), "level"), ((0.0, 0.0), "level")],
)  # fmt: skip
def test_only_a_whole_interval_beyond_0_says_more(interval, stands):
    assert standing(interval) == stands
