"""Do the smaller figures of the Memory page show the numbers of their values?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gru_viz.explain.gradient import GradientFlow
from gru_viz.explain.reset import ResetEffect
from gru_viz.figures import (
    forgetting_figure,
    gradient_figure,
    half_lives_figure,
    lens_figure,
    log_memory_figure,
    remembering_figure,
    reset_figure,
)
from gru_viz.figures.palette import CLICKED, INK, QUANTITIES
from tests.figures.conftest import build_trace
from tests.figures.values import (
    build_forgetting,
    build_gradient,
    build_lens,
    build_log_memory,
    build_remembering,
    build_reset,
    named,
    seen,
    words_of,
)

# --- half-lives


def test_units_are_counted_in_fixed_bins():
    lives = np.array([0, 0.49, 0.5, 1, 1.99, 2, 7, 19.9, 20, 1e300, np.inf])
    bars = named(half_lives_figure(lives), "units")
    np.testing.assert_array_equal(bars.y, [2, 1, 2, 1, 1, 1, 3])
    assert list(bars.text) == ["2", "1", "2", "1", "1", "1", "3"]
    assert bars.hovertext[0] == "2 of 11 units: under ½ clicks"


def test_one_unit_is_not_called_units():
    assert "1 of 1 unit: 1–2 clicks" in named(half_lives_figure(np.array([1.5])), "units").hovertext


# --- remembering


@pytest.mark.parametrize("clicked", [True, False])
def test_overlap_and_rank_of_the_item_followed(trace, clicked):
    value = build_remembering(trace, 4, clicked)
    figure = remembering_figure(value, trace, 4)
    np.testing.assert_array_equal(named(figure, "overlap").y, value.overlap)
    np.testing.assert_array_equal(named(figure, "rank").y, value.rank)
    written = named(figure, "ranks written out")
    assert list(written.text) == [f"{rank:,}" for rank in value.rank]
    assert written.textfont.color == (CLICKED if clicked else INK)["light"]
    said = "clicked next" if clicked else "recommended first"
    assert f"Rank of {trace.catalog.titles[value.item]} {said}" in words_of(figure)


def test_rank_1_is_on_top_of_a_logarithmic_axis(trace):
    value = build_remembering(trace, 5)
    axis = remembering_figure(value, trace, 5).layout.yaxis2
    assert axis.type == "log"
    assert axis.range[1] < 0 < np.log10(value.rank.max()) < axis.range[0]


def test_points_are_named_by_how_many_clicks_were_shown():
    trace = build_trace(clicks=200)
    last = np.array([1, 2, 3, 50, 200])
    value = replace(build_remembering(trace, 4), last=last)
    figure = remembering_figure(value, trace, 199)
    assert list(figure.layout.xaxis2.ticktext) == ["1", "2", "3", "50", "200"]
    texts = [seen(text) for text in named(figure, "overlap").hovertext]
    assert texts[0].startswith("the last click alone from click 200 ")
    assert texts[3].startswith("the last 50 clicks from click 151 ")
    assert texts[4].startswith("the last 200 clicks from click 1 ")


# --- log memory


def test_recall_from_last_clicks_and_from_the_whole_session():
    figure = log_memory_figure(build_log_memory())
    bars = named(figure, "recall")
    np.testing.assert_array_equal(bars.x, [0.31, 0.42, 0.5, 0.57, 0.702])
    assert list(bars.marker.opacity)[-1] == 1 > max(bars.marker.opacity[:-1])
    words = words_of(figure)
    assert words[:2] == ["Recall@20 from", "12,345 next clicks of 2,000 sessions"]
    assert words[2:7] == [
        "the last click", "the last 2 clicks", "the last 3 clicks", "the last 5 clicks", "the whole session",
    ]  # fmt: skip
    assert words[7:] == ["31.0 %", "42.0 %", "50.0 %", "57.0 %", "70.2 %"]
    assert seen(named(figure, "rows").hovertext[-1]) == "the whole session Recall@20 70.2 %, MRR@20 0.351"


def test_a_model_that_never_hits_still_has_an_axis():
    nothing = replace(build_log_memory(), recall=np.zeros(4), full_recall=0.0)
    assert log_memory_figure(nothing).layout.xaxis.range == (0, 1)


# --- forgetting


@pytest.mark.parametrize("click", [0, 2, 5])
def test_curves_are_shares_of_their_first_value(trace, click):
    value = build_forgetting(trace, click)
    figure = forgetting_figure(value, trace)
    for name in ("predicted", "state", "moved"):
        curve = getattr(value, name)
        np.testing.assert_allclose(named(figure, name).y, curve / curve[0])
    assert named(figure, "predicted").line.dash == "dash"
    assert named(figure, "predicted").line.color == QUANTITIES["z"].light
    assert named(figure, "state").line.color == QUANTITIES["h"].light
    assert seen(named(figure, "state").hovertext[0]).startswith(f"at the click itself click {click + 1} ")


@pytest.mark.parametrize("moved", [[np.nan] * 6, [0.0] * 6])
def test_what_is_not_known_is_left_out(trace, moved):
    figure = forgetting_figure(build_forgetting(trace, moved=moved), trace)
    assert set(named(figure, "moved").y) == {None}


def test_a_curve_that_rises_stays_inside(trace):
    value = build_forgetting(trace, moved=[0.1, 0.4, 0.1, 0.1, 0.1, 0.1])
    assert forgetting_figure(value, trace).layout.yaxis.range[1] > 4


# --- lens


def test_three_lists_on_one_scale(trace):
    lens = build_lens(trace)
    figure = lens_figure(lens, trace.catalog)
    for row, name in enumerate(("memory", "click", "blend")):
        np.testing.assert_array_equal(named(figure, name).x, lens.probability[row])
    ranges = {axis.range for axis in (figure.layout.xaxis, figure.layout.xaxis2, figure.layout.xaxis3)}
    assert len(ranges) == 1
    assert ranges.pop()[1] > lens.probability.max()


def test_items_that_the_blend_lists_too_are_bold(trace):
    lens = build_lens(trace)
    blend = {trace.catalog.titles[item] for item in lens.items[2]}
    figure = lens_figure(lens, trace.catalog)
    titles = [a for a in figure.layout.annotations if a.yref == "y"]
    for place, annotation in enumerate(titles):
        assert ("<b>" in annotation.text) == (place < 10 and seen(annotation.text) in blend)


def test_a_title_takes_two_lines_at_most():
    trace = build_trace(titles=("one two three four five six seven eight nine", "x" * 90, ""))
    for annotation in lens_figure(build_lens(trace), trace.catalog).layout.annotations:
        lines = annotation.text.split("<br>")
        assert len(lines) <= 2
        if annotation.yref == "y":
            assert max(len(seen(line)) for line in lines) <= 16


# --- reset


@pytest.mark.parametrize("step", [0, 3, 5])
def test_bars_end_with_the_step_and_keep_their_scale(trace, step):
    effect = build_reset(trace)
    figure = reset_figure(effect, trace, step)
    np.testing.assert_array_equal(named(figure, "relative").y, effect.relative[: step + 1])
    np.testing.assert_array_equal(named(figure, "moved").y, effect.moved[: step + 1])
    assert named(figure, "relative").marker.color == QUANTITIES["r"].light
    last = reset_figure(effect, trace, 5).layout
    assert (figure.layout.yaxis.range, figure.layout.yaxis2.range) == (last.yaxis.range, last.yaxis2.range)
    assert figure.layout.yaxis.range[1] > effect.relative.max()
    assert figure.layout.yaxis2.range[1] > effect.moved.max()
    frames = [shape for shape in figure.layout.shapes if shape.name == "current click"]
    assert [(frame.x0, frame.x1) for frame in frames] == [(step + 0.5, step + 1.5)] * 2


def test_a_reset_gate_that_changes_nothing_still_has_axes(trace):
    nothing = ResetEffect(*[np.zeros(6)] * 2, np.ones(6), np.ones(6), np.zeros(6), np.ones(6), 10)
    assert reset_figure(nothing, trace, 5).layout.yaxis.range[1] > 0


# --- gradient


def test_norms_and_shares(trace):
    flow = build_gradient(6)
    figure = gradient_figure(flow, trace)
    np.testing.assert_array_equal(named(figure, "norm").y, flow.norm)
    direct, rest = named(figure, "direct"), named(figure, "rest")
    np.testing.assert_array_equal(direct.y, flow.share)
    np.testing.assert_array_equal(rest.base, flow.share)
    np.testing.assert_allclose(np.add(direct.y, rest.y), 1)
    assert direct.marker.color == QUANTITIES["z"].light
    assert figure.layout.yaxis.type is None


def test_a_wide_span_is_logarithmic_and_leaves_zeros_out(trace):
    figure = gradient_figure(build_gradient(6, [0, 1e-9, 1e-6, 1e-3, 0.1, 1]), trace)
    assert figure.layout.yaxis.type == "log"
    assert list(named(figure, "norm").y) == [None, 1e-9, 1e-6, 1e-3, 0.1, 1]
    low, high = figure.layout.yaxis.range
    assert low < -9
    assert high > 0
    assert len(figure.layout.yaxis.ticktext) <= 4
    assert any("logarithmic" in text for text in words_of(figure))


@pytest.mark.parametrize("norm", [[5e-324, 1, 1], [np.finfo(float).max, 1, 1], [0, 0, 1], [np.nan, 0.5, 1]])
def test_the_ends_of_floating_point(trace, norm):
    figure = gradient_figure(build_gradient(3, norm), trace)
    assert np.isfinite(figure.layout.yaxis.range).all()
    assert np.isfinite(10.0 ** np.array(figure.layout.yaxis.range)).all()


def test_a_share_that_is_not_known_is_left_out(trace):
    flow = GradientFlow(np.ones(2), np.ones(2), np.array([np.nan, 1.0]), np.ones((2, 3)))
    figure = gradient_figure(flow, trace)
    assert np.isnan(named(figure, "rest").y[0])
