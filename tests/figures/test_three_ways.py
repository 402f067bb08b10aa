"""Are the three answers those of the value, in words that a reader of the list knows?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gru_viz.explain.verdict import verdict
from gru_viz.explain.words import plain
from gru_viz.figures import three_ways
from gru_viz.figures.palette import INK, MUTED, QUANTITIES
from gru_viz.figures.style import LIGHTER, SMALL
from gru_viz.figures.three_ways import COLUMNS, ROW
from tests.figures.conftest import build_trace
from tests.figures.values import build_why, named, notes_of, seen, words_of

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
    """The words above the rows, from top to bottom; those of the head stand higher than row 0."""
    return [seen(text) for x, y, text, *_ in notes_of(figure) if y >= 0 and x == 0]


def drawn_as(bars, values):
    """Are the bars as long as these values, and which length has a value of 1?"""
    lengths, values = np.array(bars.x, dtype=float), np.array(values, dtype=float)
    np.testing.assert_array_equal(np.isnan(lengths), np.isnan(values))
    largest = np.nanargmax(np.abs(values))
    one = lengths[largest] / values[largest]
    np.testing.assert_allclose(lengths, values * one, atol=1e-15)
    assert one > 0
    return one


def test_a_row_a_click_and_the_rest_of_the_sums(three, known):
    figure = three_ways(known, three)
    assert labels_of(figure) == [
        "1  Mug", "2  <Lamp>", "3  Mug", "bias of the item", "bias of the candidates", "sum = score",
    ]  # fmt: skip
    deletion, write, click = columns_of(figure)
    drawn_as(deletion, [*DROPS, np.nan, np.nan])
    drawn_as(write, [*WRITE, -0.5, np.nan])
    drawn_as(click, [*CLICK, -0.5, 0.25])


@pytest.mark.parametrize("most", [1, 3, 20, 200])
@pytest.mark.parametrize("h0", [0.0, 0.75])
def test_each_ledgers_bars_add_up_to_its_total(most, h0):
    trace = build_trace(clicks=200)
    why = build_why(trace, h0=h0)
    figure = three_ways(why, trace, most=most)
    for name, ledger in (("write", why.write), ("click", why.click)):
        bars = named(figure, name)
        bias = labels_of(figure).index("bias of the item")
        assert np.nansum(bars.x) / bars.x[bias] == pytest.approx(ledger.total / ledger.bias)
    assert ("before the first click" in labels_of(figure)) == (h0 != 0)


def test_sums_are_written_under_their_columns(three, known):
    shown = [text for x, y, text, *_ in notes_of(three_ways(known, three)) if y >= 5 and x > 0]
    assert shown == [f"<b>{known.write.total:.2f}</b>", f"<b>{known.click.total:.2f}</b>".replace("-", "−")]


def test_the_ledgers_share_a_scale_and_deletion_has_its_own(three, known):
    deletion, write, click = columns_of(three_ways(known, three))
    one = drawn_as(write, [*WRITE, -0.5, np.nan])
    assert one == pytest.approx(drawn_as(click, [*CLICK, -0.5, 0.25]))
    assert one != pytest.approx(drawn_as(deletion, [*DROPS, np.nan, np.nan]))
    larger = build_why(three, drops=np.multiply(DROPS, 1000), write=WRITE, click=CLICK)
    assert drawn_as(columns_of(three_ways(larger, three))[1], [*WRITE, -0.5, np.nan]) == pytest.approx(one)


def test_every_bar_stands_in_its_column_with_room_for_its_number(three, known):
    for bars, (left, right) in zip(columns_of(three_ways(known, three)), COLUMNS, strict=True):
        ends = np.nan_to_num([bars.base, *(bars.base + np.array(bars.x))], nan=bars.base)
        assert left - 1e-9 <= ends.min() <= left + 0.6 * (right - left)
        assert left < ends.max() < left + 0.8 * (right - left)
    numbers = named(three_ways(known, three), "numbers")
    assert len(numbers.text) == len(numbers.x) == len(numbers.y) == 3 * 5
    assert all(
        max(bars.base, bars.base + bars.x[1]) == numbers.x[1 + 5 * place]
        for place, bars in enumerate(columns_of(three_ways(known, three)))
    )


def test_the_deletion_column_draws_what_a_reader_of_the_list_sees(three, known):
    drawn_as(named(three_ways(known, three), "deletion"), [*known.deletion.drop, np.nan, np.nan])
    assert not np.isin(known.deletion.score_drop, known.deletion.drop).any()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_earlier_clicks_are_memory_and_this_click_is_the_candidate(three, known, theme):
    figure = three_ways(known, three, theme)
    blue, orange = QUANTITIES["h"].color(theme), QUANTITIES["candidate"].color(theme)
    for bars, top in zip(columns_of(figure), (0, 1, 0), strict=True):
        assert list(bars.marker.color) == [blue, blue, orange] + [MUTED[theme]] * 2
        assert list(bars.marker.opacity) == [1.0 if row == top else LIGHTER for row in range(5)]
        assert bars.marker.line.color == bars.marker.color
        assert bars.marker.line.width == 1
    assert words_of(figure)[0] == "■ earlier clicks  ■ this click · full colour: the largest"
    assert f'<span style="color:{orange}">■ this click' in notes_of(figure)[0][2]


def test_a_head_says_whether_its_top_click_is_deletions(three, known):
    """Apart from how the column is booked, which stands right above it: by a sign, in ink, with a gap."""
    figure = three_ways(known, three)
    badges = [(seen(text), y, color) for _, y, text, _, color in notes_of(figure) if "leads" in text]
    assert [text for text, *_ in badges] == ["✗ another click leads", "✓ the same click leads"]
    assert {color for *_, color in badges} == {INK["light"]}
    captions = [(text, y) for _, y, text, *_ in notes_of(figure) if text.startswith("by the click")]
    assert all(text.count("<br>") == 1 for text, _ in captions)
    gap = abs(badges[0][1] - captions[0][1]) * ROW - 2 * SMALL * 1.3  # below two lines
    assert gap > 4


def test_a_head_says_where_no_click_leads(three):
    figure = three_ways(build_why(three, drops=DROPS, write=[-1, -2, 0], click=CLICK), three)
    assert [text for text in words_of(figure) if "leads" in text] == [
        "✗ no click leads",
        "✓ the same click leads",
    ]


def test_nothing_is_compared_where_no_deletion_lowers_the_score(three):
    figure = three_ways(build_why(three, drops=[-1, -1, 0]), three)
    assert not [text for text in words_of(figure) if "leads" in text]


def beside(figure):
    """The words beside the deletion's bars."""
    numbers = next(trace for trace in figure.data if trace.name == "numbers")
    return [seen(text).strip().replace("\u00a0", " ") for text in numbers.text]


