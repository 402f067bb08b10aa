"""How does a value made of arrays stay what it is?"""

from __future__ import annotations

from typing import Any

import numpy as np


def read_only(array: np.ndarray) -> np.ndarray:
    """A view of `array` that cannot be written to; the owner's own array is left as it is."""
    view = array.view()
    view.setflags(write=False)
    return view


class FrozenArrays:
    """Base of frozen dataclasses that hold arrays: each one is read-only, also after unpickling.

    A cache that pickles would otherwise hand out writable arrays.
    """

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, read_only(value))
            elif isinstance(value, dict):
                frozen = {k: read_only(v) if isinstance(v, np.ndarray) else v for k, v in value.items()}
                object.__setattr__(self, name, frozen)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        FrozenArrays.__post_init__(self)
