"""Oracle: no character that Markdown gives a meaning is left without its backslash."""

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


@pytest.mark.parametrize(
    "found", ["https://evil.example", "www.evil.example", "a@evil.example", "->", "--", ">="]
)
def test_what_markdown_finds_without_brackets_is_broken_apart(found):
    assert found not in escape_markdown(found).replace("\\", "")
