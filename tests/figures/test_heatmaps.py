"""Do the heatmaps and the list show the trace's own numbers, for every step and any trace?"""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import plain, step_sentence
from gru_viz.figures import heatmaps, walk
from gru_viz.figures.export import figure_html
from gru_viz.figures.palette import BACKGROUND, QUANTITIES, Z_KEEPS_CAPTION
from gru_viz.figures.text import escape_plotly
from gru_viz.record import record
from tests.figures.conftest import build_trace
from tests.models import OTHERS, random_model

PANELS = ("z", "r", "candidate", "h")


def maps_of(figure):
    return {trace.name: trace for trace in figure.data if trace.type == "heatmap"}


def bar_of(traces):
    return next(trace for trace in traces if trace.type == "bar")


def by_half_life(trace, values, layer=-1):
    """(T, H) values, their units as the heatmaps show them from top to bottom."""
    return values[:, np.argsort(-half_lives(trace.layers[layer]), kind="stable")]


def words_of(figure):
    return [annotation.text for annotation in figure.layout.annotations]


@pytest.mark.parametrize("step", [0, 2, 5, -1, -6])
def test_heatmaps_hold_the_trace_up_to_the_step(trace, step):
    figure = heatmaps(trace, step=step)
    seen = range(len(trace))[step] + 1
    for name, values in trace.layers[-1].quantities().items():
        np.testing.assert_array_equal(maps_of(figure)[name].z, by_half_life(trace, values)[:seen].T)
    assert tuple(maps_of(figure)) == PANELS


@pytest.mark.parametrize("layer", [0, 1, -1])
def test_the_chosen_layer_is_shown(two_layers, layer):
    shown = maps_of(heatmaps(two_layers, layer=layer))["h"].z
    np.testing.assert_array_equal(shown, by_half_life(two_layers, two_layers.layers[layer].h, layer).T)


def test_units_stand_by_half_life_under_their_own_number(trace):
    lives = half_lives(trace.layers[-1])
    for panel in maps_of(heatmaps(trace)).values():
        shown = [lives[int(unit)] for unit in panel.y]
        assert shown == sorted(lives, reverse=True)


def test_keeps_relabels_the_update_gate_and_nothing_else(trace):
    writes, keeps = heatmaps(trace), heatmaps(trace, convention="keeps")
    np.testing.assert_array_equal(maps_of(keeps)["z"].z, 1 - by_half_life(trace, trace.layers[-1].z).T)
    for name in ("r", "candidate", "h"):
        np.testing.assert_array_equal(maps_of(keeps)[name].z, maps_of(writes)[name].z)
    assert Z_KEEPS_CAPTION.split()[-1] in " ".join(words_of(keeps))


def test_ranges_and_units_axis_are_fixed_and_shared(trace):
    for step in range(len(trace)):
        figure = heatmaps(trace, step=step)
        for name, panel in maps_of(figure).items():
            assert (panel.zmin, panel.zmax) == (QUANTITIES[name].low, QUANTITIES[name].high)
            assert panel.yaxis == "y"
        assert figure.layout.yaxis.range == (4.5, -0.5)


def test_columns_keep_their_width_and_the_future_is_outside_the_axis(trace):
    last = heatmaps(trace).layout
    for step in range(len(trace)):
        layout = heatmaps(trace, step=step).layout
        for axis in ("xaxis", "xaxis2", "xaxis3", "xaxis4"):
            start, end = layout[axis].domain
            whole = last[axis].domain
            assert layout[axis].range == (0.5, step + 1.5)
            assert end - start == pytest.approx((whole[1] - whole[0]) * (step + 1) / len(trace))


def test_the_current_column_is_framed_in_every_heatmap(trace):
    figure = heatmaps(trace, step=2)
    framed = [shape for shape in figure.layout.shapes if shape.name == "current click"]
    assert len(framed) == 4
    for axis, shape in zip(("xaxis", "xaxis2", "xaxis3", "xaxis4"), framed, strict=True):
        start, end = figure.layout[axis].domain
        assert shape.x1 == pytest.approx(end)
        assert shape.x0 == pytest.approx(start + (end - start) * 2 / 3)


def test_hovering_a_column_tells_its_click_and_title(trace):
    axis = heatmaps(trace, step=1).layout.xaxis
    titles = [trace.catalog.titles[item] for item in trace.items]
    assert axis.tickvals == (1, 2, 3, 4, 5, 6)
    assert axis.ticktext == tuple(f"click {t} · {title}" for t, title in enumerate(titles, start=1))


@pytest.mark.parametrize("step", [0, 3, -1])
def test_the_list_is_the_traces_top(trace, step):
    top = trace.top(7, step)
    bars = bar_of(heatmaps(trace, step=step, k=7).data)
    np.testing.assert_array_equal(bars.x, top["probability"])
    np.testing.assert_array_equal(bars.y, top["rank"])
    assert list(bars.hovertext) == list(top["title"])


def test_the_bars_scale_is_one_for_the_session(trace):
    best = max(trace.top(1, step)["probability"][0] for step in range(len(trace)))
    for step in range(len(trace)):
        assert heatmaps(trace, step=step).layout.xaxis5.range == (0, pytest.approx(best))


def test_the_item_really_clicked_next_is_marked(trace):
    figure = heatmaps(trace, step=1, k=12)
    title, rank = trace.catalog.titles[trace.items[2]], trace.rank(trace.items[2], 1)
    marked = [text for text in figure.data[5].text if "clicked next" in text]
    assert marked == [f" <b>{title}</b> ◂ clicked next"]
    assert len(set(bar_of(figure.data).marker.color)) == 2
    assert f"Really clicked next, at rank {rank}:<br><b>{title}</b>" in words_of(figure)


