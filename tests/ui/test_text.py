"""Oracles: no character that Markdown gives a meaning is left without its backslash, and what
Streamlit 1.67 looks for in the text that is left, as its StreamlitMarkdown.*.js has it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.ui.text import WORD_JOINER, cut, escape_markdown

HOSTILE = (
    "![x](https://evil.example/a.png)", "<img src=x onerror=alert(1)>", "**b** _i_ `c` ~~s~~", "$x^2$",
    ":material/delete: :red[hi]", "# head", "- item", "1. item", "| a | b |", "&lt;b&gt;", "https://evil.example",
    "a@b.example", "> quote", "---",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_become_letters(text):
    assert not re.search(r"(?<!\\)[`*_\[\]<>!$:|#~@]", escape_markdown(text))


@given(st.text())
def test_escaping_loses_nothing_but_line_breaks(text):
    text = text.replace(WORD_JOINER, "")
    shown = re.sub(r"\\(.)", r"\1", escape_markdown(text)).replace(WORD_JOINER, "")
    assert shown == " ".join(text.split())
    assert "\n" not in escape_markdown(text)


def test_cut():
    assert cut("short") == "short"
    assert cut("abcdef", 4) == "abc…"


# Of mdast-util-gfm-autolink-literal, of Streamlit's icons and logo, of remark-emoji, and the signs that
# Streamlit draws for arrows, dashes and comparisons. \s as JavaScript has it knows the byte order mark, too.
FOUND = (
    r"(?i)(https?://|www(?=\.))([-.\w]+)",
    r"(?a)(?<![\w.+-])([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)",
    r"(?a):material_(\w+):",
    r":streamlit:",
    r"(?a):\+1:|:-1:|:(?!\d\d:)[\w-]+:",  # no emoji is called by two digits
    *(rf"(^|[\s\ufeff]){sign}([\s\ufeff]|$)" for sign in ("<->", "->", "<-", "--", ">=", "<=", "~=")),
)
PIECES = (
    "https://", "HTTP://", "www", "WWW", ".", "a", "evil", "é", "@", "-", ">", "<", "=", "~", " ", ":", "+1",
    "100", "material_", "streamlit", "12", "_", "\ufeff", "/",
)  # fmt: skip


def read_by_a_browser(text: str) -> str:
    """What is left of escaped text once Markdown has taken the backslashes."""
    return re.sub(r"\\(.)", r"\1", escape_markdown(text))


@pytest.mark.parametrize(
    "found",
    ["https://evil.example", "WWW.evil.example", "a@evil.example", "->", "<->", "--", "a >= b", "x ~=",
     "\ufeff-- x", ":streamlit:", ":material_delete:", ":smile:", ":+1:", ":-1:", ":100:"],
)  # fmt: skip
def test_what_markdown_finds_without_brackets_is_broken_apart(found):
    assert any(re.search(pattern, found) for pattern in FOUND)
    assert not any(re.search(pattern, read_by_a_browser(found)) for pattern in FOUND)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_nothing_of_it_is_ever_left(text):
    shown = read_by_a_browser(text)
    assert [pattern for pattern in FOUND if re.search(pattern, shown)] == []


@pytest.mark.parametrize(
    "name",
    ["odd.csv", "my-log_2.tar.gz", "0.6 GB", "../../etc/passwd.csv", "a--b", "a->b", "www", "user@2",
     "10:51:09", "2014-05-13T16:53:20Z", "=1+1", "x >", "awww!", "C:/logs/a.csv"],
)  # fmt: skip
def test_a_name_is_copied_as_it_is(name):
    assert read_by_a_browser(name) == name
