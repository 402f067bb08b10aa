"""Does each row of a column keep what was written in it, however its pieces are coded?

The oracle is the list of cells itself: values taken at the codes must give it back,
and no text may have two codes.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from gru_viz.data.reading.encoded import Encoded, Part, encode, join

COLUMNS = {
    "counted up, in runs": ["3"] * 3 + ["5"] * 4 + ["70"] * 2,
    "a number comes again": ["3"] * 3 + ["5"] * 3 + ["3"] * 3,
    "counted down": ["9"] * 3 + ["8"] * 3 + ["7"] * 3,
    "leading zeros": ["7"] * 3 + ["007"] * 3 + ["07"] * 3,
    "hexadecimal as long as its plain form": ["0xFFFFF"] * 3 + ["0x0"] * 3 + ["1048575"] * 3,
    "zero": ["0"] * 3 + ["1"] * 3,
    "a word comes again": ["a"] * 3 + ["b"] * 3 + ["a"] * 3,
    "no runs": ["2", "1", "2", "3", "1"],
}


@pytest.mark.parametrize("cells", COLUMNS.values(), ids=COLUMNS.keys())
@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("cut", [None, 4])
def test_every_row_says_what_was_written(cells: list[str], in_order: bool, cut: int | None) -> None:
    pieces = [cells] if cut is None else [cells[:cut], cells[cut:]]
    column = Encoded([encode(pa.chunked_array([pa.array(piece)]), in_order) for piece in pieces])
    coded = join(column).as_text
    assert coded.values.take(pa.array(coded.codes)).to_pylist() == cells
    assert len(set(coded.values.to_pylist())) == len(coded.values)


@pytest.mark.parametrize("prefixes", [["s"], ["s", "s"], ["s", ""], ["s", "u"]])
def test_numbered_ids_are_texts_in_the_end(prefixes: list[str]) -> None:
    numbers, codes = pa.array([3, 14]), np.array([0, 1, 1], dtype=np.int32)
    column = Encoded([Part(numbers, codes, distinct=True, prefix=prefix) for prefix in prefixes])
    assert not column.is_numbers
    coded = join(column)
    cells = [prefix + number for prefix in prefixes for number in ("3", "14", "14")]
    assert coded.values.take(pa.array(coded.codes)).to_pylist() == cells
    assert len(set(coded.values.to_pylist())) == len(coded.values)
