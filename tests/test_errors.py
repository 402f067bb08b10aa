"""Is a message one safe line?

Oracle: what a terminal or a page can show: printable, at most 40 characters of what was given.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import SHOWN_CHARACTERS, InputError, quote


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("id-1", "'id-1'"),
        ("it's", '"it\'s"'),
        ("two\nlines", r"'two\nlines'"),
        ("\x1b[31mred", r"'\x1b[31mred'"),
        ("right‮left", r"'right\u202eleft'"),
        (5, "'5'"),
        (None, "'None'"),
        ([1, 2], "'[1, 2]'"),
        ("x" * 40, "'" + "x" * 40 + "'"),
        ("x" * 41, "'" + "x" * 40 + "…'"),
    ],
)
def test_quoted_by_hand(value: object, shown: str) -> None:
    assert quote(value) == shown


@given(st.text(alphabet=st.characters(), max_size=200))
def test_quoted_is_printable_short_and_one_line(text: str) -> None:
    """Oracle: str.isprintable, for any text, half surrogates included."""
    shown = quote(text)
    assert shown.isprintable()
    assert len(shown) <= SHOWN_CHARACTERS + 3
    assert shown[0] == shown[-1]
    assert shown[0] in "'\""


def test_input_error_is_a_value_error() -> None:
    """Oracle: who catches ValueError catches it."""
    assert issubclass(InputError, ValueError)