def test_beside_a_bar_stands_by_what_the_probability_is_divided():
    trace = build_trace(clicks=3, n_items=3000)
    why = build_why(trace, drops=[np.log(0.4 / 0.03), 0, np.log(100)], ranks=[12.0, 1.0, 1500.0])
    figure = three_ways(why, trace)
    assert beside(figure)[:3] == ["÷ 13, rank 12", "× 1", "÷ 100, rank 1,500"]
    heads = [text.replace("\u00a0", " ") for text in words_of(figure)]
    assert "40 % and rank 1; without the click ÷ or × (bars: log scale)" in heads
    numbers = next(trace for trace in figure.data if trace.name == "numbers")
    assert ["<b>" in text for text in numbers.text[:5]] == [False, False, True, False, False]


@pytest.mark.parametrize("against", [None, 1])
def test_every_deletions_bar_is_as_long_as_its_label_says(against):
    """The oracle: the label read back. Its logarithm is the bar, but for the two digits it is rounded to."""
    trace = build_trace(clicks=6)
    drops = np.log([17, 1 / 1.4, 2.6, 1 / 290, 8_000, 1.2])
    figure = three_ways(build_why(trace, against=against, drops=drops, ranks=np.ones(6)), trace)
    read = [
        (1 if sign == "÷" else -1) * np.log(float(factor.replace(",", "")))
        for sign, factor in (label.split() for label in beside(figure)[:6])
    ]
    np.testing.assert_allclose(read, drops, atol=0.05)
    drawn_as(columns_of(figure)[0], [*drops, np.nan, np.nan])


