"""Do leaderboard and learning curves show the numbers of the comparison, odd ones too?"""

from __future__ import annotations

import math

import pytest

from gru_viz.compare.names import NAMES
from gru_viz.compare.values import Comparison, Round
from gru_viz.explain.words import NBSP
from gru_viz.figures import leaderboard_figure, learning_curves_figure
from tests.compare.values import EVERY, comparison
from tests.figures.values import named, seen, words_of

SPARSE = {0.3: {"popularity": 0.3, "markov": 0.7, "fpmc": 0.8, "gru": 0.75}, 0.1: {"fpmc": 0.7, "gru": 0.5}}


def test_a_dot_a_model_best_first_with_its_interval():
    figure = leaderboard_figure(comparison())
    dots = named(figure, "recall")
    assert list(dots.x) == [0.9, 0.85, 0.8, 0.3]
    assert list(dots.error_x.array) == pytest.approx([0.02] * 4)
    assert list(dots.error_x.arrayminus) == pytest.approx([0.02] * 4)
    assert len(set(dots.marker.color)) == 2  # GRU4Rec and all others
    said = words_of(figure)
    assert [text for text in said if text in ("GRU4Rec", "FPMC", "Markov chain", "popularity")] == [
        "GRU4Rec", "FPMC", "Markov chain", "popularity"
    ]  # fmt: skip
    assert ".900" in said


def test_the_axis_begins_at_0_and_holds_the_limit():
    low, high = leaderboard_figure(comparison()).layout.xaxis.range
    assert low == 0
    assert 0.95 < high < 1
    assert "┄ limit .950" in words_of(leaderboard_figure(comparison()))
    without = leaderboard_figure(comparison(limit=None))
    assert not any("limit" in text for text in words_of(without))


def test_hovering_tells_all_of_it():
    rows = named(leaderboard_figure(comparison()), "rows")
    assert seen(rows.hovertext[0]) == (
        f"GRU4Rec Recall@20 .900, .880–.920, 94.7{NBSP}% of the limit MRR@20 .450, .440–.460"
    )


def test_a_curve_a_model_over_the_sessions_it_learned_from():
    figure = learning_curves_figure(comparison(shares=SPARSE), ["gru", "fpmc"])
    gru = named(figure, "gru")
    assert list(gru.x) == pytest.approx([math.log10(n) for n in (90, 270, 900)])
    assert list(gru.y) == [0.5, 0.75, 0.9]
    assert list(figure.layout.xaxis.ticktext) == ["90", "270", "900"]
    assert {trace.name for trace in figure.data} == {"gru", "fpmc"}
    assert {"GRU4Rec .900", "FPMC .850"} <= set(words_of(figure))


def test_where_a_model_was_not_measured_its_curve_has_no_point():
    figure = learning_curves_figure(comparison(shares=SPARSE), ["markov"])
    assert list(named(figure, "markov").y) == [0.7, 0.8]


def test_the_axis_holds_every_whisker_and_says_where_it_is():
    figure = learning_curves_figure(comparison(shares=SPARSE), ["gru", "fpmc"])
    low, high = figure.layout.yaxis.range
    assert low < 0.48 < 0.92 < high
    assert all(low <= mark <= high for mark in figure.layout.yaxis.tickvals)
    assert len(figure.layout.yaxis.tickvals) >= 2


def test_every_model_has_a_look_of_its_own():
    figure = learning_curves_figure(comparison(EVERY), list(NAMES))
    looks = {(trace.line.color, trace.line.dash) for trace in figure.data}
    assert len(looks) == len(NAMES)


ODD = {
    "one model": comparison({"gru": 0.5}),
    "never right": comparison({"gru": 0.0, "markov": 0.0}, limit=None),
    "always right": comparison({"gru": 1.0}, {0.1: {"gru": 1.0}}, limit=1.0, width=0.0),
    "every model": comparison(EVERY, {0.1: EVERY}),
    "hostile log": comparison(log="<script>alert(1)</script>"),
    "one session twice": comparison({"gru": 0.5}, {0.9: {"gru": 0.5}}),
    "stopped in a round": Comparison(
        comparison().about, (comparison().whole, Round(0.1, 1, comparison({"gru": 0.2}).whole.models, ()))
    ),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ODD)
def test_odd_comparisons_are_drawn(name, theme):
    found = ODD[name]
    for figure in (
        leaderboard_figure(found, theme),
        learning_curves_figure(found, [model.name for model in found.whole.models], theme),
        learning_curves_figure(found, [], theme),
    ):
        figure.to_json()
        for axis in (figure.layout.xaxis, figure.layout.yaxis):
            low, high = axis.range
            assert math.isfinite(low)
            assert math.isfinite(high)
            assert low != high


def test_there_are_two_themes():
    for figure in (leaderboard_figure, lambda found, theme: learning_curves_figure(found, ["gru"], theme)):
        with pytest.raises(ValueError, match="theme"):
            figure(comparison(), "blue")
