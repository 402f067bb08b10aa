"""Does each row show its item's own three parts, from one zero?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.explain.split import Split
from gru_viz.figures import memory_or_click
from gru_viz.figures.memory_or_click import FIGURE_SPACE
from gru_viz.figures.palette import MUTED, QUANTITIES
from tests.figures.conftest import build_trace
from tests.figures.values import build_split, named, notes_of, seen, words_of


@pytest.fixture
def split(trace):
    return build_split(trace)


def test_bars_are_the_parts_of_the_scores(trace, split):
    figure = memory_or_click(split, trace.catalog)
    for name in ("memory", "click", "bias"):
        np.testing.assert_array_equal(named(figure, name).x, getattr(split, name))
    total = sum(np.asarray(named(figure, name).x) for name in ("memory", "click", "bias"))
    np.testing.assert_allclose(total, split.score)


def test_every_bar_lies_within_the_axis_and_its_row(trace, split):
    figure = memory_or_click(split, trace.catalog)
    low, high = figure.layout.xaxis.range
    assert low <= 0 <= high
    for name in ("memory", "click", "bias"):
        bars = named(figure, name)
        assert low <= min(bars.x)
        assert max(bars.x) <= high
        np.testing.assert_array_equal(np.floor(np.array(bars.y) - bars.width / 2), np.arange(len(split)))
        np.testing.assert_array_equal(np.floor(np.array(bars.y) + bars.width / 2), np.arange(len(split)))


def test_colors_are_those_of_memory_and_candidate(trace, split):
    figure = memory_or_click(split, trace.catalog, "dark")
    shown = {name: named(figure, name).marker.color for name in ("memory", "click", "bias")}
    assert shown == {
        "memory": QUANTITIES["h"].dark,
        "click": QUANTITIES["candidate"].dark,
        "bias": MUTED["dark"],
    }


def test_labels_are_places_titles_and_scores_and_the_chosen_is_bold():
    trace = build_trace(titles=("Mug", "<Lamp>"), items=[0] * 6)
    values = np.array([1.0, -2.0])
    split = Split(np.array([1, 0]), values, values / 2, values / 4, 1.75 * values, np.array([1.0, 2.0]))
    figure = memory_or_click(split, trace.catalog, chosen=0)
    assert words_of(figure)[2:] == ["1  <Lamp>", "1.75", "2  Mug", "−3.50"]
    bold = ["<b>" in text for _, _, text, *_ in notes_of(figure)[2:]]
    assert bold == [False, False, True, True]


@pytest.mark.parametrize(("rank", "shown"), [(145.0, "145"), (np.nan, "–")])
def test_an_item_behind_the_best_stands_apart_with_its_rank(rank, shown):
    trace = build_trace(titles=("Mug", "Lamp", "Tripod"), items=[0] * 6)
    split = Split(np.array([0, 1, 2]), *np.ones((4, 3)), np.array([1.0, 2.0, rank]))
    figure = memory_or_click(split, trace.catalog)
    label = words_of(figure)[6]
    assert label.replace(FIGURE_SPACE, "") == f"{shown}  Tripod"
    first, second, last = named(figure, "rows").y
    assert last - second > second - first == 1
    assert figure.layout.yaxis.range[0] == last + 0.5
    for name in ("memory", "click", "bias"):
        bars = named(figure, name)
        assert last - 0.5 < bars.y[2] - bars.width / 2 < bars.y[2] + bars.width / 2 < last + 0.5


def test_hovering_tells_the_whole_sum():
    trace = build_trace(titles=("Mug",))
    split = Split(np.array([0]), *np.array([[1.25], [-0.5], [0.125], [0.875]]), np.ones(1))
    (text,) = named(memory_or_click(split, trace.catalog), "rows").hovertext
    assert seen(text) == "Mug memory 1.25 click −0.50 bias 0.12 sum = score 0.88"


def test_nothing_but_zeros_still_has_an_axis(trace):
    nothing = np.zeros(2)
    figure = memory_or_click(Split(np.array([0, 1]), *[nothing] * 4, np.array([1.0, 2.0])), trace.catalog)
    assert figure.layout.xaxis.range == (0, 1)


def test_height_grows_by_the_row(trace):
    heights = [memory_or_click(build_split(trace, k), trace.catalog).layout.height for k in (1, 2, 5)]
    assert heights[2] - heights[1] == 3 * (heights[1] - heights[0])
