"""How does a user's text become a Plotly label that shows just that text?"""

from __future__ import annotations

import textwrap

from gru_viz.plain_text import MAX_CHARACTERS as MAX_CHARACTERS
from gru_viz.plain_text import shorten as shorten

# Plotly reads a subset of HTML (with live links), entities, $TeX$ where MathJax is loaded,
# and %{placeholders}; it turns numeric entities back after looking for all of these.
_MARKUP = {ord(character): f"&#{ord(character)};" for character in "&<>$%{}\"'"}


def escape_plotly(text: str, limit: int = MAX_CHARACTERS) -> str:
    """`text` as plain text in any Plotly label, on one line, cut with … as `shorten` does."""
    return shorten(text, limit).translate(_MARKUP)


def two_lines(text: str, limit: int) -> str:
    """`text` escaped, on one or two lines of at most `limit` characters each, broken between words."""
    lines = textwrap.wrap(shorten(text, 2 * limit), limit) or [""]
    if len(lines) > 2:
        lines = [lines[0], " ".join(lines[1:])]
    return "<br>".join(escape_plotly(line, limit) for line in lines)
