"""How much gradient is left at a distance? Oracle: quartiles by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.explain.gradient_distance import (
    GradientDistance,
    gradient_distance,
    gradient_distance_sentence,
)
from gru_viz.explain.words import plain


def test_distances_are_counted_back_from_the_last_click() -> None:
    """Sessions of unlike lengths: only the last three norms of each count, the last one first."""
    norms = [np.array([9.0, 0.1, 0.5, 1.0]), np.array([0.3, 0.7, 1.0]), np.array([7.0, 8.0, 0.2, 0.6, 1.0])]
    got = gradient_distance(norms, 2)
    assert got.median.tolist() == pytest.approx([1.0, 0.6, 0.2])
    assert got.low.tolist() == pytest.approx([1.0, 0.55, 0.15])
    assert got.high.tolist() == pytest.approx([1.0, 0.65, 0.25])


@pytest.mark.parametrize("norms", [[], [np.ones(2)], [np.ones(5), np.ones(2)]])
def test_too_short(norms: list[np.ndarray]) -> None:
    with pytest.raises(ValueError, match="more than 2 clicks"):
        gradient_distance(norms, 2)


def one(left: float) -> GradientDistance:
    return GradientDistance(*(np.array([1.0, left]) for _ in range(3)))


def test_the_sentence() -> None:
    said = plain(gradient_distance_sentence({"the GRU": one(0.5), "the RNN": one(3.1e-8), "x": one(0.0)}))
    assert said.replace("\u00a0", " ") == (
        "After training, over a distance of 1 click the median gradient is 0.50 in the GRU, "
        "3 × 10⁻⁸ in the RNN: lost, 0 in x: lost; 1 is passed on unchanged."
    )


def test_a_gradient_that_explodes_is_no_zero() -> None:
    assert "2 × 10⁵ in x;" in plain(gradient_distance_sentence({"x": one(2e5)})).replace("\u00a0", " ")
