"""Do words in one trace stand where the same words stand as annotations?

The oracle is `style`'s own annotations: their text, size and colour, and their place counted out by hand.
"""

from __future__ import annotations

import pytest

from gru_viz.figures.style import SMALL, TEXT, row_label, row_value, words
from gru_viz.figures.written import BASELINE, written


def test_words_keep_their_text_size_and_color():
    notes = [row_label(0, "<b>Mug</b>", "light"), words("head", 0, 1, "dark", size=SMALL, color="#123456")]
    trace = written(notes, row=40)
    assert list(trace.text) == ["<b>Mug</b>", "head"]
    assert list(trace.textfont.size) == [TEXT, SMALL]
    assert list(trace.textfont.color) == [notes[0]["font"]["color"], "#123456"]
    assert (trace.mode, trace.hoverinfo, trace.cliponaxis) == ("text", "skip", False)


def test_a_row_is_counted_from_the_top_and_pixels_are_shares_of_it():
    """Row 2 is 2 down, 10 pixels lower are 10/40 of a row, and the paper's top is where row 0 begins."""
    notes = [
        row_label(2, "label", "light"),
        row_label(2, "lower", "light", yshift=-10),
        words("head", 0, 1, "light", yshift=60),
    ]
    lower = BASELINE * TEXT / 40  # an annotation has a little air above its letters
    assert list(written(notes, row=40).y) == pytest.approx([2 + lower, 2.25 + lower, -1.5 + lower])


def test_words_begin_at_their_share_of_the_axis_or_end_there():
    notes = [
        row_label(0, "left", "light"),
        row_value(0, "right", "light"),
        row_label(0, "in", "light", x=0.25),
    ]
    trace = written(notes, row=40, ends=(-1, 3))
    assert list(trace.x) == [-1, 3, 0]
    assert list(trace.textposition) == ["bottom right", "bottom left", "bottom right"]
