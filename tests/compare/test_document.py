"""Does a result file come back as it was written, and is every other one refused in a line?

Oracle: HOSTILE_INPUT.md; the comparison that was written.
"""

from __future__ import annotations

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.compare.document import MAX_BYTES, read_bytes, read_comparison, to_document
from gru_viz.errors import InputError
from tests.compare.values import EVERY, comparison

FULL = comparison(shares={0.3: {"markov": 0.7, "gru": 0.6}, 0.1: {"markov": 0.5}})


def written(found=FULL):
    return json.dumps(to_document(found)).encode()


@pytest.mark.parametrize(
    "found", [FULL, comparison(EVERY), comparison({"gru": 0.0}, limit=None)], ids=["shares", "every", "one"]
)
def test_what_is_written_is_read_again(found):
    read = read_comparison(written(found))
    assert read.about == found.about
    assert read.complete == found.complete
    for part, again in zip(found.rounds, read.rounds, strict=True):
        assert again.ranked == part.ranked
        assert (again.differences, again.share, again.sessions) == (
            part.differences,
            part.share,
            part.sessions,
        )


def changed(path, value):
    """The document with something else at this place."""
    document = copy.deepcopy(to_document(FULL))
    at = document
    for step in path[:-1]:
        at = at[step]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return json.dumps(document).encode()


MODEL = ("models", 0)
WRONG = [
    (("schema",), 3, "schema must be one of 1, 2"),
    (("schema",), True, "schema must be one of 1, 2"),
    (("ranks",), "best", "ranks must be"),
    (("log",), 5, "log must be a text"),
    (("log",), "x" * 500, "log must be a text of at most 200"),
    (("predictions",), 0, "predictions must be a whole number"),
    (("predictions",), 1.5, "predictions must be a whole number"),
    (("complete",), 1, "complete must be one of"),
    (("limit",), {}, "limit has no"),
    (("limit", "recall@20"), 1.2, "limit.recall@20 must be a number from 0 to 1"),
    (("models",), [], "models must be a list"),
    (("models",), {}, "models must be a list"),
    ((*MODEL, "name"), "<script>", "models[0].name must be one of"),
    ((*MODEL, "name"), ["gru"], "models[0].name must be one of"),
    ((*MODEL, "name"), "markov", "each model once"),
    ((*MODEL, "recall@20"), True, "models[0].recall@20 must be a number"),
    ((*MODEL, "recall@20"), "0.9", "models[0].recall@20 must be a number"),
    ((*MODEL, "recall@20"), ..., "models[0] has no 'recall@20'"),
    ((*MODEL, "recall@20"), 10**400, "models[0].recall@20 must be a number"),
    ((*MODEL, "mrr@20"), -0.1, "models[0].mrr@20 must be a number"),
    ((*MODEL, "parameters"), -1, "models[0].parameters must be"),
    ((*MODEL, "fit_seconds"), -1, "models[0].fit_seconds must be"),
    ((*MODEL, "intervals", "recall@20"), [0.9, 0.1], "the smaller one first"),
    ((*MODEL, "intervals", "recall@20"), [0.9], "a list of 2 to 2"),
    ((*MODEL, "by_length"), ..., "has no 'by_length'"),
    ((*MODEL, "by_position", 0, "from"), 7, "by_position[0].from must be one of"),
    ((*MODEL, "by_position", 0, "to"), 3, "by_position[0].to must be one of"),
    ((*MODEL, "by_position", 1, "from"), 1, "by_position[1].to must be one of"),
    ((*MODEL, "by_position", 0, "predictions"), 101, "predictions must be"),
    (("differences",), [], "differences must be a list of 6 to 6"),
    (("differences", 0, "first"), "bert4rec", "differences[0].first must be one of"),
    (("differences", 0, "first"), "popularity", "differences[0] must be about two models"),
    (("differences", 0, "intervals", "mrr@20"), [-2, 0], "a number from -1 to 1"),
    (("shares", 0, "share"), 1, "share must be a number"),
    (("shares", 1, "share"), 0.9, "shares must be in falling order"),
    (("shares",), [{}] * 50, "a list of 0 to 20"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "message"), WRONG, ids=lambda part: str(part)[:40])
def test_what_does_not_hold_is_said_with_its_place(path, value, message):
    with pytest.raises(InputError) as error:
        read_comparison(changed(path, value), "mine.json")
    text = str(error.value)
    assert message in text
    assert text.startswith("'mine.json' is no result of a comparison: ")
    assert text.endswith("make one with: python -m gru_viz compare LOG --out models.json")
    assert "\n" not in text
    assert len(text) < 400


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"5", b'"x"', b"{}", b"\xff\xfe", b"\x00" * 9, b"NaN", b"[" * 100_000,
     b'{"schema": 1, "schema": 1}', b'{"schema": NaN}', b"<html>", b"PK\x03\x04"],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_what_is_no_result_is_refused_in_one_line(content):
    with pytest.raises(InputError) as error:
        read_comparison(content)
    assert "\n" not in str(error.value)


def test_a_file_that_is_too_long_is_not_read(tmp_path):
    path = tmp_path / "models.json"
    path.write_bytes(b" " * (MAX_BYTES + 100))
    content = read_bytes(path)
    assert len(content) == MAX_BYTES + 1
    with pytest.raises(InputError, match="larger than"):
        read_comparison(content)
    with pytest.raises(InputError, match="cannot read"):
        read_bytes(tmp_path / "missing.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.data(), JSON)
def test_anything_anywhere_is_read_or_refused(data, value):
    """Whatever stands at whichever place: a comparison or an InputError, nothing else."""
    document = json.loads(written())
    at = document
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.booleans()):
            break
        at = at[key]
    at[key] = value
    with suppress(InputError):
        read_comparison(json.dumps(document).encode())
