"""How is each kind of cell drawn wherever several are compared?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from gru_viz.figures.palette import INK, MUTED, PLUM, WINE, Theme, check_theme
from gru_viz.figures.style import CLEAR, bold, colored, words

ROOMY = 4  # names in a legend
BAND = 0.16  # opacity of what lies between a lower and an upper edge


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


# The GRU's blue is the state's: it is the model that this app is about.
CELL_LINES = {
    "gru": CellLine("GRU", "#1d4ed8", "#60a5fa", "solid", "circle", "━━"),
    "gru_after": CellLine("GRU, reset after", "#1d4ed8", "#60a5fa", "solid", "circle", "━━"),
    "lstm": CellLine("LSTM", PLUM["light"], PLUM["dark"], "dash", "square", "╺╺"),
    "rnn": CellLine("vanilla RNN", WINE["light"], WINE["dark"], "solid", "diamond", "━━"),
    "sasrec": CellLine("SASRec", INK["light"], INK["dark"], "dashdot", "triangle-up", "╺┅"),
    "markov": CellLine("Markov chain", MUTED["light"], MUTED["dark"], "dot", "x", "┅┅"),
}


def head(title: str, names: Iterable[str], top: int, side: int, theme: Theme) -> dict:
    """The annotation above a figure: its title, and below it which line is whose."""
    lines = [CELL_LINES[name] for name in names]
    between = "   " if len(lines) <= ROOMY else " "  # all must fit beside one another on a phone
    legend = between.join(colored(f"{line.stroke} {line.name}", line.color(theme)) for line in lines)
    text = f"{bold(title)}<br>{legend}"
    return words(text, 0, 1, theme, yshift=top - 2, xshift=-side, color=INK[theme])


def add_line(
    figure: go.Figure,
    name: str,
    x: Sequence[int],
    values: tuple[list[float], list[float], list[float]],
    hover: list[str],
    theme: Theme,
    band: str = "interval",
    markers: bool = True,
    **axes: str,
) -> None:
    """A line of the cell's, and the band round it.

    values: the line, the band's lower and its upper edge; hover: a text for each point of the line
    band:   what the band is called; axes: on which axes, where there are several
    """
    cell = CELL_LINES[name]
    color = cell.color(theme)
    middle, low, high = values
    drawn: dict[str, Any] = {"marker": {"size": 6, "symbol": cell.marker, "color": color}} if markers else {}
    figure.add_scatter(
        name=f"{name} {band}",
        x=[*x, *reversed(x)],
        y=[*high, *reversed(low)],
        mode="lines",
        fill="toself",
        fillcolor=color,
        opacity=BAND,
        line={"width": 0, "color": CLEAR},
        hoverinfo="skip",
        **axes,
    )
    figure.add_scatter(
        name=name,
        x=x,
        y=middle,
        mode="lines+markers" if markers else "lines",
        line={"color": color, "width": 2, "dash": cell.dash},
        hovertext=hover,
        hoverinfo="text",
        **drawn,
        **axes,
    )
