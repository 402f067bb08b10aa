"""Do the figures of a model's quality show the numbers of their values?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gru_viz.explain.words import NBSP
from gru_viz.figures import quality_bars, quality_by
from gru_viz.learn.breakdown import Bin, Breakdown
from gru_viz.learn.intervals import Intervals, Measured
from gru_viz.learn.quality import Quality
from tests.figures.values import (
    build_breakdown,
    build_intervals,
    build_measured,
    build_quality,
    named,
    seen,
    words_of,
)

ROWS = [
    Measured("mine", Quality({20: 0.6}, {20: 0.3}, 1234), Intervals({20: (0.55, 0.67)}, {20: (0.25, 0.31)})),
    Measured("markov", Quality({20: 0.7}, {20: 0.2}, 1234), Intervals({20: (0.66, 0.75)}, {20: (0.1, 0.3)})),
]


def test_a_bar_a_row_and_a_whisker_to_each_end_of_its_interval():
    figure = quality_bars(ROWS)
    for name, values, below, above in [
        ("recall", [0.6, 0.7], [0.05, 0.04], [0.07, 0.05]),
        ("mrr", [0.3, 0.2], [0.05, 0.1], [0.01, 0.1]),
    ]:
        drawn = named(figure, name)
        assert list(drawn.x) == values
        assert list(drawn.error_x.arrayminus) == pytest.approx(below)
        assert list(drawn.error_x.array) == pytest.approx(above)
        assert drawn.error_x.visible
        assert drawn.marker.opacity[0] == 1 > drawn.marker.opacity[1]
    assert (named(figure, "recall").xaxis, named(figure, "mrr").yaxis) == ("x", "y2")


def test_both_axes_begin_at_0_and_hold_every_whisker():
    figure = quality_bars(ROWS)
    assert list(figure.layout.xaxis.range) == [0, 0.75]
    assert list(figure.layout.xaxis2.range) == [0, 0.31]


def test_figures_and_intervals_are_written():
    said = words_of(quality_bars(ROWS))
    assert said[:3] == ["Recall@20", "whiskers: 95 % of 1,000 resamples of the sessions", "MRR@20"]
    assert said[3:] == [
        *["mine", "markov"] * 2,
        *[".550–.670 .600", ".660–.750 .700", ".250–.310 .300", ".100–.300 .200"],
    ]


def test_hovering_a_row_tells_all_of_it():
    hover = [trace.hovertext for trace in quality_bars(ROWS).data if trace.name == "rows"]
    assert len(hover) == 2
    for texts in hover:
        assert seen(texts[0]) == (
            "mine Recall@20 .600, .550–.670 MRR@20 .300, .250–.310 1,234 predictions, conservative ranks"
        )


def test_without_intervals_no_whisker_is_drawn_or_told():
    figure = quality_bars(build_measured(["a", "b"], sure=False))
    assert not named(figure, "recall").error_x.visible
    assert not [text for text in words_of(figure) if "whiskers" in text]
    assert ".700" in words_of(figure)


def test_another_cutoff():
    rows = [Measured("a", build_quality(k=5), build_intervals(k=5))]
    assert {"Recall@5", "MRR@5"} <= set(words_of(quality_bars(rows, k=5)))


def test_a_model_that_is_never_right_has_an_axis():
    figure = quality_bars([Measured("a", build_quality(0.0), None)])
    assert list(figure.layout.xaxis.range) == [0, 1]


def test_a_value_outside_its_interval_has_no_whisker_the_wrong_way():
    """A percentile interval need not hold the figure it belongs to."""
    row = replace(ROWS[0], intervals=Intervals({20: (0.61, 0.7)}, {20: (0.1, 0.2)}))
    figure = quality_bars([row])
    assert list(named(figure, "recall").error_x.arrayminus) == [0]
    assert list(named(figure, "mrr").error_x.array) == [0]


# --- by position, by length

BINS = (
    Bin(1, 1, 0.745, build_quality(0.5), build_intervals(0.5)),
    Bin(6, 10, 0.25, build_quality(0.75), build_intervals(0.75)),
    Bin(21, None, 0.005, build_quality(0.25), build_intervals(0.25, width=0.5)),
)


def test_a_point_a_bin_with_its_interval_and_its_share():
    figure = quality_by(Breakdown("position", BINS))
    line, shares = named(figure, "model"), named(figure, "shares")
    assert list(line.y) == [0.5, 0.75, 0.25]
    assert list(line.error_y.array) == pytest.approx([0.05, 0.05, 0.5])
    assert list(line.error_y.arrayminus) == pytest.approx([0.05, 0.05, 0.25])
    assert list(figure.layout.xaxis.ticktext) == ["1", "6–10", "21+"]
    assert list(shares.y) == [0.745, 0.25, 0.005]
    assert list(map(seen, shares.text)) == [f"74{NBSP}%", f"25{NBSP}%", f"<1{NBSP}%"]
    low, high = figure.layout.yaxis2.range
    assert low == 0 < 0.745 < high


def test_recall_is_drawn_from_0_to_1_whatever_it_is():
    for one in (build_breakdown(recall=0.01), build_breakdown(recall=1.0)):
        low, high = quality_by(one).layout.yaxis.range
        assert low < 0 < 1 < high
        assert high - 1 == pytest.approx(-low)


@pytest.mark.parametrize(
    ("by", "title", "caption", "hovered"),
    [
        ("position", "place in the session", "prediction; 1 is the session's second click", "prediction 1"),
        ("length", "length of the session", "clicks in the session", "clicks 1"),
    ],
)
def test_what_it_is_by_is_told(by, title, caption, hovered):
    figure = quality_by(Breakdown(by, BINS), name="mine")
    said = words_of(figure)
    assert said[0] == f"Recall@20 by {title}"
    assert said[-2:] == ["share of the predictions", caption]
    hover = seen(named(figure, "model").hovertext[0])
    assert hover == (
        f"mine, {hovered} Recall@20 .500, .450–.550 MRR@20 .250, .225–.275 "
        f"1,234 predictions, 74.5{NBSP}% of all"
    )


def test_another_scorer_beside_is_dashed_and_has_no_whiskers():
    figure = quality_by(build_breakdown(), beside=("markov", build_breakdown(recall=0.3)))
    other = named(figure, "beside")
    assert other.line.dash == "dash"
    assert not other.error_y.visible
    assert list(other.y) == [one.quality.recall[20] for one in build_breakdown(recall=0.3).bins]
    assert any("model" in text and "markov" in text for text in words_of(figure))
    assert figure.data[-2].name == "model"  # drawn over the other