def test_the_last_click_has_no_next_one(trace):
    figure = heatmaps(trace)
    assert "The session ends here." in words_of(figure)
    assert not any("clicked next" in text for text in figure.data[5].text)


def test_steps_and_words_that_do_not_exist_are_refused(trace):
    for step in (6, -7):
        with pytest.raises(IndexError):
            heatmaps(trace, step=step)
    with pytest.raises(IndexError):
        heatmaps(trace, layer=1)
    with pytest.raises(ValueError, match="convention"):
        heatmaps(trace, convention="z")
    with pytest.raises(ValueError, match="theme"):
        heatmaps(trace, theme="sepia")


def test_walk_has_a_frame_and_a_slider_step_a_click(trace):
    figure = walk(trace, k=4)
    assert [frame.name for frame in figure.frames] == list("123456")
    assert [step.args[0] for step in figure.layout.sliders[0].steps] == [(name,) for name in "123456"]
    for step, frame in enumerate(figure.frames):
        still = heatmaps(trace, step=step, k=4)
        np.testing.assert_array_equal(bar_of(frame.data).x, bar_of(still.data).x)
        assert frame.layout.title.text == still.layout.title.text
        assert frame.layout.annotations == still.layout.annotations
        assert frame.layout.shapes == still.layout.shapes
        assert frame.layout.xaxis3.domain == still.layout.xaxis3.domain
        assert {figure.data[place].type for place in frame.traces} == {"bar", "scatter"}
    np.testing.assert_array_equal(maps_of(figure)["h"].z, by_half_life(trace, trace.layers[-1].h).T)


@pytest.mark.parametrize("step", [0, 3, -1])
def test_walk_starts_where_it_is_asked_to(trace, step):
    figure, still = walk(trace, step), heatmaps(trace, step)
    assert figure.layout.sliders[0].active == range(6)[step]
    assert figure.layout.title == still.layout.title
    assert figure.layout.xaxis == still.layout.xaxis
    assert words_of(figure) == words_of(still)
    np.testing.assert_array_equal(bar_of(figure.data).x, bar_of(still.data).x)
    with pytest.raises(IndexError):
        walk(trace, 6)


def test_a_frame_is_as_large_in_a_long_session_as_in_a_short_one():
    """Oracle: what is the same at every click, or belongs to the whole session, is not in a frame."""
    longest = [
        max(len(json.dumps(frame)) for frame in json.loads(walk(build_trace(clicks)).to_json())["frames"])
        for clicks in (12, 120)
    ]
    assert longest[1] < 1.1 * longest[0]
    for frame in walk(build_trace(12)).frames:
        assert frame.layout.xaxis.ticktext is None
        assert {panel.y for panel in frame.data} == {None}


@pytest.mark.parametrize("convention", ["writes", "keeps"])
def test_every_frame_says_what_happened_at_its_click(trace, convention):
    for step, frame in enumerate(walk(trace, convention=convention).frames):
        said = unescape(frame.layout.annotations[-1].text.replace("<br>", " "))
        assert said.split() == plain(step_sentence(trace, step, convention=convention)).split()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("draw", [heatmaps, walk])
def test_every_odd_trace_is_drawn_without_a_hole(odd_trace, draw, theme):
    figure = draw(odd_trace, theme=theme)
    for panel in (*figure.data, *(trace for frame in figure.frames for trace in frame.data)):
        for values in (panel.x, panel.y, panel["z"] if panel.type == "heatmap" else None):
            if values is not None:
                assert np.isfinite(np.asarray(values, dtype=float)).all()
    assert figure.layout.paper_bgcolor == BACKGROUND[theme]


@pytest.mark.parametrize("draw", [heatmaps, walk])
def test_a_title_never_brings_markup_of_its_own(odd_trace, draw):
    ours = r"</?b>|<br>|<extra></extra>|%\{[xyz](:\.3f)?\}|%\{customdata:\.2f\}|%\{hovertext\}"
    for text in strings_in(json.loads(draw(odd_trace).to_json())):
        assert not re.search(r"[<>$]|%\{", re.sub(ours, "", text)), text


def test_the_full_title_is_reached_by_hovering(odd_trace):
    figure = heatmaps(odd_trace)
    expected = [escape_plotly(title) for title in odd_trace.top(10)["title"]]
    assert list(bar_of(figure.data).hovertext) == expected


def test_the_html_stands_alone(odd_trace):
    page = figure_html(walk(odd_trace), title="<b>mine</b>")
    parser = Tags()
    parser.feed(page)
    assert [tag for tag, attributes in parser.seen if {"src", "href"} & set(attributes)] == []
    assert "<title>&lt;b&gt;mine&lt;/b&gt;</title>" in page
    assert "<h1>&lt;b&gt;mine&lt;/b&gt;</h1>" in page
    assert "<script>alert(1)" not in page


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        # the template holds Plotly's own words, typed arrays are numbers in base64
        for name, part in value.items():
            if name not in ("template", "bdata"):
                yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


@pytest.mark.parametrize("kind", OTHERS)
def test_every_cell_is_drawn(kind: str) -> None:
    """Oracle: the trace's own quantities, each with its fixed range."""
    trace = record(random_model(kind), [2, 0, 5])
    figure = heatmaps(trace)
    drawn = {panel.name: panel for panel in figure.data if panel.type == "heatmap"}
    assert list(drawn) == list(trace.layers[-1].quantities())
    for name, panel in drawn.items():
        assert (panel.zmin, panel.zmax) == (QUANTITIES[name].low, QUANTITIES[name].high)
    said = str(figure.to_dict()).replace("<br>", " ")
    assert ("There is no gate" in said) == (trace.layers[-1].cell == "rnn")
