"""Interventions as values: what is refused, what they are called, how they travel in a link.

Oracles: hand-written texts and phrases; the round trip.
"""

from __future__ import annotations

import string
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.interventions import (
    GATES,
    MOST_IN_A_LINK,
    QUANTITIES,
    Intervention,
    ablate,
    check,
    forget,
    freeze,
    from_text,
    keep_everything,
    no_memory,
    reset_closed,
    reset_open,
    to_text,
    within,
    words,
)


@st.composite
def anything(draw: st.DrawFn) -> Intervention:
    """Any intervention that there is."""
    quantity = draw(st.sampled_from(QUANTITIES))
    action = draw(st.sampled_from(["clamp", "scale"]))
    gate = quantity in GATES
    low, high = (0, 10 if gate else 1) if action == "scale" else (0 if gate else -1, 1)
    index = st.integers(0, 99_999)
    return Intervention(
        quantity,
        action,
        draw(st.floats(low, high)),
        draw(st.none() | st.lists(index | st.integers(0, 9), min_size=1, max_size=8).map(tuple)),
        draw(st.none() | st.tuples(index, index).map(lambda pair: tuple(sorted(pair)))),
        draw(st.none() | st.integers(-99_999, 99_999) | st.just(-1)),
    )


# --- values


def test_names_by_hand() -> None:
    """Oracle: written out."""
    assert keep_everything() == Intervention("z", "clamp", 0.0, None, None, -1)
    assert no_memory(clicks=(2, 2)) == Intervention("z", "clamp", 1.0, None, (2, 2))
    assert reset_closed([3]) == Intervention("r", "clamp", 0, (3,))
    assert reset_open(clicks=(0, 4)) == Intervention("r", "clamp", 1, None, (0, 4))
    assert freeze([5, 2], (1, 3)) == Intervention("z", "clamp", 0, (2, 5), (1, 3))
    assert ablate(np.array([4]), layer=0) == Intervention("h", "clamp", 0, (4,), None, 0)
    assert forget(6) == Intervention("h_prev", "clamp", 0, None, (6, 6), None)


def test_equal_values_are_equal_however_they_are_given() -> None:
    """Oracle: order and repeats of units, kinds of numbers and the sign of 0 tell nothing apart."""
    one = Intervention("h", "clamp", -0.0, (3, 1, 3), (np.int64(0), 2))
    assert one == Intervention("h", "clamp", 0, (1, 3), (0, 2))
    assert len({one, Intervention("h", "clamp", 0, (1, 3), (0, 2))}) == 1
    assert str(one.value) == "0.0"


@pytest.mark.parametrize(
    ("arguments", "fragment"),
    [
        (("q", "clamp", 0), "unknown quantity 'q'"),
        (("candidate", "clamp", 0), "unknown quantity"),
        (("z", "set", 0), "unknown action 'set'"),
        (("z", "clamp", 1.01), "z can be held at 0 to 1, not '1.01'"),
        (("r", "clamp", -0.01), "r can be held at 0 to 1"),
        (("z", "scale", 10.5), "scaled by 0 to 10"),
        (("z", "scale", -1), "scaled by 0 to 10"),
        (("h", "clamp", -1.5), "h can be held at -1 to 1"),
        (("h", "scale", 1.5), "h can be scaled by 0 to 1"),
        (("h_prev", "scale", -1), "scaled by 0 to 1"),
        (("z", "clamp", float("nan")), "needs a number"),
        (("z", "clamp", float("inf")), "needs a number"),
        (("z", "clamp", "much"), "needs a number, not 'much'"),
        (("z", "clamp", None), "needs a number"),
        (("z", "clamp", 0, ()), "at least one unit"),
        (("z", "clamp", 0, (1.5,)), "unit '1.5' is not a whole number"),
        (("z", "clamp", 0, (-1,)), "unit '-1' is outside"),
        (("z", "clamp", 0, (10**30,)), "unit '1000.*' is outside"),
        (("z", "clamp", 0, 3), "as a sequence"),
        (("z", "clamp", 0, None, (3, 2)), "from first to last"),
        (("z", "clamp", 0, None, (-1, 2)), "click '-1' is outside"),
        (("z", "clamp", 0, None, 3), "as \\(first, last\\)"),
        (("z", "clamp", 0, None, (1, 2, 3)), "as \\(first, last\\)"),
        (("z", "clamp", 0, None, None, "top"), "layer 'top' is not a whole number"),
    ],
)
def test_refused(arguments: tuple, fragment: str) -> None:
    """Oracle: one line that names what is wrong."""
    with pytest.raises(InputError, match=fragment) as error:
        Intervention(*arguments)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("one", "fragment"),
    [
        (ablate([5]), "unit 5 is outside the layer's 0..2"),
        (ablate([4], layer=0), None),
        (ablate([2]), None),
        (Intervention("z", "clamp", 0, (3,), None, None), "unit 3 is outside the layer's 0..2"),
        (ablate([0], layer=2), "layer 2 is outside the model's 0..1"),
        (ablate([0], layer=-3), "layer -3 is outside"),
        (ablate([0], layer=-2), None),
        (no_memory(clicks=(2, 4)), "click 4 is outside the session's 0..3"),
        (no_memory(clicks=(2, 3)), None),
        (forget(4), "click 4 is outside"),
        ("z_c0", "an intervention is wanted"),
    ],
)
def test_what_is_not_there_is_refused(one: Intervention, fragment: str | None) -> None:
    """Oracle: a model of 5 and 3 units, a session of 4 clicks."""
    if fragment is None:
        assert check([one], (5, 3), 4) == (one,)
    else:
        with pytest.raises(InputError, match=fragment):
            check([one], (5, 3), 4)


