"""What was worked out before, within so much memory?

What was asked for longest ago goes first. What several ask for at once is worked out by one of
them, while the others wait; unlike within Streamlit's own caches, a progress bar may be drawn.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from types import FunctionType, ModuleType
from typing import Any, TypeVar

import numpy as np

from gru_viz.catalog import Catalog

SAMPLE = 1_000  # of more values in one place so many are looked at; the others are taken to be like them
_NOBODYS = (type, ModuleType, FunctionType)

T = TypeVar("T")


class _Entry:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known, self.bytes = False, 0
        self.value: Any = None


class Store:
    """Values by what they are about, at most `most` of them and about `most_bytes` beside the largest.

    So one that is too large drives no others out, and they not it.

    catalogues: do these count, as where no model holds them anyway?
    """

    def __init__(self, most: int, most_bytes: int, catalogues: bool = False) -> None:
        self.most, self.most_bytes, self.catalogues = most, most_bytes, catalogues
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """About so many are held."""
        with self._lock:
            return sum(entry.bytes for entry in self._entries.values())

    def get(self, about: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` gives, or gave before for the same `about`; nobody may change it.

        Where it raises, nothing is kept.
        """
        with self._lock:
            entry = self._entries.setdefault(about, _Entry())
            self._entries.move_to_end(about)
        with entry.lock:
            if not entry.known:
                self._fill(entry, about, compute)
        value: Any = entry.value
        return value

    def _fill(self, entry: _Entry, about: Hashable, compute: Callable[[], object]) -> None:
        try:
            entry.value = compute()
        except BaseException:  # Streamlit ends a run by raising what is no Exception
            with self._lock:
                if self._entries.get(about) is entry:
                    del self._entries[about]
            raise
        entry.bytes = held_bytes(entry.value, self.catalogues)
        entry.known = True
        with self._lock:
            self._entries[about] = entry  # others may have driven it out meanwhile
            self._entries.move_to_end(about)
            self._make_room()

    def _make_room(self) -> None:
        while len(self._entries) > self.most or self._beside_the_largest() > self.most_bytes:
            self._entries.popitem(last=False)

    def _beside_the_largest(self) -> int:
        sizes = [entry.bytes for entry in self._entries.values()]
        return sum(sizes) - max(sizes, default=0)


def held_bytes(value: object, catalogues: bool = False) -> int:
    """About how much memory a value holds with all that it leads to; catalogues where they are to count.

    Of an array that looks into another one only what it shows counts: the other is mostly somebody
    else's, a log's or a model's.
    """
    others = _NOBODYS if catalogues else (*_NOBODYS, Catalog)
    total, left, seen = 0.0, [(value, 1.0)], set[int]()
    while left:
        one, times = left.pop()
        if id(one) in seen or isinstance(one, others):
            continue
        seen.add(id(one))
        held = getattr(one, "nbytes", None)  # of an array or a tensor
        if isinstance(held, int):
            total += times * held
            continue
        total += times * sys.getsizeof(one, 0)
        left += [(inner, times * often) for inner, often in _inside(one)]
    return round(total)


def _inside(one: object) -> list[tuple[object, float]]:
    """What a value leads to, each with how many it stands for."""
    found = gc.get_referents(one)
    if len(found) <= SAMPLE:
        return [(inner, 1.0) for inner in found]
    places = np.linspace(0, len(found) - 1, SAMPLE).astype(np.int64).tolist()
    return [(found[place], len(found) / SAMPLE) for place in places]
