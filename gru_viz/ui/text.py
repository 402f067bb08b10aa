"""How does hostile text get onto a page as plain text?"""

from __future__ import annotations

import re

# Everything that Streamlit's Markdown gives a meaning: emphasis, links, images, HTML,
# maths ($), emoji and icon shortcodes and colours (:), headings, lists, tables.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=\"'^@/])")
WORD_JOINER = "\u2060"
# What Streamlit looks for once the backslashes are gone. A word joiner, which has no width, breaks it
# apart for good. It stands nowhere else, since whoever copies a name copies it, too.
_JOINED = re.compile(
    r"(?<=:)(?=//)"  # https://…
    r"|(?i:(?<=www))(?=\.)"  # www.…
    r"|(?<=@)(?=[-\w]+\.)"  # a@b.c
    r"|(?<=:)(?!\d\d:)(?=[\w+-]+:)"  # :streamlit:, :material_…:, an emoji's name; no time of day is one
    # arrows, dashes and comparisons that stand alone; to a browser the byte order mark is a space
    r"|(?<=(?<![^\s\ufeff])[<>~-])(?=(?:->|[->=])(?![^\s\ufeff]))"
)


def escape_markdown(text: str) -> str:
    """`text` so that Streamlit's Markdown shows it letter by letter, on one line."""
    return _SPECIAL.sub(r"\\\1", _JOINED.sub(WORD_JOINER, " ".join(text.split())))


def cut(text: str, characters: int = 40) -> str:
    """At most so many characters, with … where something was left out."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