def test_one_alone_is_no_list() -> None:
    with pytest.raises(InputError, match="as a list"):
        check(forget(1), (5,), 4)  # the slip that is most easily made


def test_within_by_hand() -> None:
    """Oracle: read off: all, cut, whole, gone."""
    given_ = [keep_everything(), no_memory(clicks=(1, 5)), forget(2), forget(3)]
    assert within(given_, 3) == (keep_everything(), no_memory(clicks=(1, 2)), forget(2))


# --- words


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (no_memory(clicks=(5, 5)), "z held at 1 for all units at click 6"),
        (keep_everything(), "z held at 0 for all units at every click"),
        (freeze([3], (1, 4)), "z held at 0 for unit 3 at clicks 2 to 5"),
        (ablate([9, 3, 5]), "the state after the click held at 0 for units 3, 5 and 9 at every click"),
        (ablate(range(7)), "the state after the click held at 0 for 7 units at every click"),
        (forget(5), "everything forgotten before click 6"),
        (Intervention("r", "scale", 0.5, layer=0), "r scaled by 0.5 for all units at every click in layer 1"),
        (
            Intervention("r", "scale", 0.5, layer=-2),
            "r scaled by 0.5 for all units at every click in layer 2 from the top",
        ),
        (
            Intervention("h_prev", "clamp", -0.25, (1, 2), (0, 0), None),
            "the state before the click held at −0.25 for units 1 and 2 at click 1 in every layer",
        ),
    ],
)
def test_words_by_hand(one: Intervention, expected: str) -> None:
    assert words(one) == expected


def test_words_where_z_keeps() -> None:
    """Oracle: z_keep = 1 − z_write, so a held z changes its value and a scaled one its name."""
    assert words(no_memory(), "keeps") == "z held at 0 for all units at every click"
    scaled = Intervention("z", "scale", 0.5)
    assert words(scaled, "keeps") == "1 − z scaled by 0.5 for all units at every click"
    assert words(reset_open(), "keeps") == words(reset_open())


# --- links


@pytest.mark.parametrize(
    ("interventions", "text"),
    [
        ((), ""),
        ((no_memory(clicks=(5, 5)),), "z_c1_t6"),
        ((forget(0), keep_everything(clicks=(1, 4))), "p_c0_t1_lall~z_c0_t2-5"),
        ((ablate([3, 5, 6, 7, 9], layer=0),), "h_c0_u3.5-7.9_l1"),
        ((Intervention("r", "scale", 0.5, (0,), None, -2),), "r_s0.5_u0_l-2"),
        ((Intervention("h", "clamp", -0.125),), "h_c-0.125"),
        ((Intervention("z", "scale", 10),), "z_s10"),
    ],
)
def test_texts_by_hand(interventions: tuple[Intervention, ...], text: str) -> None:
    assert to_text(interventions) == text
    assert from_text(text) == interventions


@given(st.lists(anything(), max_size=MOST_IN_A_LINK).map(tuple))
def test_text_and_back(interventions: tuple[Intervention, ...]) -> None:
    """Oracle: the value itself; an address leaves every character as it is."""
    text = to_text(interventions)
    assert from_text(text) == interventions
    assert set(text) <= set(string.ascii_letters + string.digits + "-._~")


@given(st.text() | st.text("zrhpcsutl_~.-0123456789eal", max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    """Oracle: InputError, or a value that gives a text again."""
    with suppress(InputError):
        found = from_text(text)
        assert from_text(to_text(found)) == found


@given(st.lists(anything(), min_size=1, max_size=3), st.data())
def test_no_damaged_text_raises_anything_else(interventions: list[Intervention], data: st.DataObject) -> None:
    """Oracle: the same, for texts with one character replaced; what is said is one line."""
    text = to_text(interventions)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("zrhpcsutl_~.-0123456789e ٣\n"))
    said = ""
    try:
        from_text(text[:place] + other + text[place + 1 :])
    except InputError as error:
        said = str(error)
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("z_c2", "held at 0 to 1"),
        ("z_c1_t0", "click '-1' is outside"),
        ("z_c1_t5-3", "from first to last"),
        ("z_c1_u5-3", "do not rise"),
        ("z_c1_u3.3", "do not rise"),
        ("z_c1_u0-999999", "do not rise, or go beyond"),
        ("z_c1_l0", "count from 1"),
        ("z_c1_t٣", "is no intervention"),
        ("z_c1 ", "is no intervention"),
        ("z_c1~", "is no intervention"),
        ("~" * 50, "at most 20"),
        ("z_c" + "9" * 100_000, "is no intervention"),
        ("~".join(["z_c0"] * 21), "at most 20"),
    ],
)
def test_texts_refused(text: str, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        from_text(text)


def test_a_link_holds_only_so_many() -> None:
    with pytest.raises(InputError, match="at most 20"):
        to_text([keep_everything()] * 21)
