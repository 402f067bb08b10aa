"""Edits of a session. Oracles: sessions written out; Python's own list methods; recordings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.edits import ACTIONS, Edit, apply, delete, insert, move, repeat, replace, swap
from gru_viz.errors import InputError
from gru_viz.model import GRU4Rec
from gru_viz.record import record

ABCD = (10, 11, 12, 13)


@pytest.mark.parametrize(
    ("edit", "expected", "words"),
    [
        (Edit("delete", 2), (10, 11, 13), "click 3 deleted"),
        (Edit("delete", 0), (11, 12, 13), "click 1 deleted"),
        (Edit("insert", 1, 99), (10, 99, 11, 12, 13), "another item inserted as click 2"),
        (Edit("insert", 4, 99), (10, 11, 12, 13, 99), "another item inserted as click 5"),
        (Edit("replace", 3, 99), (10, 11, 12, 99), "click 4 replaced by another item"),
        (Edit("swap", 3, other=0), (13, 11, 12, 10), "clicks 1 and 4 swapped"),
        (Edit("swap", 1, other=1), ABCD, "clicks 2 and 2 swapped"),
        (Edit("repeat", 1), (10, 11, 11, 12, 13), "click 2 repeated"),
        (Edit("move", 0, other=2), (11, 12, 10, 13), "click 1 moved to place 3"),
        (Edit("move", 3, other=0), (13, 10, 11, 12), "click 4 moved to place 1"),
    ],
)
def test_by_hand(edit: Edit, expected: tuple[int, ...], words: str) -> None:
    """Oracle: written out; what it was applied to stays as it was."""
    assert edit.apply(ABCD) == expected
    assert edit.words == words
    assert ABCD == (10, 11, 12, 13)


def test_one_after_the_other() -> None:
    """Oracle: read off; the second delete counts what the first one left."""
    assert apply([Edit("delete", 1), Edit("delete", 1), Edit("repeat", 0)], ABCD) == (10, 10, 13)
    assert apply([], np.array([3, 4])) == (3, 4)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=9), st.data())
def test_what_undoes_what(items: list[int], data: st.DataObject) -> None:
    """Oracle: the session itself, after an edit and the one that takes it back; list.insert and pop."""
    clicks = tuple(items)
    a, b = (data.draw(st.integers(0, len(clicks) - 1)) for _ in range(2))
    item = data.draw(st.integers(0, 9))
    assert delete(insert(clicks, a, item), a) == clicks
    assert delete(repeat(clicks, a), a) == clicks
    assert replace(replace(clicks, a, item), a, clicks[a]) == clicks
    assert swap(swap(clicks, a, b), b, a) == clicks
    assert move(move(clicks, a, b), b, a) == clicks
    moved = list(items)
    moved.insert(b, moved.pop(a))
    assert move(clicks, a, b) == tuple(moved)
    if abs(a - b) == 1:
        assert move(clicks, a, b) == swap(clicks, a, b)


@pytest.mark.parametrize("click", range(8))
def test_a_deleted_click_is_the_shorter_session(any_model: GRU4Rec, clicks: list[int], click: int) -> None:
    """Oracle: `record` of the list without it, bit for bit."""
    shorter = record(any_model, clicks[:click] + clicks[click + 1 :])
    np.testing.assert_array_equal(record(any_model, delete(clicks, click)).scores, shorter.scores)


@pytest.mark.parametrize(
    ("call", "fragment"),
    [
        (lambda: delete((3,), 0), "the only click"),
        (lambda: delete(ABCD, 4), "click 4 is outside 0..3"),
        (lambda: delete(ABCD, -1), "click '-1' is below 0"),
        (lambda: insert(ABCD, 5, 1), "click 5 is outside 0..4"),
        (lambda: insert(ABCD, 0, -1), "item index '-1' is below 0"),
        (lambda: replace(ABCD, 0, 1.5), "item index '1.5' is not a whole number"),
        (lambda: swap(ABCD, 0, 4), "click 4 is outside"),
        (lambda: move(ABCD, 0, 4), "click 4 is outside"),
        (lambda: repeat((), 0), "at least one click"),
        (lambda: Edit("erase", 0), "unknown edit 'erase'"),
        (lambda: Edit("insert", 0), "insert takes an item"),
        (lambda: Edit("delete", 0, 3), "delete takes no item"),
        (lambda: Edit("swap", 0), "swap takes another click"),
        (lambda: Edit("repeat", 0, other=1), "repeat takes no other click"),
    ],
)
def test_refused(call, fragment: str) -> None:
    """Oracle: one line that names what is wrong."""
    with pytest.raises(InputError, match=fragment):
        call()


@given(st.sampled_from(ACTIONS), st.integers(0, 5), st.integers(0, 5), st.integers(1, 4))
def test_an_edit_raises_nothing_but_input_errors(action: str, click: int, other: int, length: int) -> None:
    """Oracle: a session of the length that the action tells, or an InputError."""
    edit = Edit(
        action,
        click,
        7 if action in ("insert", "replace") else None,
        other if action in ("swap", "move") else None,
    )
    try:
        edited = edit.apply(range(length))
    except InputError:
        assert max(click, other if action in ("swap", "move") else 0) >= length or action == "delete"
    else:
        assert len(edited) == length + {"delete": -1, "insert": 1, "repeat": 1}.get(action, 0)
