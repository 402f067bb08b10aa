"""How does a user's text become a Plotly label that shows just that text?"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from bisect import bisect_right
from itertools import accumulate

MAX_CHARACTERS = 40

# Plotly reads a subset of HTML (with live links), entities, $TeX$ where MathJax is loaded,
# and %{placeholders}; it turns numeric entities back after looking for all of these.
_MARKUP = {ord(character): f"&#{ord(character)};" for character in "&<>$%{}\"'"}
# Control characters and those that turn the writing direction of what follows.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


def escape_plotly(text: str, limit: int = MAX_CHARACTERS) -> str:
    """`text` as plain text in any Plotly label, on one line, cut with … as `shorten` does."""
    return shorten(text, limit).translate(_MARKUP)


def two_lines(text: str, limit: int) -> str:
    """`text` escaped, on one or two lines of at most `limit` characters each, broken between words."""
    lines = textwrap.wrap(shorten(text, 2 * limit), limit) or [""]
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    return "<br>".join(escape_plotly(line, limit) for line in lines)


def shorten(text: str, limit: int = MAX_CHARACTERS) -> str:
    """`text` on one line without control characters, cut with … where it is wider than `limit` characters.

    A Chinese, Japanese or Korean character is twice as wide as others and counts as two.
    """
    line = " ".join(_INVISIBLE.sub(" ", text).split())
    ends = list(accumulate(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line))
    if not ends or ends[-1] <= limit:
        return line
    return line[: bisect_right(ends, limit - 1)].rstrip() + "…"
