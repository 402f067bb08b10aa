"""How does hostile text get onto a page as plain text?"""

from __future__ import annotations

import re

# Everything that Streamlit's Markdown gives a meaning: emphasis, links, images, HTML,
# maths ($), emoji and icon shortcodes and colours (:), headings, lists, tables.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=\"'^@/])")


def escape_markdown(text: str) -> str:
    """`text` so that Streamlit's Markdown shows it letter by letter, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def cut(text: str, characters: int = 40) -> str:
    """At most so many characters, with … where something was left out."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
