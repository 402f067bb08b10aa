"""How is each kind of cell drawn wherever several are compared?"""

from __future__ import annotations

from dataclasses import dataclass

from gru_viz.figures.palette import MUTED, Theme, check_theme


@dataclass(frozen=True)
class CellLine:
    """A name, a colour in each theme (safe for the common colour blindnesses), a dash and a marker."""

    name: str
    light: str
    dark: str
    dash: str
    marker: str
    stroke: str

    def color(self, theme: Theme) -> str:
        check_theme(theme)
        return self.light if theme == "light" else self.dark


CELL_LINES = {
    "gru": CellLine("GRU", "#1d4ed8", "#60a5fa", "solid", "circle", "━━"),
    "lstm": CellLine("LSTM", "#0f766e", "#2dd4bf", "dash", "square", "╺╺"),
    "rnn": CellLine("vanilla RNN", "#c2410c", "#fb923c", "solid", "diamond", "━━"),
    "markov": CellLine("Markov chain", MUTED["light"], MUTED["dark"], "dot", "x", "┅┅"),
}
