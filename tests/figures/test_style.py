"""Are rows, panels and numbers where and what they are said to be?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.figures.style import bars, clicked, exact, panels, share, thinned


def test_numbers_that_are_written_on_an_axis():
    assert thinned(1, 1) == [1]
    assert thinned(1, 7) == [1, 2, 3, 4, 5, 6, 7]
    assert thinned(0, 8, most=9) == list(range(9))
    assert thinned(1, 21) == [1, 5, 10, 15, 21]
    assert thinned(1, 200) == [1, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200]


@given(st.integers(0, 50), st.integers(0, 3000))
def test_first_and_last_are_written_and_no_more_than_fit(first, more):
    shown = thinned(first, first + more)
    assert (shown[0], shown[-1]) == (first, first + more)
    assert len(shown) <= 12
    assert shown == sorted(set(shown))


def test_panels_stand_one_under_another():
    upper, lower = panels(60, 30, gap=10)
    assert upper == pytest.approx((0.4, 1.0))
    assert lower == pytest.approx((0.0, 0.3))


def test_a_bar_stands_so_many_pixels_down_its_row():
    drawn = bars([1.0, 2.0], "#000000", top=20, thick=10, row=50, name="one")
    np.testing.assert_allclose(drawn.y, [0.5, 1.5])  # the middle of 20..30 of 50
    assert drawn.width == 0.2


def test_numbers_have_a_real_minus_and_a_dash_where_there_is_none():
    assert exact(-1.23456) == "−1.235"
    assert exact(-0.0001) == "0.000"
    assert exact(float("nan")) == exact(None) == share(float("nan")) == "–"
    assert share(0.1234) == "12.3 %"


def test_a_click_is_numbered_from_1_and_its_title_cut():
    assert clicked("<b>", 0) == "1  &#60;b&#62;"
    assert clicked("x" * 50, 1, 5) == "2  xxxx…"
