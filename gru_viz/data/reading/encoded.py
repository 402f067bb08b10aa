"""What does a column of ids or words hold: few distinct texts, and one code a row?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from gru_viz.data.reading.whole_numbers import whole_numbers

# Cells that tell whether equal ids stand together, and whether they come again soon.
LOOKED_AT = 1000
# With more distinct values among so many cells, looking for equal ones in one piece is in vain.
MOSTLY_DISTINCT = 0.9


@dataclass(frozen=True)
class Coded:
    """A column of text: row n says `values[codes[n]]`.

    values: distinct texts, in the order of their first row (numbers as item ids: in any order);
            int64 if sessions are whole numbers in plain form: few ask for their text
    codes:  (N,) int; -1 where the cell was empty and the caller chose to drop such rows
    """

    values: pa.StringArray | pa.Int64Array
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def as_text(self) -> Coded:
        return Coded(self.values.cast(pa.string()), self.codes)


@dataclass(frozen=True)
class Part:
    """A piece of a column: row n says `values[codes[n]]`.

    values:   texts, or int64 where each is a whole number in plain form
    codes:    (n,) int32
    distinct: True if no value comes again; False if one may
    prefix:   what stands before each of the numbers, as in SKU-17
    """

    values: pa.Array
    codes: np.ndarray
    distinct: bool = False
    prefix: str = ""

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def kind(self) -> tuple[pa.DataType, str]:
        return self.values.type, self.prefix


@dataclass(frozen=True)
class Encoded:
    """A column without missing cells, as it was read: in pieces, each with values of its own."""

    parts: Sequence[Part]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def is_numbers(self) -> bool:
        """Whether each cell of the column is a whole number in plain form."""
        return all(pa.types.is_integer(part.values.type) and not part.prefix for part in self.parts)


def encode(cells: pa.ChunkedArray, in_order: bool) -> Part:
    """A piece of a column of text or whole numbers, its values in the order of their first row.

    in_order: False allows numbers in any order, which is faster
    """
    if pa.types.is_string(cells.type) and _comes_in_runs(cells):
        return _text_runs(one_array(cells))
    if (numbers := whole_numbers(cells)) is not None:
        return encode_numbers(numbers, in_order)
    if _mostly_distinct(cells):
        return _as_it_is(one_array(cells))
    encoded = one_array(cells).dictionary_encode()
    return Part(encoded.dictionary, encoded.indices.to_numpy(), distinct=True)


def encode_dictionary(cells: pa.DictionaryArray) -> Part:
    """The same of what Parquet holds as codes already; its values may stand in any order there."""
    codes, seen = pd.factorize(cells.indices.to_numpy())
    return Part(cells.dictionary.take(pa.array(seen)), codes.astype(np.int32))


def join(column: Encoded) -> Coded:
    """The pieces as one column."""
    first = column.parts[0]
    if len(column.parts) == 1 and first.distinct:
        return Coded(_behind(first.prefix, first.values), first.codes)
    alike = len({part.kind for part in column.parts}) == 1
    values = [part.values if alike else _behind(part.prefix, part.values, text=True) for part in column.parts]
    codes, distinct = _distinct(pa.chunked_array(values))
    found = np.empty(len(column), dtype=np.int32)
    row = value = 0
    for part in column.parts:
        here = codes[value : value + len(part.values)]
        np.take(here, part.codes, out=found[row : row + len(part)], mode="clip")  # "raise" would copy
        row, value = row + len(part), value + len(part.values)
    return Coded(_behind(first.prefix, distinct) if alike else distinct, found)


def _behind(prefix: str, values: pa.Array, text: bool = False) -> pa.Array:
    """The values with what stands before them; without that and unless `text` numbers stay numbers."""
    if not prefix:
        return values.cast(pa.string()) if text else values
    return pc.binary_join_element_wise(prefix, values.cast(pa.string()), "")


def one_array(cells: pa.ChunkedArray) -> pa.Array:
    return cells.combine_chunks() if cells.num_chunks != 1 else cells.chunk(0)


def _distinct(values: pa.ChunkedArray) -> tuple[np.ndarray, pa.Array]:
    """(int32 codes, distinct values in the order in which they come)."""
    array = one_array(values)
    if pc.all(pc.greater_equal(array[1:], array[:-1])).as_py() is not False:  # ids that are counted up
        changes = pc.not_equal(array[1:], array[:-1]).to_numpy(zero_copy_only=False)
        return runs_of(changes), array.take(pa.array(starts_of(changes)))
    if pa.types.is_integer(array.type):  # twice as fast as Arrow's way
        codes, distinct = pd.factorize(array.to_numpy())
        return codes.astype(np.int32), pa.array(distinct)
    encoded = array.dictionary_encode()
    return encoded.indices.to_numpy(), encoded.dictionary


def encode_numbers(numbers: np.ndarray, in_order: bool) -> Part:
    """The same of whole numbers; (n,) int64, or uint64."""
    changes = numbers[1:] != numbers[:-1]
    if np.count_nonzero(changes) < len(numbers) / 2:  # as in a log that is sorted by session
        return _number_runs(numbers[starts_of(changes)], runs_of(changes))
    if not in_order and numbers.dtype == np.int64 and int(numbers.max()) - int(numbers.min()) < len(numbers):
        return _close_numbers(numbers)
    if _mostly_distinct(pa.chunked_array([numbers[:LOOKED_AT]])):
        return _as_it_is(pa.array(numbers))
    codes, values = pd.factorize(numbers)
    return Part(pa.array(values), codes.astype(np.int32), distinct=True)


def _number_runs(values: np.ndarray, codes: np.ndarray) -> Part:
    counted_up = bool((values[1:] > values[:-1]).all())
    return Part(pa.array(values), codes, distinct=counted_up)


def _close_numbers(numbers: np.ndarray) -> Part:
    """Numbers close together, in ascending order: a table instead of hashes."""
    least = numbers.min()
    place = numbers - least
    present = np.zeros(int(place.max()) + 1, dtype=bool)
    present[place] = True
    rank = np.cumsum(present, dtype=np.int32) - np.int32(1)
    return Part(pa.array(np.flatnonzero(present) + least), rank[place], distinct=True)


def _mostly_distinct(cells: pa.ChunkedArray) -> bool:
    """As session ids are in a log that is not sorted at all."""
    head = cells.slice(0, LOOKED_AT)
    return len(head) > 1 and pc.count_distinct(head).as_py() > MOSTLY_DISTINCT * len(head)


def _as_it_is(values: pa.Array) -> Part:
    return Part(values, np.arange(len(values), dtype=np.int32))


def _comes_in_runs(cells: pa.ChunkedArray) -> bool:
    """Do the same texts mostly stand together, as session ids do in a sorted log?"""
    head = cells.slice(0, LOOKED_AT).combine_chunks()
    return len(head) > 1 and pc.sum(pc.not_equal(head[1:], head[:-1])).as_py() < len(head) / 2


def _text_runs(cells: pa.StringArray) -> Part:
    changed = pc.not_equal(cells[1:], cells[:-1]).to_numpy(zero_copy_only=False)
    values, codes = cells.take(pa.array(starts_of(changed))), runs_of(changed)
    numbers = whole_numbers(pa.chunked_array([values]))
    return Part(values, codes) if numbers is None else _number_runs(numbers, codes)


def starts_of(changes: np.ndarray) -> np.ndarray:
    """Where each run begins, from whether each row but the first differs from the one before."""
    return np.append(0, np.flatnonzero(changes) + 1)


def runs_of(changes: np.ndarray) -> np.ndarray:
    """(n,) int32: the number of the run of each row."""
    runs = np.zeros(len(changes) + 1, dtype=np.int32)
    np.cumsum(changes, out=runs[1:])
    return runs
