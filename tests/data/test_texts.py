"""Are ids that become strings only when asked for the same as strings? Oracle: a tuple of them."""

from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
import pytest

from gru_viz.data.reader import read_log
from gru_viz.data.reading.texts import Texts

CASES: dict[str, tuple[pa.Array, tuple[str, ...]]] = {
    "texts": (pa.array(["a", "é", "", "007"]), ("a", "é", "", "007")),
    "numbers": (pa.array([5, -7, 2**62]), ("5", "-7", str(2**62))),
    "none": (pa.array([], pa.string()), ()),
    "a part": (pa.array(["x", "a", "b", "y"])[1:3], ("a", "b")),
}


@pytest.mark.parametrize("case", CASES)
def test_as_the_tuple(case: str) -> None:
    array, expected = CASES[case]
    texts = Texts(array)
    assert list(texts) == list(expected)
    assert len(texts) == len(expected)
    assert [texts[i] for i in range(len(texts))] == list(expected)
    assert texts == expected
    assert expected == texts
    assert texts == list(expected)
    assert texts == Texts(pa.array(expected, pa.string()))
    assert hash(texts) == hash(expected)
    assert texts != (*expected, "z")
    assert texts != 7
    assert pickle.loads(pickle.dumps(texts)) == expected
    assert texts[1:] == expected[1:]
    assert "nobody" not in texts


def test_one_text() -> None:
    texts = Texts(pa.array(["a", "b", "c", "d"]))
    assert texts[-1] == "d"
    assert texts[np.int64(3)] == "d"  # type: ignore[call-overload]
    assert type(texts[0]) is str
    assert repr(texts) == "<4 texts: 'a', 'b', 'c', …>"
    assert texts.index("c") == 2
    with pytest.raises(IndexError):
        texts[4]


def test_ids_of_a_log_that_was_read_survive_pickling_and_selection() -> None:
    log, _ = read_log(
        b"session,item,time\n7,1,1400000000\n7,2,1400000001\n12,2,1400000002\n12,1,1400000003\n"
    )
    copy = pickle.loads(pickle.dumps(log))
    assert copy.session_ids == log.session_ids == ("7", "12")
    assert log.select(np.array([1])).session_ids == ("12",)
    assert (log.place("12"), log.place("x"), log[1].session_id) == (1, None, "12")
