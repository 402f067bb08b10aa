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
# A catalogue belongs to its model, which is held anyway.
_NOT_ITS_OWN = (type, ModuleType, FunctionType, Catalog)

T = TypeVar("T")


class _Entry:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.known, self.bytes = False, 0
        self.value: Any = None


class Store:
    """Values by what they are about, at most `most` and about `most_bytes` of them.

    The newest always stays.
    """

    def __init__(self, most: int, most_bytes: int) -> None:
        self.most, self.most_bytes = most, most_bytes
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
                entry.value = compute()
                entry.bytes = held_bytes(entry.value)
                entry.known = True
                self._make_room()
        value: Any = entry.value
        return value

    def _make_room(self) -> None:
        with self._lock:
            held = sum(entry.bytes for entry in self._entries.values())
            while len(self._entries) > 1 and (len(self._entries) > self.most or held > self.most_bytes):
                _, oldest = self._entries.popitem(last=False)
                held -= oldest.bytes


def held_bytes(value: object) -> int:
    """About how much memory a value holds with all that it leads to, catalogues left out."""
    total, left, seen = 0.0, [(value, 1.0)], set[int]()
    while left:
        one, times = left.pop()
        if id(one) in seen or isinstance(one, _NOT_ITS_OWN):
            continue
        seen.add(id(one))
        held = getattr(one, "nbytes", None)  # of an array or a tensor: what it looks into counts whole
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
