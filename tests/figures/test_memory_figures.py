"""Does every figure of a page draw every odd value, at any width, in colours of the palette?"""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape

import plotly.graph_objects as go
import pytest

from gru_viz.figures import palette, style
from tests.figures.values import DRAWN, TRACES, notes_of, odd_trace, strings_of

OUR_TAGS = re.compile(r"</?(?:b|sub|sup|br|span(?: style=\"color:#[0-9a-f]{6}\")?)>")


@cache
def drawn(trace, name, theme="light"):
    """One for all tests, which only read it."""
    return DRAWN[name](odd_trace(trace), theme)


@pytest.fixture(params=TRACES)
def trace(request):
    return request.param


@pytest.fixture(params=DRAWN)
def figure(request, trace):
    return drawn(trace, request.param)


def axes_of(figure):
    layout = figure.layout.to_plotly_json()
    return {name: axis for name, axis in layout.items() if re.fullmatch("[xy]axis[0-9]*", name)}


def test_axes_stand_still_and_show_no_grid(figure):
    axes = axes_of(figure)
    assert axes
    for axis in axes.values():
        assert axis["fixedrange"] is True
        assert axis["showgrid"] is False
        assert axis["automargin"] is False
        assert len(axis["range"]) == 2


def test_every_trace_has_its_axes(figure):
    for trace in figure.data:
        for letter in "xy":
            name = getattr(trace, f"{letter}axis") or letter
            assert name.replace(letter, f"{letter}axis", 1) in axes_of(figure)


def test_plotly_knows_every_property_and_takes_every_value(figure):
    """The oracle are Plotly's own checks, which raise and which `style.drawn` leaves to this test."""
    checked = go.Figure(json.loads(figure.to_json()))
    assert [one.type for one in checked.data] == [one.type for one in figure.data]


def test_the_page_shows_through_and_nothing_zooms(figure):
    layout = figure.layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == style.CLEAR
    assert layout.dragmode is False
    assert layout.showlegend is False
    assert layout.width is None
    assert layout.margin.autoexpand is False


def test_height_is_enough_for_its_margins(figure):
    margin = figure.layout.margin
    assert figure.layout.height - margin.t - margin.b >= 30


def test_a_triangle_is_never_higher_than_a_screen():
    for name in TRACES:
        assert drawn(name, "retention_triangle").layout.height <= 380


def test_nothing_that_is_read_is_nan_or_inf(figure):
    for text in strings_of(figure):
        assert not re.search(r"\b(nan|inf|none)\b", text, re.IGNORECASE), text


def test_markup_is_ours_alone(figure):
    for text in strings_of(figure):
        rest = OUR_TAGS.sub("", text.replace("<extra></extra>", ""))
        assert not re.search("[<>]", rest), text
        assert "href" not in OUR_TAGS.sub("", text) or "&#60;" in text


def test_a_title_never_runs_out_of_its_place(figure):
    for _, _, text, size, _ in notes_of(figure):
        lines = [unescape(OUR_TAGS.sub("", line)) for line in text.split("<br>")]
        # 0.5 em a letter is more than Source Sans needs on average; a phone has 360 pixels
        assert max(len(line) for line in lines) * size * 0.5 <= 360, text


@pytest.mark.parametrize("name", DRAWN)
def test_an_unknown_theme_is_named(name):
    with pytest.raises(ValueError, match="theme must be 'light' or 'dark', not 'sepia'"):
        DRAWN[name](odd_trace("plain"), "sepia")


def test_no_number_of_an_axis_is_turned(figure):
    bars = [one.colorbar for one in figure.data if one.type == "heatmap"]
    for axis in [*(figure.layout[name] for name in axes_of(figure)), *bars]:
        if axis.showticklabels is not False and axis.tickvals is not None:
            assert axis.tickangle == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DRAWN)
def test_colors_are_those_of_the_theme(name, theme):
    known = {style.CLEAR}
    for colors in (palette.BACKGROUND, palette.CLICKED, palette.INK, palette.MUTED, palette.LINE):
        known.add(colors[theme])
    known |= {*(q.color(theme) for q in palette.QUANTITIES.values()), *palette.DIVERGING[theme]}
    text = "\n".join(strings_of(drawn("plain", name, theme)))
    used = set(re.findall(r"#[0-9a-f]{6}\b|rgba?\([^)]*\)", text))
    assert used <= known


@pytest.mark.parametrize("name", DRAWN)
def test_themes_differ_in_nothing_but_colors(name):
    light, dark = (strings_of(drawn("plain", name, theme)) for theme in ("light", "dark"))
    bare = [[re.sub("#[0-9a-f]{6}", "#", text) for text in texts] for texts in (light, dark)]
    assert bare[0] == bare[1]
    assert light != dark
