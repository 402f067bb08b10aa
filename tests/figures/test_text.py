"""Does a user's text stay text in a Plotly label?"""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from gru_viz.figures.text import escape_plotly, shorten


def test_markup_becomes_numeric_entities():
    assert escape_plotly("<a href=http://x>") == "&#60;a href=http://x&#62;"
    assert escape_plotly("a & b &lt;") == "a &#38; b &#38;lt;"
    assert escape_plotly("$x$ %{z}") == "&#36;x&#36; &#37;&#123;z&#125;"


def test_ordinary_titles_stay_as_they_are():
    for title in ("RF 24–105 mm f/4 lens (2nd ed.)", "Čaj, 100 g", "茶"):
        assert escape_plotly(title) == title


def test_a_long_title_is_cut_before_it_is_escaped():
    assert escape_plotly("x" * 41) == "x" * 39 + "…"
    assert escape_plotly("<" * 50, limit=3) == "&#60;&#60;…"


def test_a_character_of_double_width_counts_as_two():
    assert shorten("汉" * 20) == "汉" * 20
    assert shorten("汉" * 21) == "汉" * 19 + "…"
    assert shorten("汉abc", limit=4) == "汉a…"


def test_control_and_direction_characters_become_one_space():
    assert shorten("a\r\n\tb\u202ec\x00") == "a b c"


@given(st.text())
def test_what_plotly_reads_is_the_shortened_text(text):
    escaped = escape_plotly(text)
    assert not re.search("[<>$%{}\n]", escaped)
    assert not re.search("&(?!#[0-9]+;)", escaped)
    assert unescape(escaped) == shorten(text)
    assert len(shorten(text)) <= 40


def test_hostile_titles_leave_no_markup(hostile_title):
    assert not re.search("[<>$%{}]", escape_plotly(hostile_title))
