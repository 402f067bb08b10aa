"""Does a card's chart show its rows and curves, odd ones too, and nothing outside its axis?"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from gru_viz.compare.experiments.values import Experiments
from gru_viz.explain.claims import Bar, Bars, Line, Lines, claims
from gru_viz.figures.claim import HEIGHT, claim_figure
from tests.compare.experiments.values import EVERY, NOTHING_LOST, gradients, sizes, sure, unclipped
from tests.compare.values import comparison
from tests.figures.values import named, words_of

MODELS = {"markov": 0.8, "fpmc": 0.85, "sasrec": 0.7, "lstm": 0.9, "rnn": 0.7, "gru": 0.9}
CHARTS = {
    one.claim: one.chart
    for one in claims(replace(comparison(MODELS, {0.1: MODELS}), experiments=EVERY))
    if one.chart is not None
}


def test_a_bar_a_row_with_name_number_and_interval():
    shown = Bars(
        "Recall, A less B",
        (Bar("gru", "A", 0.02, ".020", (0.01, 0.04)), Bar("fpmc", "B", -0.01, "−.010")),
        -0.01,
    )
    figure = claim_figure(shown)
    rows = named(figure, "rows")
    assert list(rows.x) == [0.02, -0.01]
    assert list(rows.error_x.array) == pytest.approx([0.02, 0])
    assert list(rows.error_x.arrayminus) == pytest.approx([0.01, 0])
    assert {"Recall, A less B", "A", "B", ".020", "−.010"} <= set(words_of(figure))
    low, high = figure.layout.xaxis.range
    assert low < -0.01
    assert high > 0.04
    assert [(line.x0, line.line.dash) for line in figure.layout.shapes] == [(0, "solid"), (-0.01, "dot")]


def test_a_curve_a_cell_on_powers_of_ten():
    shown = CHARTS["GRUs cure vanishing gradients."]
    figure = claim_figure(shown)
    assert list(named(figure, "rnn").y) == pytest.approx([0, -3, -6])
    (mark,) = figure.layout.shapes
    assert mark.y0 == mark.y1 == -3
    low, high = figure.layout.yaxis.range
    assert low < -6
    assert high > 0
    assert any("vanilla RNN" in text for text in words_of(figure))


def test_sizes_stand_apart_evenly_under_their_units():
    figure = claim_figure(CHARTS["Tune the hidden size."])
    assert list(figure.layout.xaxis.ticktext) == ["8", "16", "32"]
    assert list(figure.layout.xaxis.tickvals) == [0, 1, 2]
    assert list(named(figure, "gru").y) == pytest.approx([0.85, 0.896, 0.9])


def curve(*values, **more):
    """One line without a band."""
    places = tuple(range(len(values)))
    line = Line("gru", "GRU", places, values, values, values)
    return Lines("t", "b", (line,), tuple((place, str(place)) for place in places), **more)


ODD = {
    "nothing": Bars("t", (Bar("gru", "a", 0.0, "0"),)),
    "nothing, marked": Bars("t", (Bar("gru", "a", 0.0, "0", (0.0, 0.0)),), 0.0),
    "marked far away": Bars("t", (Bar("gru", "a", 0.001, ".001"),), -0.5),
    "huge": Bars("t", (Bar("gru", "a", 1e12, "1,000,000,000,000"), Bar("mf", "b", 1.0, "1"))),
    "interval beside its bar": Bars("t", (Bar("gru", "a", 0.5, ".500", (0.6, 0.7)),)),
    "hostile": Bars("<b>t</b>", (Bar("gru", "<a href=x>y</a>", 1.0, "1"),)),
    "one point": curve(0.5),
    "flat": curve(0.0, 0.0, mark=0.0),
    "gradient of nothing": curve(1.0, 0.0, powers=True, mark=1e-3),
    "explodes": curve(1.0, 1e300, powers=True, mark=1e-3),
}  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*CHARTS, *ODD])
def test_every_chart_is_drawn_at_one_height(name, theme):
    figure = claim_figure((CHARTS | ODD)[name], theme)
    figure.to_json()
    assert figure.layout.height == HEIGHT
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        low, high = axis.range
        assert math.isfinite(low)
        assert math.isfinite(high)
        assert low != high
        if axis.tickvals is not None:
            assert all(min(low, high) <= value <= max(low, high) for value in axis.tickvals)
    for line in figure.layout.shapes:
        if line.yref == "paper":
            low, high = figure.layout.xaxis.range
            assert low < line.x0 < high
    for trace in figure.data:
        drawn = [value for value in (trace.y if trace.type == "scatter" else trace.x) if value is not None]
        low, high = (figure.layout.yaxis if trace.type == "scatter" else figure.layout.xaxis).range
        assert all(low <= value <= high for value in drawn)


def test_names_are_text():
    shown = [annotation.text for annotation in claim_figure(ODD["hostile"]).layout.annotations]
    assert not any("<a" in text or "<b>t" in text for text in shown)


def test_there_are_two_themes():
    with pytest.raises(ValueError, match="theme"):
        claim_figure(ODD["nothing"], "blue")


def test_a_loss_of_all_is_drawn():
    """A training that broke down without clipping has a bar as long as its Recall."""
    found = replace(comparison(MODELS), experiments=Experiments(clipping=(unclipped("gru", None),)))
    (one,) = [claim for claim in claims(found) if claim.claim.startswith("Clip")]
    assert list(named(claim_figure(one.chart), "rows").x) == [0.9]


def test_two_numbers_at_least_beside_a_curve():
    for made in (Experiments(sizes=sizes(sure(0.05), NOTHING_LOST)), Experiments(gradients=gradients())):
        found = replace(comparison(MODELS), experiments=made)
        (one,) = [claim for claim in claims(found) if isinstance(claim.chart, Lines)]
        assert len(claim_figure(one.chart).layout.yaxis.tickvals) >= 2