@pytest.mark.parametrize(
    ("score", "with_all", "drops", "factors", "without"),
    [
        (np.log(203), "200 times", np.log([203 / 13, 1, 500]), ["÷ 16", "× 1", "÷ 500"], "13 times"),
        (-np.log(2.3), "1/2.3", np.log([1 / 2.3, 10, 1]), ["× 2.3", "÷ 10", "× 1"], "about"),
        (np.log(1.001), "about", np.log([1.002, 1, 0.5]), ["× 1", "× 1", "× 2"], "about"),
        (np.log(9.96), "10 times", [800, -800, 0], ["÷ over 10⁶", "× over 10⁶", "× 1"], "under 1/1,000,000"),
    ],
)
def test_of_two_items_the_odds_are_told(three, score, with_all, drops, factors, without):
    why = build_why(three, against=1, drops=drops)
    object.__setattr__(why.deletion, "score", score)
    figure = three_ways(why, three)
    assert beside(figure)[:3] == factors
    assert f"{with_all} as likely; without the click ÷ or × (bars: log scale)" in words_of(figure)
    first = seen(named_first_rows(figure).hovertext[0])
    assert first.startswith(f"1  Mug without it: {without} as likely instead of {with_all} as likely")


def test_the_head_and_the_pages_first_line_round_alike(three):
    why = build_why(three, against=1, drops=[1.0, 0.0, 0.0])
    object.__setattr__(why.deletion, "score", np.log(203))
    first_line, head = plain(verdict(three, why)), " ".join(words_of(three_ways(why, three)))
    assert "200 times as likely" in first_line
    assert "200 times as likely" in head
    assert "203" not in first_line + head


@pytest.mark.parametrize("width", [300, 1000])
def test_words_beside_a_bar_fit_their_column(width):
    trace = build_trace(clicks=3, n_items=3000)
    why = build_why(trace, drops=[5, 1, 3], ranks=[1500.0, 1.0, 2.0])
    figure = three_ways(why, trace)
    bars = named(figure, "deletion")
    for length, text in zip(bars.x[:3], beside(figure), strict=False):
        assert (bars.base + length) * width + len(text) * 5 <= 0.475 * width


def test_of_many_clicks_those_with_the_largest_values_are_shown_in_order():
    trace = build_trace(clicks=200)
    drops, write, click = np.zeros(200), np.full(200, 0.01), np.full(200, -0.02)
    drops[150], write[7], click[42] = 0.001, 2.0, -3.0
    why = build_why(trace, drops=drops, write=write, click=click, ranks=np.ones(200))
    figure = three_ways(why, trace, most=30)
    assert [label.split()[0] for label in labels_of(figure)[:3]] == ["8", "43", "151"]
    assert labels_of(figure)[3] == "197 other clicks together"
    deletion, written, carried = columns_of(figure)
    assert np.isnan(deletion.x[3])
    assert written.x[3] / written.x[0] == pytest.approx((198 * 0.01 - 0.01) / 2.0)
    assert carried.x[3] / carried.x[1] == pytest.approx(197 * 0.02 / 3.0)


def test_a_click_is_large_or_small_within_its_column():
    trace = build_trace(clicks=13)
    drops, write, click = np.full(13, 0.001), np.full(13, 4.9), np.full(13, 0.49)
    drops[0], drops[1], write[2], click[3] = 0.1, 0.0051, 100.0, 10.0
    ranks = np.ones(13)
    ranks[5] = 2
    for kept, most in (("12346", 20), ("1234", 4), ("134", 3)):
        figure = three_ways(
            build_why(trace, drops=drops, write=write, click=click, ranks=ranks), trace, most=most
        )
        assert "".join(label.split()[0] for label in labels_of(figure)[: len(kept)]) == kept
        assert labels_of(figure)[len(kept)] == f"{13 - len(kept)} other clicks together"
    twelve = build_why(build_trace(clicks=12), drops=drops[:12], write=write[:12], click=click[:12])
    assert not [label for label in labels_of(three_ways(twelve, build_trace(clicks=12))) if "other" in label]


