"""What is lost where the state is not reset? Oracle: counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.explain.leftover import Leftover, leftover, leftover_sentence, points
from gru_viz.explain.words import plain

PLACE = np.array([1, 1, 1, 1, 2, 2])
FRESH = np.array([True, True, True, False, True, False])
LEFT = np.array([True, False, False, False, True, False])


def test_shares_and_intervals_by_hand() -> None:
    """After click 1 the differences are 0, −1, −1, 0: mean −0.5, standard deviation 0.5, √4 sessions."""
    got = leftover(PLACE, FRESH, LEFT, 5)
    assert got.asked.tolist() == [4, 2]
    assert got.fresh.tolist() == [0.75, 0.5]
    assert got.left.tolist() == [0.25, 0.5]
    assert got.change.tolist() == [-0.5, 0.0]
    assert got.low.tolist() == pytest.approx([-0.5 - 1.959964 * 0.25, 0.0])
    assert got.high.tolist() == pytest.approx([-0.5 + 1.959964 * 0.25, 0.0])


def test_no_further_than_asked() -> None:
    assert len(leftover(PLACE, FRESH, LEFT, 1).asked) == 1


def test_nothing_to_predict() -> None:
    with pytest.raises(ValueError, match="nothing is predicted"):
        leftover(np.array([2]), np.array([True]), np.array([True]), 5)


def lost(*high: float) -> Leftover:
    edges = np.array(high)
    return Leftover(np.full(len(high), 9), np.full(len(high), 0.8), np.full(len(high), 0.5), edges - 1, edges)


def test_the_sentence() -> None:
    named = {"the GRU": lost(-0.2, -0.1, -0.01), "the RNN": lost(-0.2, -0.1, 0.0, -0.3), "x": lost(0.1)}
    assert plain(leftover_sentence(named)).replace("\u00a0", " ") == (
        "If the state is not reset between sessions, the next item is among the first 10 after one click: "
        "for the GRU in 50 % instead of 80 %, and still worse after 3 clicks; "
        "for the RNN in 50 % instead of 80 %, made good after 3 clicks; for x in 50 % instead of 80 %."
    )


def test_points() -> None:
    assert points(-0.0314) == "−3.1"
