"""How does one see on a phone that a table goes on beyond the edge?"""

from __future__ import annotations

_PAGE = "light-dark(#ffffff, #0e1117)"
# A shade at the right edge that stays, and above it a cover of the page's colour that goes along with the
# table: it hides the shade where the table ends, and always where all of it fits.
_COVER = f"linear-gradient(to left, {_PAGE} 35%, transparent) right / 3rem 100% no-repeat local"
_SHADE = (
    "linear-gradient(to left, light-dark(rgb(15 23 42 / 28%), rgb(255 255 255 / 30%)), transparent) "
    "right / 1.1rem 100% no-repeat scroll"
)
_STYLE = f"overflow-x: auto; background: {_COVER}, {_SHADE};"


def scrolling(table: str, name: str) -> str:
    """HTML of a table that scrolls in itself, with a shade where there is more of it. name: its class"""
    return f'<div class="{name}" style="{_STYLE}">{table}</div>'