def test_a_top_click_is_shown_however_short_its_bar():
    trace = build_trace(clicks=13)
    drops, nothing = np.zeros(13), np.zeros(13)
    drops[3], drops[8] = -1.0, 0.01
    figure = three_ways(build_why(trace, drops=drops, write=nothing, click=nothing, ranks=np.ones(13)), trace)
    assert [label.split()[0] for label in labels_of(figure)[:3]] == ["4", "9", "11"]


def test_ranks_count_for_nothing_where_two_items_are_compared():
    trace = build_trace(clicks=13)
    drops, write = np.zeros(13), np.zeros(13)
    drops[4] = write[4] = 1.0
    figure = three_ways(build_why(trace, against=0, drops=drops, write=write, click=write), trace)
    assert labels_of(figure)[1] == "12 other clicks together"


def test_one_click_left_over_is_not_called_clicks():
    trace = build_trace(clicks=3)
    assert "1 other click" in labels_of(three_ways(build_why(trace), trace, most=2))


def test_a_click_ledger_that_cannot_be_told_leaves_its_column_empty(three, known):
    figure = three_ways(replace(known, click=None), three)
    assert "cannot be told here" in words_of(figure)
    assert "Carried from" in words_of(figure)
    assert np.isnan(named(figure, "click").x).all()
    assert labels_of(figure) == ["1  Mug", "2  <Lamp>", "3  Mug", "bias of the item", "sum = score"]
    drawn_as(named(figure, "write"), [*WRITE, -0.5])
    (badge,) = (text for text in words_of(figure) if "leads" in text)
    assert badge == "✗ another click leads"


def test_without_ledgers_deletion_has_the_whole_width(three):
    figure = three_ways(build_why(three, ledgers=False, drops=DROPS), three)
    assert [trace.name for trace in figure.data if trace.type == "bar"] == ["deletion", "rows"]
    bars = named(figure, "deletion")
    assert bars.base + min(bars.x) == pytest.approx(0)
    assert bars.base + max(bars.x) > 0.5
    assert labels_of(figure) == ["1  Mug", "2  <Lamp>", "3  Mug"]


def test_one_click_cannot_be_deleted():
    trace = build_trace(clicks=1)
    for ledgers in (True, False):
        figure = three_ways(build_why(trace, ledgers=ledgers), trace)
        assert "only one click" in words_of(figure)
        assert not [text for text in words_of(figure) if "without the click" in text]
        assert np.isnan(named(figure, "deletion").x[0])


def test_two_items_are_named_above_the_columns(three):
    figure = three_ways(build_why(three, against=1), three)
    assert words_of(figure)[1] in ("Mug against <Lamp>", "<Lamp> against <Lamp>")
    assert "sum = its lead" in labels_of(figure)


def test_a_trace_that_goes_on_is_read_up_to_the_step():
    trace = build_trace(clicks=6)
    figure = three_ways(build_why(trace.prefix(4)), trace)
    assert len(named(figure, "deletion").x) == 4 + 2


def test_hovering_tells_all_that_is_known_of_a_click(three):
    why = build_why(three, drops=DROPS, write=WRITE, click=CLICK, ranks=[12, 1, 1])
    first, second = (
        seen(text).replace("\u00a0", " ") for text in named_first_rows(three_ways(why, three)).hovertext[:2]
    )
    assert first == (
        "1  Mug without it: 5 % instead of 40 %, rank 12 instead of 1 written at: 0.25 carried from: 1.00"
    )
    assert second.startswith("2  <Lamp> without it: over 99 % instead of 40 %, rank 1 as with it written")


def named_first_rows(figure):
    return next(trace for trace in figure.data if trace.name == "rows")
