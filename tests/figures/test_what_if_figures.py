"""Do the figures of the What-if page show the numbers of their values?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.explain.changes import HeldDifferences, changes, held_differences
from gru_viz.figures import course_figure, ranks_figure, state_difference_figure, units_effect_figure
from gru_viz.figures.palette import DIVERGING, MUTED
from tests.figures.conftest import build_trace
from tests.figures.values import (
    build_ablation,
    build_changes,
    build_drops,
    build_variant,
    named,
    seen,
    words_of,
)

AMBER, BLUE = DIVERGING["light"]
CATALOG = build_trace().catalog
UNKNOWN = np.nan

# --- ranks


def lines_of(figure, name):
    """(start, end) of each line of that name, as places from the top in pixels."""
    ends = [
        [trace.y[n : n + 2] for n in range(0, len(trace.y), 3)] for trace in figure.data if trace.name == name
    ]
    return [tuple(pair) for pairs in ends for pair in pairs]


def places_of(figure, text):
    """Where that text stands at the two ends, from the top; the left end first."""
    found = [(a.x, a.y) for a in figure.layout.annotations if a.yref == "y" and seen(a.text) == text]
    return [y for _, y in sorted(found)]


def test_a_line_goes_from_rank_to_rank():
    # item 0 stays, 1 and 2 change places
    figure = ranks_figure(build_changes([[1, 2, 3], [1, 3, 2]], k=3, item=9), CATALOG)
    assert lines_of(figure, "stays") == [(18, 18)]
    assert lines_of(figure, "falls") == [(54, 90)]
    assert lines_of(figure, "rises") == [(90, 54)]
    colors = {trace.name: trace.line.color for trace in figure.data if trace.type == "scatter"}
    assert colors == {"stays": MUTED["light"], "falls": AMBER, "rises": BLUE}
    assert places_of(figure, "Item 1") == [54, 90]
    assert places_of(figure, "2") == [54, 54]


def test_what_is_in_one_list_only_has_its_rank_at_the_other_end():
    figure = ranks_figure(build_changes([[1, 2, 40, 7], [2, 3000, 1, 30]], k=2), CATALOG)
    # behind the list in their order: 7 before 40, and 30 before 3,000
    assert places_of(figure, "7") < places_of(figure, "40")
    assert places_of(figure, "30") < places_of(figure, "3,000")
    assert min(places_of(figure, "7") + places_of(figure, "30")) > 2 * 36
    assert len(places_of(figure, "Item 1")) == len(places_of(figure, "Item 2")) == 1
    assert places_of(figure, "Item 3") == []
    assert len(figure.layout.shapes) == 1  # between the list and what is behind it
    assert set(lines_of(figure, "falls")) == {(18, 54), (54, 112), (92, 92)}


def test_a_rank_that_was_not_kept_comes_last():
    figure = ranks_figure(build_changes([[1, 2, UNKNOWN, 5], [2, 5, 1, 4]], k=2), CATALOG)
    assert places_of(figure, "not kept") == [112]
    assert (112, 18) in lines_of(figure, "rises")
    hover = seen(named(figure, "reference").hovertext[2])
    assert "rank behind the kept scores → 1 " in hover
    assert "probability – → 50.0\u00a0%" in hover


@pytest.mark.parametrize(("item", "bold"), [(1, 1), (9, 0)])
def test_only_the_followed_item_is_bold(item, bold):
    figure = ranks_figure(build_changes([[1, 2], [2, 1]], item=item), CATALOG)
    texts = [a.text for a in figure.layout.annotations if a.yref == "y"]
    assert sum("<b>" in text for text in texts) == 4 * bold  # its title and its rank at both ends
    assert [trace.line.width for trace in figure.data if trace.type == "scatter"] == [1.5, 4 if bold else 1.5]


def test_hovering_a_row_tells_ranks_and_probabilities():
    figure = ranks_figure(build_changes([[1, 2], [2, 1]]), CATALOG)
    for side in ("reference", "variant"):
        texts = [seen(text) for text in named(figure, side).hovertext]
        assert texts[0] == "Item 0 rank 1 → 2 probability 50.0\u00a0% → 25.0\u00a0%"


def test_the_clicks_that_are_compared_are_told():
    figure = ranks_figure(build_changes([[1], [1]], k=1), CATALOG)
    assert words_of(figure)[:4] == ["Reference", "after click 2", "Variant", "after click 3"]


def test_both_ends_have_the_same_places(trace):
    compared = changes(trace, build_variant(trace), k=4)
    figure = ranks_figure(compared, trace.catalog)
    places = [sorted(named(figure, side).y) for side in ("reference", "variant")]
    np.testing.assert_array_equal(*places)
    assert len(places[0]) == len(compared.items)


# --- what is held


def differences(values, clicks=None, quantity="h"):
    values = np.asarray(values, dtype=float)
    clicks = np.stack([np.arange(len(values))] * 2, axis=1) if clicks is None else np.array(clicks)
    return HeldDifferences(clicks, {quantity: values})


@pytest.mark.parametrize(("quantity", "ends"), [("z", ("−1", "1")), ("h", ("≤ −1", "≥ 1"))])
def test_differences_on_a_scale_that_does_not_move(quantity, ends):
    small, large = (differences([[0.001, -0.002]] * 3, quantity=quantity) for _ in range(2))
    for one in (small, large):
        figure = state_difference_figure(one, quantity=quantity)
        drawn = named(figure, "differences")
        np.testing.assert_array_equal(drawn.z, one.values[quantity].T)
        assert (drawn.zmin, drawn.zmax) == (-1, 1)
        assert [color for _, color in drawn.colorscale][::2] == [AMBER, BLUE]
        assert (drawn.colorbar.ticktext[0], drawn.colorbar.ticktext[-1]) == ends


def test_columns_are_numbered_by_both_sessions_where_these_differ():
    same = state_difference_figure(differences(np.zeros((2, 4))))
    assert words_of(same)[2:5] == ["click", "1", "2"]
    assert not [shape for shape in same.layout.shapes if shape.name == "further clicks"]
    # the reference's second click is not in the variant
    shifted = state_difference_figure(differences(np.zeros((3, 4)), [(0, 0), (2, 1), (3, 2)]))
    assert words_of(shifted)[2:10] == ["ref.", "1", "3", "4", "var.", "1", "2", "3"]
    (line,) = [shape for shape in shifted.layout.shapes if shape.name == "further clicks"]
    assert line.x0 == line.x1 == 0.5
    assert shifted.layout.xaxis.ticktext[1] == "click 3, which is click 2 of the variant"
    assert shifted.layout.height > same.layout.height


def test_the_variants_further_click_is_marked_too():
    figure = state_difference_figure(differences(np.zeros((2, 1)), [(0, 0), (1, 2)]))
    assert [shape.x0 for shape in figure.layout.shapes if shape.name] == [0.5]


def test_sessions_without_a_common_click():
    figure = state_difference_figure(differences(np.zeros((0, 5)), np.zeros((0, 2), dtype=int)))
    assert "No click stands in the same place in both." in words_of(figure)


@pytest.mark.parametrize("quantity", ["z", "r", "candidate", "h"])
def test_every_quantity_can_be_shown(trace, quantity):
    held = held_differences(trace, build_variant(trace))
    figure = state_difference_figure(held, "dark", quantity)
    np.testing.assert_array_equal(named(figure, "differences").z, held.values[quantity].T)


# --- course


def test_two_courses_each_over_its_own_clicks():
    figure = course_figure(build_changes([[1], [1]], course=([0.1, 0.2], [0.1, 0.3, UNKNOWN, 0.4])))
    reference, variant = named(figure, "reference"), named(figure, "variant")
    assert (list(reference.x), list(reference.y)) == ([1, 2], [0.1, 0.2])
    assert (list(variant.x), list(variant.y)) == ([1, 2, 3, 4], [0.1, 0.3, None, 0.4])
    assert (reference.line.dash, variant.line.dash) == ("dash", "solid")
    assert seen(variant.hovertext[1]) == "variant after click 2 probability 30.00 %"
    said = [" ".join(text.split()) for text in words_of(figure)]
    assert said[0].endswith("Reference 20.0 % after click 2")
    assert said[1].endswith("Variant 40.0 % after click 4")
    assert list(figure.layout.yaxis.ticktext) == ["0", "25 %", "50 %"]


@pytest.mark.parametrize(
    ("highest", "top"), [(0.0, 1e-9), (0.0004, 0.0005), (0.02, 0.02), (0.021, 0.05), (0.9, 1), (1.0, 1)]
)
def test_the_axis_ends_at_a_round_share(highest, top):
    figure = course_figure(build_changes([[1], [1]], course=([highest], [0.0])))
    assert figure.layout.yaxis.tickvals[-1] == pytest.approx(top)


@given(st.floats(0, 1))
def test_a_course_stays_inside_its_axis(highest):
    low, high = course_figure(build_changes([[1], [1]], course=([highest], [0.0]))).layout.yaxis.range
    assert low < 0 <= highest < high


def test_nothing_known_draws_nothing():
    figure = course_figure(build_changes([[1], [1]], course=([UNKNOWN], [UNKNOWN, UNKNOWN])))
    assert {*named(figure, "reference").y, *named(figure, "variant").y} == {None}
    assert "–" in words_of(figure)[0]


# --- units


def test_bars_are_signed_and_the_largest_comes_first():
    value = build_ablation([-0.9, 0.5, 0.1], units=[7, 0, 3], rank=2, rank_without=[1, 12, 2])
    figure = units_effect_figure(value)
    bars = named(figure, "drop")
    np.testing.assert_array_equal(bars.x, value.drop)
    assert list(bars.marker.color) == [AMBER, BLUE, BLUE]
    assert words_of(figure)[2:] == ["unit 7", "unit 0", "unit 3"]
    numbers = [" ".join(seen(text).split()) for text in named(figure, "numbers").text]
    assert numbers == ["−0.90 rank 2 → 1", "0.50 rank 2 → 12", "0.10"]
    assert seen(named(figure, "rows").hovertext[0]) == (
        "unit 7 held at 0 score 1.500 → 2.400 probability 40.0\u00a0% → 49.0\u00a0% rank 2 → 1"
    )
    low, high = figure.layout.xaxis.range
    assert low <= -0.9 < 0.5 < high


def test_a_long_change_of_rank_goes_without_its_word():
    numbers = named(units_effect_figure(build_ablation([0.9], rank=1_234, rank_without=[12_345])), "numbers")
    assert seen(numbers.text[0]).endswith("0.90  1,234 → 12,345")


@pytest.mark.parametrize(
    ("units", "most", "last"),
    [(22, 20, "and 2 other units, "), (21, 20, "and 1 other unit, by "), (20, 20, "")],
)
def test_the_last_line_tells_what_is_not_drawn(units, most, last):
    value = build_ablation(build_drops(units))
    figure = units_effect_figure(value, most=most)
    assert len(named(figure, "drop").x) == 20
    said = words_of(figure)[-1]
    if last:
        assert said.startswith(last)
        assert said.endswith(f"{abs(value.drop[20]):.3f}")
    else:
        assert said == f"unit {value.units[-1]}"


def test_a_and_b_are_told_apart():
    figure = units_effect_figure(build_ablation([0.2], against=4))
    assert "how far the score of A − B falls without it, in nats" in words_of(figure)
    assert "rank of A 2 → " in seen(named(figure, "rows").hovertext[0])


def test_units_whose_effect_is_not_known_are_left_out():
    some = units_effect_figure(
        build_ablation([0.5, UNKNOWN, UNKNOWN], rank=None, rank_without=[3, 1, UNKNOWN])
    )
    assert list(named(some, "drop").x) == [0.5]
    assert "– → 3" in named(some, "numbers").text[0].replace("rank ", "")
    assert words_of(some)[-1] == "of 2 other units the effect is not known"
    none = units_effect_figure(build_ablation([UNKNOWN] * 3, rank=None, rank_without=[UNKNOWN] * 3))
    assert list(named(none, "drop").x) == []
    assert words_of(none)[-1] == "the scores were not kept: they are behind the best"


def test_units_that_do_nothing_still_have_an_axis():
    low, high = units_effect_figure(build_ablation([0.0, 0.0])).layout.xaxis.range
    assert low == 0 < high
