"""Oracle: sizes and orders counted by hand; threads that all ask at once."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.ui.store import Store, held_bytes

MB = 1024**2


def numbers(megabytes: float) -> np.ndarray:
    return np.zeros(int(megabytes * MB), dtype=np.uint8)


def asked(store: Store, about: object, value: object = "new") -> object:
    return store.get(about, lambda: value)


def test_it_is_worked_out_once():
    store = Store(9, MB)
    assert [asked(store, ("a", 1), 5), asked(store, ("a", 1), 6), asked(store, ("a", 2), 7)] == [5, 5, 7]


def test_what_was_asked_for_longest_ago_goes_first():
    store = Store(2, MB)
    for name in ("a", "b", "a", "c"):
        asked(store, name, name)
    assert len(store) == 2
    assert asked(store, "a") == "a"
    assert asked(store, "b") == "new"


def test_bytes_are_bounded():
    """Of 3 + 4 + 5 MB the 4 beside the largest of the last two fit into 6, the 3 and 4 do not."""
    store = Store(99, 6 * MB)
    for size in (3, 4, 5):
        asked(store, size, numbers(size))
    assert len(store) == 2
    assert 9 * MB <= store.bytes < 9.1 * MB
    asked(store, "small", 1)
    assert len(store) == 3


def test_one_that_is_too_large_and_the_others_drive_each_other_not_out():
    store = Store(99, MB)
    asked(store, "small", 1)
    asked(store, "large", numbers(5))
    asked(store, "next", 2)
    assert len(asked(store, "large")) == 5 * MB
    assert [asked(store, "small"), asked(store, "next")] == [1, 2]


def test_of_two_that_are_too_large_the_newer_stays():
    store = Store(99, MB)
    for name in ("large", "also"):
        asked(store, name, numbers(5))
    assert len(store) == 1
    assert len(asked(store, "also")) == 5 * MB


def test_a_failure_is_not_kept():
    store = Store(9, MB)
    with pytest.raises(ZeroDivisionError):
        store.get("a", lambda: 1 / 0)
    assert len(store) == 0
    assert asked(store, "a", 5) == 5


def test_what_took_long_to_work_out_is_the_newest():
    """Oracle: by hand; others are asked for meanwhile, and one after it."""
    store = Store(2, MB)

    def long() -> str:
        for name in ("b", "c"):
            asked(store, name, name)
        return "a"

    assert store.get("a", long) == "a"
    asked(store, "d", "d")
    assert len(store) == 2
    assert asked(store, "a") == "a"


def test_what_was_asked_for_meanwhile_is_older():
    store = Store(3, MB)
    assert store.get("a", lambda: asked(store, "b", "a")) == "a"
    for name in ("c", "d"):
        asked(store, name, name)
    assert asked(store, "a") == "a"
    assert asked(store, "b") == "new"


def test_many_at_once_work_it_out_once():
    store, begun, worked = Store(9, MB), threading.Barrier(8), []

    def work() -> int:
        worked.append(threading.get_ident())
        return 5

    def ask() -> None:
        begun.wait()
        assert store.get("a", work) == 5

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(worked) == 1


def test_one_may_ask_for_another_meanwhile():
    store = Store(9, MB)
    assert store.get("a", lambda: 1 + store.get("b", lambda: 2)) == 3


@dataclass(frozen=True)
class Value:
    rows: np.ndarray
    also: tuple


def test_how_much_a_value_holds():
    rows = numbers(2)
    assert 2 * MB <= held_bytes(Value(rows, (rows, rows))) < 2.1 * MB  # the same array once
    assert held_bytes([numbers(1), numbers(1)]) >= 2 * MB
    assert held_bytes({"a": {"b": numbers(1)}}) >= MB
    assert held_bytes(None) < 100


def test_a_long_list_is_looked_at_in_part():
    """Oracle: all of it."""
    words = [f"item number {number:07}" for number in range(50_000)]
    whole = sys.getsizeof(words) + sum(map(sys.getsizeof, words))
    assert held_bytes(words) == pytest.approx(whole, rel=0.01)
    assert held_bytes(tuple(words)) == pytest.approx(whole, rel=0.02)


def test_a_catalogue_is_its_models():
    catalog = Catalog(tuple(f"i{number}" for number in range(20_000)))
    assert held_bytes((catalog, 1)) < 1000


def test_a_catalogue_that_no_model_holds_counts():
    """Oracle: its ids alone."""
    catalog = Catalog(tuple(f"i{number}" for number in range(20_000)))
    store = Store(9, MB, catalogues=True)
    asked(store, "log", (catalog, 1))
    assert store.bytes > sum(map(sys.getsizeof, catalog.ids))


def test_of_a_view_what_it_shows_counts():
    assert held_bytes(numbers(5)[:MB]) == MB
