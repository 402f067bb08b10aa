"""Which colour and which range belongs to which quantity, everywhere?

The stepper, the Plotly figures and the prose all take theirs from here. Gates run
0..1 from the page's background to their colour; states run -1..1 from amber through
the background to blue (safe for the common colour blindnesses). A range is never
rescaled between steps, so the same shade means the same number on every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Theme = Literal["light", "dark"]


def check_theme(theme: Theme) -> None:
    """Raises ValueError for a theme that has no colours."""
    if theme not in get_args(Theme):
        raise ValueError(f"theme must be 'light' or 'dark', not {theme!r}")


@dataclass(frozen=True)
class Quantity:
    """How one recorded quantity is named, coloured and scaled.

    light, dark: its colour in the two themes; low, high: the fixed range
    """

    symbol: str
    name: str
    caption: str
    light: str
    dark: str
    low: float = 0.0
    high: float = 1.0

    @property
    def diverging(self) -> bool:
        return self.low < 0

    def color(self, theme: Theme) -> str:
        check_theme(theme)
        return self.light if theme == "light" else self.dark


QUANTITIES = {
    "z": Quantity("z", "Update gate", "How much new is written.", "#0f766e", "#2dd4bf"),
    "r": Quantity("r", "Reset gate", "How much past is looked at.", "#7c3aed", "#a78bfa"),
    "candidate": Quantity("h̃", "Candidate", "What the click proposes.", "#b45309", "#f59e0b", low=-1.0),
    "f": Quantity("f", "Forget gate", "How much of the old is kept.", "#0e7490", "#22d3ee"),
    "i": Quantity("i", "Input gate", "How much new is written.", "#4d7c0f", "#a3e635"),
    "o": Quantity("o", "Output gate", "How much memory is shown.", "#be185d", "#f472b6"),
    "c": Quantity("c", "Memory", "What the cell carries.", "#4338ca", "#818cf8", -2.0, 2.0),
    "h": Quantity("h", "Hidden state", "Memory after the click.", "#1d4ed8", "#60a5fa", low=-1.0),
}
Z_KEEPS_CAPTION = "How much of the old is kept."


def captions(cell: str) -> dict[str, str]:
    """Each quantity's caption in this kind of cell: an LSTM's h is not its memory but what it shows of it."""
    return {name: q.caption for name, q in QUANTITIES.items()} | (
        {"h": "What of it is shown."} if cell == "lstm" else {}
    )


# The two ends of every diverging scale, per theme: negative amber, positive blue.
DIVERGING = {"light": ("#c2600a", "#1f6fb5"), "dark": ("#e8920c", "#4f9bf0")}
BACKGROUND = {"light": "#ffffff", "dark": "#0e1117"}
CLICKED = {"light": "#15803d", "dark": "#4ade80"}

# Departments, in the order of first appearance; distinguishable dots, never the only sign.
CATEGORIES = {
    "light": ("#1d4ed8", "#c2410c", "#15803d", "#7c3aed", "#0e7490", "#be185d", "#a16207", "#475569",
              "#4d7c0f", "#b91c1c", "#0f766e", "#6d28d9"),
    "dark": ("#60a5fa", "#fb923c", "#4ade80", "#a78bfa", "#22d3ee", "#f472b6", "#facc15", "#94a3b8",
             "#a3e635", "#f87171", "#2dd4bf", "#c4b5fd"),
}  # fmt: skip

# Text, quiet text, thin lines and bars of the Plotly figures, as Streamlit's theme has them.
INK = {"light": "#1a2233", "dark": "#e6edf3"}
MUTED = {"light": "#5b6478", "dark": "#9aa4b2"}
LINE = {"light": "#d8dde6", "dark": "#30363d"}
BAR = {"light": "#dbe5fb", "dark": "#1e3a6b"}
CLICKED_BAR = {"light": "#d3efdc", "dark": "#14532d"}

# For lines that are somebody's and show no quantity: apart from every quantity, from one another and from
# blue and grey, in common colour blindnesses, too.
WINE = {"light": "#991b1b", "dark": "#ef4444"}
PLUM = {"light": "#86198f", "dark": "#f0b8fb"}

# The session as it is and its three variants, in this order.
VARIANTS = {
    "light": ("#5b6478", "#1d4ed8", WINE["light"], PLUM["light"]),
    "dark": ("#9aa4b2", "#60a5fa", WINE["dark"], PLUM["dark"]),
}
