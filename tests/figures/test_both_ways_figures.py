"""The charts of hidden clicks on plain and odd values; what is drawn is compared, never pixels."""

from __future__ import annotations

import json
import re
from html import unescape

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.explain.gaps import GapRanks
from gru_viz.explain.retention import half_lives
from gru_viz.figures import both_states_figure, both_ways_figure
from gru_viz.figures.both_ways import MOST
from gru_viz.figures.text import escape_plotly
from gru_viz.gaps import Gaps
from tests.figures.conftest import HOSTILE_TITLES, build_trace

THEMES = ("light", "dark")


def gap_ranks(
    before: list[int], both: list[int], n_items: int = 240, items: list[int] | None = None
) -> GapRanks:
    places = np.array(items or [n % 3 for n in range(len(both))])
    return GapRanks(places, np.array([before, both]), np.full((2, len(both)), 0.25), n_items)


PLAIN = Catalog(("a", "b", "c"), ("Anvil", "Bell", "Cup"))
ODD = {
    "plain": gap_ranks([14, 3, 2], [1, 5, 2]),
    "one click": gap_ranks([200], [200]),
    "one item": gap_ranks([1, 1], [1, 1], 1),
    "ten items": gap_ranks([10, 1], [1, 10], 10),
    "a million items": gap_ranks([999_999], [1], 1_000_000),
    "a long session": gap_ranks(list(range(1, 201)), [1] * 200),
}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("odd", ODD)
def test_two_marks_a_click(odd, theme):
    """Oracle: the ranks; the last MOST clicks, on an axis from 1 to all items."""
    ranks = ODD[odd]
    figure = both_ways_figure(ranks, PLAIN, theme)
    figure.to_json()
    drawn = {trace.name: trace for trace in figure.data}
    shown = min(len(ranks), MOST)
    for side, name in enumerate(("before", "both")):
        assert list(drawn[name].x) == ranks.rank[side, -shown:].tolist()
        assert list(drawn[name].y) == list(drawn["before"].y)
    assert list(drawn["between"].x)[::3] == list(drawn["before"].x)
    assert list(drawn["between"].x)[1::3] == list(drawn["both"].x)
    low, high = (10**end for end in figure.layout.xaxis.range)
    assert low < 1 <= ranks.n_items < high
    assert len(drawn["rows"].hovertext) == shown
    assert figure.layout.xaxis.tickvals[0] == 1
    texts = [note.text for note in figure.layout.annotations]
    cut = f"the last {MOST} of {len(ranks)} clicks"
    assert any(cut in text for text in texts) == (len(ranks) > MOST)
    before, both = ranks.rank[:, -1]
    assert f"{before:,} → <b>{both:,}</b>" in texts


def test_rows_say_what_they_are():
    figure = both_ways_figure(ODD["plain"], PLAIN)
    assert "2  Bell" in [note.text for note in figure.layout.annotations]
    hover = {trace.name: trace for trace in figure.data}["rows"].hovertext[1]
    assert hover.replace("\u00a0", " ") == (
        "<b>2  Bell</b>, hidden<br>from what came before: rank 3, probability 25.0 %<br>"
        "from both sides: rank 5, probability 25.0 %"
    )


@pytest.mark.parametrize("title", HOSTILE_TITLES, ids=lambda title: repr(title[:12]))
def test_hostile_titles_stay_text(title):
    """Oracle: nothing of the title is markup after its letters are escaped."""
    catalog = Catalog(("a", "b", "c"), (title, title, title))
    figure = both_ways_figure(ODD["plain"], catalog)
    written = " ".join(note.text for note in figure.layout.annotations) + " ".join(figure.data[-1].hovertext)
    assert escape_plotly(title) in written
    tags = set(re.findall(r"</?(\w+)", written))
    assert tags <= {"b", "br", "span"}
    assert json.loads(figure.to_json())
    assert unescape(written)


def build_gaps(**odd) -> Gaps:
    trace = build_trace(**odd)
    turned = build_trace(**odd, seed=1).layers[0]
    return Gaps(trace.catalog, trace.items, trace.scores, trace.layers[0], turned)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "odd", [{}, {"clicks": 1}, {"clicks": 200}, {"units": 1}, {"units": 300, "clicks": 3}]
)
def test_states(odd, theme):
    """Oracle: h one click off on either side, the units that hold longest on top."""
    gaps = build_gaps(**odd)
    for side, values, layer in (
        ("before", gaps.before, gaps.forward),
        ("after", gaps.after, gaps.backward),
    ):
        figure = both_states_figure(gaps, side, theme)
        figure.to_json()
        (drawn,) = figure.data
        order = np.argsort(-half_lives(layer), kind="stable")
        np.testing.assert_array_equal(drawn.z, values[:, order].T)
        np.testing.assert_array_equal(np.array(drawn.customdata)[:, 0], order)
        assert (drawn.zmin, drawn.zmax) == (-1, 1)
    assert not np.any(both_states_figure(gaps, "before", theme).data[0].z[:, 0])
    assert not np.any(both_states_figure(gaps, "after", theme).data[0].z[:, -1])


@pytest.mark.parametrize("draw", [both_ways_figure, both_states_figure])
def test_an_unknown_theme(draw):
    value = (ODD["plain"], PLAIN) if draw is both_ways_figure else (build_gaps(), "before")
    with pytest.raises(ValueError, match="theme"):
        draw(*value, "sepia")
