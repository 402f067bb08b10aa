"""Is every cell the share it says, and is the future blank?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.figures import retention_triangle
from gru_viz.figures.palette import LINE, MUTED
from tests.figures.conftest import build_trace
from tests.figures.values import build_retention, named, seen, words_of


@pytest.mark.parametrize("step", [0, 2, 5])
def test_cells_are_the_shares_and_what_has_not_happened_is_blank(trace, step):
    retention = build_retention(trace)
    cells = named(retention_triangle(retention, trace, step), "shares")
    assert np.shape(cells.z) == (len(trace) + 1, step + 1)
    for t in range(step + 1):
        np.testing.assert_array_equal(cells.z[: t + 2, t], retention.shares[t, : t + 2])
        assert np.isnan(cells.z[t + 2 :, t]).all()
    assert (cells.zmin, cells.zmax) == (0, 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scale_is_named_in_the_themes_colours(trace, theme):
    bar = named(retention_triangle(build_retention(trace), trace, 5, theme), "shares").colorbar
    assert (list(bar.tickvals), list(bar.ticktext)) == ([0, 1], ["0", "100 %"])
    assert (bar.outlinecolor, bar.tickfont.color) == (LINE[theme], MUTED[theme])


def test_axes_and_place_do_not_depend_on_the_step(trace):
    retention = build_retention(trace)
    early, late = (retention_triangle(retention, trace, step) for step in (0, 5))
    assert early.layout.xaxis == late.layout.xaxis
    assert early.layout.yaxis == late.layout.yaxis
    assert early.layout.height == late.layout.height
    assert early.layout.yaxis.range == (6.5, -0.5)  # the start on top


def test_no_tick_runs_through_the_numbers_beside_the_map(trace):
    layout = retention_triangle(build_retention(trace), trace, 2).layout
    assert (layout.xaxis.ticks, layout.yaxis.ticks) == ("", "")


def test_the_current_click_is_framed(trace):
    figure = retention_triangle(build_retention(trace), trace, 2)
    (frame,) = (shape for shape in figure.layout.shapes if shape.name == "current click")
    assert (frame.x0, frame.x1) == (2.5, 3.5)


def test_hovering_names_the_clicks():
    trace = build_trace(clicks=2, items=[0, 1], titles=("Mug", "<Lamp>"))
    layout = retention_triangle(build_retention(trace), trace, 1).layout
    assert [seen(text) for text in layout.xaxis.ticktext] == ["after click 1  Mug", "after click 2  <Lamp>"]
    assert [seen(text) for text in layout.yaxis.ticktext] == [
        "before the first click", "at click 1  Mug", "at click 2  <Lamp>",
    ]  # fmt: skip


def test_few_clicks_are_written_out_and_many_are_not(trace):
    few = named(retention_triangle(build_retention(trace), trace, 5), "shares")
    assert few.text[1][0] == f"{100 * few.z[1, 0]:.0f}"
    assert few.text[3][0] == ""
    many = build_trace(clicks=200)
    assert named(retention_triangle(build_retention(many), many, 199), "shares").text is None


def test_the_caption_tells_whose_memory_it_is(trace):
    assert "↓ written at click (all units, mean)" in words_of(
        retention_triangle(build_retention(trace), trace, 0)
    )
    assert "↓ written at click (unit 3)" in words_of(
        retention_triangle(build_retention(trace, unit=3), trace, 0)
    )


def test_two_hundred_clicks_do_not_make_a_large_file():
    trace = build_trace(clicks=200)
    assert len(retention_triangle(build_retention(trace), trace, 199).to_json()) < 1_000_000
