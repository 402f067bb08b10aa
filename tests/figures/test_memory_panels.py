"""Do the smaller figures of the Memory page show the numbers of their values?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gru_viz.explain.forgetting import Forgetting
from gru_viz.explain.gradient import GradientFlow
from gru_viz.explain.lens import STATES, Lens
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
from gru_viz.figures.palette import CLICKED, INK, MUTED, QUANTITIES
from gru_viz.figures.style import share
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
    assert words[7:] == [".310", ".420", ".500", ".570", ".702"]
    assert seen(named(figure, "rows").hovertext[-1]) == "the whole session Recall@20 .702, MRR@20 .351"


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
    assert list(named(figure, "state").x) == list(range(click + 1, 7))


@pytest.mark.parametrize(
    ("cell", "keeps", "state", "legend"),
    [
        ("lstm", QUANTITIES["f"].light, "c", "carried, as the gates foretell measured: — in the memory"),
        ("rnn", MUTED["light"], "h", "carried (no gate keeps it) measured: — in the state"),
    ],
)
def test_curves_of_other_cells_are_named_for_what_they_carry(trace, cell, keeps, state, legend):
    figure = forgetting_figure(replace(build_forgetting(trace), cell=cell), trace)
    assert named(figure, "predicted").line.color == keeps
    assert named(figure, "state").line.color == QUANTITIES[state].light
    assert legend in words_of(figure)[1]
    assert legend.partition(" measured")[0] in seen(named(figure, "state").hovertext[2])


def test_the_current_click_is_framed_where_the_curves_end(trace):
    value = build_forgetting(trace.prefix(4), click=1)
    figure = forgetting_figure(value, trace)
    (frame,) = (shape for shape in figure.layout.shapes if shape.name == "current click")
    assert (frame.x0, frame.x1) == (3.5, 4.5)
    assert list(figure.layout.xaxis.ticktext) == ["2", "3", "4"]
    assert words_of(figure)[0] == f"What is left of click 2  {trace.catalog.titles[trace.items[1]]}"


def test_hovering_tells_the_shares_that_are_drawn(trace):
    value = build_forgetting(trace, click=1)
    figure = forgetting_figure(value, trace)
    state, moved = (float(named(figure, name).y[2]) for name in ("state", "moved"))
    text = seen(named(figure, "state").hovertext[2])
    assert text.startswith(f"4  {trace.catalog.titles[trace.items[3]]} 2 clicks later, left of")
    assert f"in the state: {share(state)}" in text
    assert f"in the recommendations: {share(moved)} ({share(value.moved[2])} of the" in text


@pytest.mark.parametrize("moved", [[np.nan] * 6, [0.0] * 6])
def test_a_curve_that_is_not_known_is_neither_drawn_nor_named(trace, moved):
    figure = forgetting_figure(build_forgetting(trace, moved=moved), trace)
    assert [line.name for line in figure.data] == ["predicted", "state"]
    assert words_of(figure)[1] == "– – carried, as the gates foretell measured: — in the state"


def test_where_nothing_is_known_nothing_is_named(trace):
    nothing = np.full(6, np.nan)
    figure = forgetting_figure(Forgetting(0, nothing, nothing, nothing, nothing, 0), trace)
    assert len(figure.data) == 0
    assert words_of(figure)[1] == ""


def test_a_curve_that_rises_stays_inside(trace):
    value = build_forgetting(trace, moved=[0.1, 0.4, 0.1, 0.1, 0.1, 0.1])
    assert forgetting_figure(value, trace).layout.yaxis.range[1] > 4


# --- lens


def test_three_lists_on_one_scale(trace):
    lens = build_lens(trace)
    figures = [lens_figure(lens, trace.catalog, state=state) for state in STATES]
    for row, (state, figure) in enumerate(zip(STATES, figures, strict=True)):
        np.testing.assert_array_equal(named(figure, state).x, lens.probability[row])
        titles = [trace.catalog.titles[item] for item in lens.items[row]]
        assert words_of(figure)[2:] == [*titles, *(seen(share(one)) for one in lens.probability[row])]
    assert {figure.layout.xaxis.range for figure in figures} == {(0, lens.probability.max())}
    assert len({figure.layout.height for figure in figures}) == 1


def test_items_that_the_blend_lists_too_are_bold(trace):
    lens = build_lens(trace)
    blend = {trace.catalog.titles[item] for item in lens.items[2]}
    for state in STATES:
        figure = lens_figure(lens, trace.catalog, state=state)
        labels = [a for a in figure.layout.annotations if a.yref == "y" and a.xanchor == "left"]
        assert len(labels) == 5
        for label in labels:
            assert ("<b>" in label.text) == (state != "blend" and seen(label.text) in blend)


@pytest.mark.parametrize("state", STATES)
def test_a_title_stands_on_one_line_that_fits_a_phone(state):
    trace = build_trace(titles=("one two three four five six seven eight nine", "x" * 90, "", "<b>"))
    for text in words_of(lens_figure(build_lens(trace), trace.catalog, "dark", state)):
        assert len(text) <= 36


def test_what_an_lstm_shows_is_named_so(trace):
    lens = replace(build_lens(trace), cell="lstm")
    captions = [words_of(lens_figure(lens, trace.catalog, state=state))[1] for state in lens.states]
    assert captions == [
        "what was shown before the click",
        "what it would show of its candidate",
        "what is shown after it, as recommended",
    ]


def test_a_vanilla_rnn_has_two_lists(trace):
    three = build_lens(trace)
    lens = Lens(three.items[[0, 2]], three.probability[[0, 2]], three.step, "rnn")
    assert lens.states == ("memory", "blend")
    figures = [lens_figure(lens, trace.catalog, state=state) for state in lens.states]
    assert [words_of(figure)[0] for figure in figures] == ["Memory alone", "After the click"]
    np.testing.assert_array_equal(named(figures[1], "blend").x, lens.probability[1])
    assert seen(named(figures[1], "rows").hovertext[0]).endswith(
        f"after the click: rank 1, probability {100 * lens.probability[1, 0]:.2f} %"
    )


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


def test_bars_are_named_in_percent_that_fit_above_them(trace):
    effect = replace(build_reset(trace), relative=np.array([0, 0.004, 0.0999, 0.1, 0.987, 1.226]))
    texts = named(reset_figure(effect, trace, 5), "relative").text
    assert [text.replace("\u00a0", " ") for text in texts] == [
        "0 %", "0.4 %", "10.0 %", "10 %", "99 %", "123 %",
    ]  # fmt: skip


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


def test_an_lstms_memory_goes_straight_through_its_forget_gate(trace):
    flow = replace(build_gradient(6), cell="lstm", paths=np.full((6, 4), 0.25))
    figure = gradient_figure(flow, trace)
    assert named(figure, "norm").line.color == QUANTITIES["c"].light
    assert named(figure, "direct").marker.color == QUANTITIES["f"].light
    said = words_of(figure)
    assert "Size of ∂c6 ∕ ∂ct" in said
    assert [text for text in said if text.startswith("■ straight through (f)")]
    alone = "of this click alone: direct 0.25, forget gate 0.25, input gate 0.25, candidate 0.25"
    assert alone in seen(named(figure, "norm").hovertext[0])


def test_nothing_of_a_vanilla_rnn_goes_straight_through(trace):
    flow = replace(build_gradient(6), cell="rnn", paths=np.full((6, 2), 0.25))
    figure = gradient_figure(flow, trace)
    assert [line.name for line in figure.data] == ["norm"]
    assert not [text for text in words_of(figure) if "straight" in text]
    assert "straight" not in seen(named(figure, "norm").hovertext[0])
    assert figure.layout.xaxis.showticklabels
    assert figure.layout.yaxis.domain == (0, 1)
    assert figure.layout.height < gradient_figure(build_gradient(6), trace).layout.height


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


def test_hovering_has_two_digits_of_any_size(trace):
    flow = GradientFlow(np.array([1.5e-9, 0.5]), np.zeros(2), np.array([0.0, 1.0]), np.full((2, 3), -0.125))
    first, second = (seen(text) for text in named(gradient_figure(flow, trace), "norm").hovertext)
    assert "size 1.5\u00a0×\u00a010⁻⁹, straight through 0.00 (" in first
    assert "size 0.50," in second
    assert second.count("−0.12") == 3


def test_a_share_that_is_not_known_is_left_out(trace):
    flow = GradientFlow(np.ones(2), np.ones(2), np.array([np.nan, 1.0]), np.ones((2, 3)))
    figure = gradient_figure(flow, trace)
    assert np.isnan(named(figure, "rest").y[0])
