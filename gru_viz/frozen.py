"""How does a value made of arrays stay what it is?"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np


def read_only(array: np.ndarray) -> np.ndarray:
    """A view of `array` that cannot be written to; the owner's own array is left as it is."""
    view = array.view()
    view.setflags(write=False)
    return view


def frozen(value: Any) -> Any:
    """`value` with every array in it, also in tuples and dictionaries, closed to writing."""
    if isinstance(value, np.ndarray):
        return read_only(value)
    if type(value) is tuple:
        return tuple(map(frozen, value))
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(inner) for key, inner in value.items()})
    return value


class FrozenArrays:
    """Base of frozen dataclasses that hold arrays: each one is read-only, also after unpickling.

    A cache that pickles would otherwise hand out writable arrays.
    """

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            object.__setattr__(self, name, frozen(value))

    def __getstate__(self) -> dict[str, Any]:
        unpicklable = MappingProxyType
        return {n: dict(v) if isinstance(v, unpicklable) else v for n, v in vars(self).items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        FrozenArrays.__post_init__(self)
