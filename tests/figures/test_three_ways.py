"""Are the three answers those of the value, on one scale, and is a disagreement said?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.figures import three_ways
from gru_viz.figures.palette import DIVERGING, MUTED, WARNING
from gru_viz.figures.style import LIGHTER
from tests.figures.conftest import build_trace
from tests.figures.values import build_why, named, seen, words_of

DROPS, WRITE, CLICK = [2.0, -1.0, 0.5], [0.25, 3.0, -0.5], [1.0, 0.5, -4.0]


@pytest.fixture
def three():
    return build_trace(clicks=3, items=[0, 1, 0], titles=("Mug", "<Lamp>"))


@pytest.fixture
def known(three):
    return build_why(three, drops=DROPS, write=WRITE, click=CLICK)


def columns_of(figure):
    return [named(figure, name) for name in ("deletion", "write", "click") if name in names_of(figure)]


def names_of(figure):
    return [trace.name for trace in figure.data]


def labels_of(figure):
    """The words above the rows, from top to bottom."""
    return [seen(a.text) for a in figure.layout.annotations if a.yref == "y" and a.x == 0]


def test_a_row_a_click_and_the_rest_of_the_sums(three, known):
    figure = three_ways(known, three)
    assert labels_of(figure) == [
        "1  Mug", "2  <Lamp>", "3  Mug", "bias of the output", "biases of the candidates", "sum = score",
    ]  # fmt: skip
    deletion, write, click = columns_of(figure)
    np.testing.assert_array_equal(deletion.x, [*DROPS, np.nan, np.nan])
    np.testing.assert_array_equal(write.x, [*WRITE, -0.5, np.nan])
    np.testing.assert_array_equal(click.x, [*CLICK, -0.5, 0.25])


@pytest.mark.parametrize("most", [1, 3, 20, 200])
@pytest.mark.parametrize("h0", [0.0, 0.75])
def test_each_ledgers_bars_add_up_to_its_total(most, h0):
    trace = build_trace(clicks=200)
    why = build_why(trace, h0=h0)
    figure = three_ways(why, trace, most=most)
    for name, ledger in (("write", why.write), ("click", why.click)):
        assert np.nansum(named(figure, name).x) == pytest.approx(ledger.total)
    assert ("before the first click" in labels_of(figure)) == (h0 != 0)


def test_sums_are_written_under_their_columns(three, known):
    shown = [a.text for a in three_ways(known, three).layout.annotations if a.y == 5 and a.x > 0]
    assert shown == [f"<b>{known.write.total:.2f}</b>", f"<b>{known.click.total:.2f}</b>".replace("-", "−")]


def test_one_scale_for_all_columns(three, known):
    layout = three_ways(known, three).layout
    scales = [
        (axis.range[1] - axis.range[0]) / (axis.domain[1] - axis.domain[0])
        for axis in (layout.xaxis, layout.xaxis2, layout.xaxis3)
    ]
    np.testing.assert_allclose(scales, scales[0])
    assert {axis.range[0] for axis in (layout.xaxis, layout.xaxis2, layout.xaxis3)} == {-4.0}
    assert all(axis.range[1] > 3 for axis in (layout.xaxis, layout.xaxis2, layout.xaxis3))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_blue_raises_amber_lowers_and_the_top_click_stands_out(three, known, theme):
    figure = three_ways(known, three, theme)
    amber, blue = DIVERGING[theme]
    for bars, top in zip(columns_of(figure), (0, 1, 0), strict=True):
        expected = [amber if value < 0 else blue for value in bars.x[:3]]
        assert list(bars.marker.color) == expected + [MUTED[theme]] * 2
        assert list(bars.marker.opacity) == [1.0 if row == top else LIGHTER for row in range(5)]


def test_a_head_says_whether_its_top_click_is_deletions(three, known):
    figure = three_ways(known, three)
    badges = [a.text for a in figure.layout.annotations if "top click" in a.text]
    assert [seen(badge) for badge in badges] == ["≠ other top click", "same top click"]
    assert WARNING["light"] in badges[0]
    assert MUTED["light"] in badges[1]


def test_nothing_is_compared_where_no_deletion_lowers_the_score(three):
    figure = three_ways(build_why(three, drops=[-1, -1, 0]), three)
    assert not [text for text in words_of(figure) if "top click" in text]


def test_a_rank_is_told_where_it_changes():
    trace = build_trace(clicks=3, n_items=300)
    why = build_why(trace, drops=[1, 1, 1])
    ranks = np.array([1.0, 12.0, np.nan])
    object.__setattr__(why.deletion, "rank_without", ranks)
    numbers = next(trace for trace in three_ways(why, trace).data if trace.name == "numbers")
    assert "rank" not in numbers.text[0]
    assert seen(numbers.text[1]).endswith("rank 1 → 12")
    assert seen(numbers.text[2]).endswith("rank 1 → >300")


def test_of_many_clicks_those_with_the_largest_values_are_shown_in_order():
    trace = build_trace(clicks=200)
    drops, write, click = np.zeros(200), np.full(200, 0.01), np.full(200, -0.02)
    drops[150], write[7], click[42] = 0.001, 2.0, -3.0
    figure = three_ways(build_why(trace, drops=drops, write=write, click=click), trace, most=3)
    assert [label.split()[0] for label in labels_of(figure)[:3]] == ["8", "43", "151"]
    assert labels_of(figure)[3] == "and 197 other clicks together"
    deletion, written, carried = columns_of(figure)
    assert np.isnan(deletion.x[3])
    assert written.x[3] == pytest.approx(198 * 0.01 - 0.01)
    assert carried.x[3] == pytest.approx(-197 * 0.02)


def test_one_click_left_over_is_not_called_clicks():
    trace = build_trace(clicks=3)
    assert "and 1 other click" in labels_of(three_ways(build_why(trace), trace, most=2))


def test_without_ledgers_deletion_has_the_whole_width(three):
    figure = three_ways(build_why(three, ledgers=False, drops=DROPS), three)
    assert [trace.name for trace in figure.data if trace.type == "bar"] == ["deletion", "rows"]
    assert figure.layout.xaxis.domain == (0, 1)
    assert labels_of(figure) == ["1  Mug", "2  <Lamp>", "3  Mug"]


def test_one_click_cannot_be_deleted():
    trace = build_trace(clicks=1)
    for ledgers in (True, False):
        figure = three_ways(build_why(trace, ledgers=ledgers), trace)
        assert "only one click" in words_of(figure)
        assert np.isnan(named(figure, "deletion").x[0])


def test_two_items_are_named_above_the_columns(three):
    figure = three_ways(build_why(three, against=1), three)
    why_for = seen(figure.layout.annotations[0].text)
    assert why_for in ("Mug − <Lamp>", "<Lamp> − <Lamp>")
    assert "sum = score of A − B" in labels_of(figure)


def test_a_trace_that_goes_on_is_read_up_to_the_step():
    trace = build_trace(clicks=6)
    figure = three_ways(build_why(trace.prefix(4)), trace)
    assert len(named(figure, "deletion").x) == 4 + 2


def test_hovering_tells_all_that_is_known_of_a_click(three, known):
    text = seen(named_first_rows(three_ways(known, three)).hovertext[0])
    assert text.startswith(
        "1  Mug without it the score changes by −2.000, the probability by −0.200, rank 1 →"
    )
    assert text.endswith("written at: 0.250 carried from: 1.000")


def named_first_rows(figure):
    return next(trace for trace in figure.data if trace.name == "rows")
