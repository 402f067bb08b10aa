"""Does a value made of arrays stay what it is?

Oracle: NumPy's own writeable flag, before and after pickling.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from gru_viz.frozen import FrozenArrays, read_only


@dataclass(frozen=True, eq=False)
class Value(FrozenArrays):
    array: np.ndarray
    table: dict[str, object]
    word: str = "word"


def test_read_only_leaves_the_owner_alone() -> None:
    owned = np.zeros(3)
    view = read_only(owned)
    assert owned.flags.writeable
    assert not view.flags.writeable
    assert np.shares_memory(owned, view)


@pytest.mark.parametrize(
    "through",
    [lambda v: v, lambda v: pickle.loads(pickle.dumps(v)), copy.copy, copy.deepcopy],
    ids=["made", "pickled", "copied", "deep-copied"],
)
def test_arrays_are_read_only(through: Callable[[Value], Value]) -> None:
    value = through(Value(np.arange(3), {"z": np.arange(2), "name": "z"}))
    for array in (value.array, value.table["z"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9
    assert value.array.tolist() == [0, 1, 2]
    assert value.table["name"] == "z"
    assert value.word == "word"


def test_the_callers_table_is_not_the_values_table() -> None:
    """Oracle: what the caller adds later is not seen."""
    table: dict[str, object] = {"z": np.zeros(1)}
    value = Value(np.zeros(1), table)
    table["r"] = np.zeros(1)
    assert list(value.table) == ["z"]
