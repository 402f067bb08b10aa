"""The Cells page's charts on plain and odd values; what is drawn is compared, never pixels."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.explain.cell_sizes import BySize
from gru_viz.explain.detours import Detours
from gru_viz.explain.gradient_distance import GradientDistance
from gru_viz.explain.leftover import Leftover
from gru_viz.figures import cell_sizes_figure, detours_figure, gradient_distance_figure, leftover_figure

THEMES = ("light", "dark")


def detours(right, asked, lengths=None) -> Detours:
    lengths = range(1, len(right) + 1) if lengths is None else lengths
    return Detours(*(np.array(list(values)) for values in (lengths, right, asked)))


ODD_DETOURS = {
    "plain": ({"gru": detours([9, 8, 7], [10, 10, 10]), "markov": detours([1, 2, 1], [10, 10, 10])}, 0.125),
    "one length": ({"rnn": detours([1], [2])}, 0.5),
    "all right": ({"lstm": detours([3, 3], [3, 3])}, 0.0),
    "none right": ({"lstm": detours([0, 0], [1, 1])}, 1.0),
    "lengths far apart": ({"gru": detours([5, 5], [9, 9], [1, 20])}, 0.5),
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("odd", ODD_DETOURS)
def test_detours(odd, theme):
    curves, chance = ODD_DETOURS[odd]
    figure = detours_figure(curves, chance, theme)
    figure.to_json()
    drawn = {trace.name: trace for trace in figure.data}
    for name, one in curves.items():
        assert list(drawn[name].x) == one.lengths.tolist()
        assert list(drawn[name].y) == pytest.approx(one.shares.tolist())
        low, high = one.intervals
        assert list(drawn[f"{name} interval"].y) == pytest.approx([*high, *reversed(low)])
        assert f"{one.right[0]:,} of {one.asked[0]:,} right" in drawn[name].hovertext[0]
    line = figure.layout.shapes[1]
    assert (line.y0, line.y1) == (chance, chance)
    assert "chance" in figure.layout.yaxis.ticktext
    assert list(figure.layout.yaxis.tickvals) == sorted(figure.layout.yaxis.tickvals)


def distance(*medians: float) -> GradientDistance:
    values = np.array(medians)
    return GradientDistance(values / 2, values, values * 2)


ODD_GRADIENTS = {
    "plain": {"gru": distance(1, 0.8, 0.5), "rnn": distance(1, 0.01, 1e-4)},
    "one distance": {"gru": distance(1.0)},
    "vanished": {"rnn": distance(1, 0, 0)},
    "below the axis": {"rnn": distance(1, 1e-30, 1e-300)},
    "exploded": {"rnn": distance(1, 1e10, 1e307)},
    "all alike": {"lstm": distance(1, 1, 1)},
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("odd", ODD_GRADIENTS)
def test_gradients(odd, theme):
    trained = ODD_GRADIENTS[odd]
    untrained = {cell: distance(*([1.0] * len(one.median))) for cell, one in trained.items()}
    figure = gradient_distance_figure(untrained, trained, theme)
    assert "NaN" not in figure.to_json()
    low, high = figure.layout.yaxis.range
    assert tuple(figure.layout.yaxis2.range) == (low, high)  # one scale: panels can be compared
    assert low < 0 < high
    lower = {trace.name: trace for trace in figure.data if trace.yaxis == "y2"}
    upper = {trace.name: trace for trace in figure.data if trace.yaxis == "y"}
    for cell, one in trained.items():
        with np.errstate(divide="ignore"):
            expected = np.clip(np.log10(one.median), low, high)
        assert list(lower[cell].y) == pytest.approx(expected.tolist())
        assert set(upper[cell].y) == {0.0}
        assert "after training" in lower[cell].hovertext[0]
    assert "1" in figure.layout.yaxis.ticktext


def left(*changes: float, reach: float = 0.01) -> Leftover:
    change = np.array(changes)
    fresh = np.full(len(changes), 0.6)
    return Leftover(np.full(len(changes), 9), fresh, fresh + change, change - reach, change + reach)


ODD_LEFTOVERS = {
    "plain": {"gru": left(-0.2, -0.1, 0.0), "rnn": left(-0.1, 0.0)},
    "one click": {"gru": left(-0.2)},
    "nothing lost": {"lstm": left(0, 0, reach=0.0)},
    "gained": {"rnn": left(0.3, 0.2)},
    "all lost": {"rnn": left(-0.6, -0.6, reach=0.4)},
    "a little gained": {"rnn": left(-0.28, -0.02, 0.0)},
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("odd", ODD_LEFTOVERS)
def test_leftovers(odd, theme):
    figure = leftover_figure(ODD_LEFTOVERS[odd], theme)
    figure.to_json()
    drawn = {trace.name: trace for trace in figure.data}
    low, high = figure.layout.yaxis.range
    assert "0" in figure.layout.yaxis.ticktext
    apart = np.diff(figure.layout.yaxis.tickvals)
    assert (apart > (high - low) / 10).all()  # no number is written into another
    for cell, one in ODD_LEFTOVERS[odd].items():
        assert list(drawn[cell].y) == pytest.approx((100 * one.change).tolist())
        assert low <= min(drawn[f"{cell} interval"].y)
        assert max(drawn[f"{cell} interval"].y) <= high
        assert "instead of 60.0" in drawn[cell].hovertext[0]


def sizes(right, units=(16, 32, 64), asked=10) -> BySize:
    return BySize(np.array(units), np.array(right), np.full(len(units), asked), 20)


ODD_SIZES = {
    "plain": ({"gru": sizes([1, 9, 10]), "lstm": sizes([2, 9, 10]), "rnn": sizes([1, 2, 1])}, 0.125),
    "reset after": ({"gru_after": sizes([1, 9, 10])}, 0.125),
    "one size": ({"gru": sizes([10], (64,))}, 0.5),
    "no chance": ({"gru": sizes([0, 0, 0])}, 0.0),
    "sure": ({"gru": sizes([10, 10, 10])}, 1.0),
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("odd", ODD_SIZES)
def test_sizes(odd, theme):
    by_cell, chance = ODD_SIZES[odd]
    figure = cell_sizes_figure(by_cell, chance, theme)
    figure.to_json()
    drawn = {trace.name: trace for trace in figure.data}
    for cell, one in by_cell.items():
        assert list(drawn[cell].x) == list(range(len(one.units)))
        assert list(drawn[cell].y) == pytest.approx(one.shares.tolist())
        low, high = one.intervals
        assert list(drawn[f"{cell} interval"].y) == pytest.approx([*high, *reversed(low)])
        assert f"{one.units[0]} units" in drawn[cell].hovertext[0]
        assert list(figure.layout.xaxis.ticktext) == [str(units) for units in one.units]
    assert "chance" in figure.layout.yaxis.ticktext
    line = figure.layout.shapes[1]
    assert (line.y0, line.y1) == (chance, chance)


DRAWN = {
    "sizes": lambda theme: cell_sizes_figure(*ODD_SIZES["plain"], theme),
    "detours": lambda theme: detours_figure(*ODD_DETOURS["plain"], theme),
    "gradients": lambda theme: gradient_distance_figure(*[ODD_GRADIENTS["plain"]] * 2, theme),
    "leftovers": lambda theme: leftover_figure(ODD_LEFTOVERS["plain"], theme),
}


@pytest.mark.parametrize("figure", DRAWN)
def test_a_theme_that_is_none(figure):
    with pytest.raises(ValueError, match="theme must be"):
        DRAWN[figure]("sepia")
