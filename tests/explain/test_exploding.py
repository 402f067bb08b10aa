"""Oracle: medians counted by hand."""

from __future__ import annotations

import math

from gru_viz.explain.exploding import ENOUGH, FEW, Usual


def test_the_usual_norm_is_the_median_once_there_are_enough():
    usual = Usual()
    for norm in range(FEW):
        assert usual.norm is None
        usual.add(float(norm))
    assert usual.norm is None
    usual.add(1000.0)
    assert usual.norm == 10.0  # the eleventh of 0 to 19 and 1000


def test_what_is_no_number_and_what_comes_late_is_left_out():
    usual = Usual()
    for norm in (math.nan, math.inf, *[1.0] * ENOUGH, *[9.0] * 3 * ENOUGH):
        usual.add(norm)
    assert usual.norm == 1.0
    assert len(usual.known) == ENOUGH
