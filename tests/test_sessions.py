"""Do flat arrays and single sessions say the same?

Oracle: a list of sessions in plain Python.
"""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog, Session
from tests.models import small_catalog

LISTS = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=6), min_size=1, max_size=8)


def log_of(lists: list[list[int]], timed: bool = True) -> ClickLog:
    sessions = [
        Session(np.array(items), np.arange(len(items)) + 0.5 if timed else None, f"s{number}")
        for number, items in enumerate(lists)
    ]
    return ClickLog.from_sessions(small_catalog(), sessions)


def lists_of(log: ClickLog) -> list[list[int]]:
    return [session.items.tolist() for session in log]


@given(LISTS, st.booleans())
def test_a_log_is_its_sessions(lists: list[list[int]], timed: bool) -> None:
    """Oracle: the lists it was made of."""
    log = log_of(lists, timed)
    assert lists_of(log) == lists
    assert len(log) == len(lists)
    assert log.n_clicks == sum(map(len, lists))
    assert log.lengths.tolist() == [len(items) for items in lists]
    for number, session in enumerate(log):
        assert session.session_id == f"s{number}"
        assert len(session) == len(lists[number])
        if timed:
            assert session.times.tolist() == [t + 0.5 for t in range(len(session))]
        else:
            assert session.times is None


@given(LISTS, st.data())
def test_select_picks_and_orders(lists: list[list[int]], data: st.DataObject) -> None:
    """Oracle: list indexing, repeats allowed."""
    picked = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=6))
    log = log_of(lists).select(np.array(picked, dtype=np.int64))
    assert lists_of(log) == [lists[index] for index in picked]
    assert list(log.session_ids) == [f"s{index}" for index in picked]
    assert [session.times[0] for session in log] == [0.5] * len(picked)


def test_times_only_if_every_session_has_them(catalog: Catalog) -> None:
    log = ClickLog.from_sessions(catalog, [Session([0], [1.0]), Session([1])])
    assert log.times is None


@pytest.mark.parametrize("index", [-1, 2, 99])
def test_there_is_no_such_session(index: int) -> None:
    with pytest.raises(IndexError, match=r"outside 0\.\.1"):
        log_of([[1], [2, 3]])[index]


@pytest.mark.parametrize("items", [[], [[1, 2]], 3])
def test_what_is_no_session(items: object) -> None:
    """Oracle: a session is a row of at least one click."""
    with pytest.raises(InputError, match="at least one click"):
        Session(items)


def test_a_log_needs_sessions(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="no sessions"):
        ClickLog.from_sessions(catalog, [])


def test_arrays_are_int64_and_float64_and_read_only() -> None:
    session = pickle.loads(pickle.dumps(Session(np.array([1, 2], dtype=np.int32), np.array([1, 2]))))
    log = log_of([[1], [2, 3]])
    for array, dtype in (
        (session.items, np.int64),
        (session.times, np.float64),
        (log.items, np.int64),
        (log.offsets, np.int64),
        (log[1].items, np.int64),
    ):
        assert array.dtype == dtype
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_finding_sessions_by_id_and_by_item(catalog: Catalog) -> None:
    """Oracle: four sessions written out; an id that returns names its first session."""
    rows = [("a", [0, 1]), ("b", [2, 2]), ("a", [3, 1]), ("c", [4, 5])]
    log = ClickLog.from_sessions(catalog, [Session(np.array(i), session_id=n) for n, i in rows])
    assert log.place("b") == 1
    assert log.place("nobody") is None
    assert log.find("a").tolist() == [0, 1]
    assert log.find("nobody") is None
    assert log.sessions_with([1, 5], limit=9) == [0, 2, 3]
    assert log.sessions_with([1, 5], limit=2) == [0, 2]
    assert log.sessions_with([], limit=2) == []
