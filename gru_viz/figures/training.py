"""What do the pictures of a training share: the epochs below, a head above, lines with gaps?

Every one of them has a place for each epoch that was asked for, so that a curve grows into its
picture and nothing moves while one looks at it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from gru_viz.figures.palette import MUTED, Theme
from gru_viz.figures.style import SMALL, SPACE, axis, bold, colored, layout, thinned, ticks, words

TOP, PLOT, BOTTOM, SIDE = 30, 150, 36, 40
LINE_OF_HEAD = 18  # pixels
RIGHT = 124  # pixels for what stands beside a level
SOLID, DASHED = "━━", "╸╸"  # how a curve is drawn, in a head; as wide as each other
MARKED = 40  # up to so many epochs each has a marker
WRITTEN = {"gru": "Update gate z, mean"}  # for a cell without z the mean of 1 − keep stands in for it
ROOM = 0.4  # of an epoch, beyond the first and the last


def canvas(
    theme: Theme,
    epochs: int,
    low: float,
    high: float,
    values: dict[str, Any],
    lines: int = 1,
    right: int = 12,
) -> dict[str, Any]:
    """The layout: epochs 1 to `epochs` below, [low, high] at the left, room for so many lines of head.

    values: what `style.ticks` gives for the left axis
    """
    top = TOP + LINE_OF_HEAD * (lines - 1)
    epochs = max(epochs, 1)
    shown = thinned(1, epochs) if epochs > 1 else [1]
    return {
        **layout(theme, top + PLOT + BOTTOM, top, BOTTOM, SIDE, right),
        "xaxis": axis(1 - ROOM, epochs + ROOM, **ticks(shown, [str(epoch) for epoch in shown], theme)),
        "yaxis": axis(low, high, **values),
    }


def curve(name: str, values: Sequence[float], color: str, said: Sequence[str], **more: Any) -> go.Scatter:
    """A line over the epochs from the first on; a gap where a value is no number."""
    return go.Scatter(
        name=name,
        x=list(range(1, len(values) + 1)),
        y=[value if math.isfinite(value) else None for value in values],
        mode="lines+markers" if len(values) <= MARKED else "lines",
        line={"color": color, "width": 2, **more.pop("line", {})},
        marker={"size": 5, **more.pop("marker", {})},
        hovertext=list(said),
        hoverinfo="text",
        **more,
    )


def head(
    stroke: str, color: str, name: str, rest: str, theme: Theme, line: int = 0, lines: int = 1
) -> dict[str, Any]:
    """One line above the plot: how a curve is drawn, what it is called, where it stands."""
    text = f"{colored(stroke, color)}{SPACE}{bold(name)} {colored(rest, MUTED[theme])}"
    above = TOP + LINE_OF_HEAD * (lines - 1 - line)
    return words(text, 0, 1, theme, yshift=above - 4, xshift=-SIDE)


def level(value: float, theme: Theme) -> dict[str, Any]:
    """A dashed line over the whole width."""
    line = {"color": MUTED[theme], "width": 1, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def beside(text: str, down: float, theme: Theme) -> dict[str, Any]:
    """What a level is called, right of it; `down` pixels below the plot's upper edge."""
    return words(text, 1, 1, theme, yshift=-down, yanchor="middle", xshift=6, size=SMALL, color=MUTED[theme])


def below(theme: Theme) -> dict[str, Any]:
    return words("epoch", 0, 0, theme, yshift=-18, xshift=-SIDE, size=SMALL, color=MUTED[theme])


def finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def rounded_up(value: float) -> float:
    """The first of 1, 2, 5, 10, 20, … (or .5, .2, .1, …) that is at least `value`; 1 for nothing."""
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 5, 10) if value <= factor * power * (1 + 1e-9))


def figure(
    traces: Sequence[go.Scatter], layout: dict[str, Any], heads: Sequence[dict], theme: Theme
) -> go.Figure:
    return go.Figure(list(traces), {**layout, "annotations": [*heads, below(theme)]})


def written(cell: str) -> str:
    """What the share that a cell writes is called in a head."""
    return WRITTEN.get(cell, "Written, 1 − keep, mean")
