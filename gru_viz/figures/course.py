"""How likely was the followed item after each click of the reference and of the variant?"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.changes import Changes
from gru_viz.figures.palette import INK, MUTED, Theme, check_theme
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    SPACE,
    across,
    axis,
    bold,
    click_axis,
    colored,
    exact,
    layout,
    share,
    ticks,
    words,
)

TOP, PLOT, BOTTOM, SIDE = 46, 150, 38, 44
MARKED = 40  # up to so many points each has a marker
NAMES = ("reference", "variant")
ROOM = 1.05  # the axis goes on beyond its ends, so that a marker there is whole


def course_figure(changes: Changes, theme: Theme = "light") -> go.Figure:
    """Two lines, each over the clicks of its own session; the reference's is dashed.

    The axis ends at the first of 1, 2, 5, 10, … percent (or thousandths, …) that holds both
    lines, so that it stays where it is through most edits. What is not known is left out.
    """
    check_theme(theme)
    high = _high(changes.course)
    clicks = max(map(len, changes.course))
    colors = (MUTED[theme], INK[theme])
    return go.Figure(
        [_line(changes, side, colors[side]) for side in range(2)],
        {
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": click_axis(1, clicks, theme),
            "yaxis": axis((1 - ROOM) * high, ROOM * high, **_ticks(high, theme)),
            "shapes": [across(0, MUTED[theme])],
            "annotations": [
                *(_head(changes, side, colors[side], theme) for side in range(2)),
                words(
                    "after click (each of its own session)", 0, 0, theme,
                    yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
            ],
        },
    )  # fmt: skip


def _high(course: tuple[np.ndarray, np.ndarray]) -> float:
    """The smallest round share that is at least every probability; at most 1."""
    highest = float(np.nanmax(np.concatenate([*course, [0.0]])))
    powers = range(-9, 0)
    rounds = (factor * 10.0**power for power in powers for factor in (1, 2, 5))
    return next((high for high in rounds if highest <= high), 1.0)


def _ticks(high: float, theme: Theme) -> dict[str, Any]:
    values = [0, high / 2, high]
    return ticks(values, ["0", *(f"{100 * value:.10g} %" for value in values[1:])], theme)


def _line(changes: Changes, side: int, color: str) -> go.Scatter:
    values = changes.course[side].tolist()
    return go.Scatter(
        name=NAMES[side],
        x=list(range(1, len(values) + 1)),
        y=[None if np.isnan(value) else value for value in values],
        mode="lines+markers" if len(values) <= MARKED else "lines",
        line={"color": color, "width": 2, "dash": "solid" if side else "dash"},
        marker={"size": 5},
        hovertext=[
            f"{bold(NAMES[side])} after click {click}<br>probability {exact(100 * value, 2)} %"
            for click, value in enumerate(values, 1)
        ],
        hoverinfo="text",
    )


def _head(changes: Changes, side: int, color: str, theme: Theme) -> dict:
    """The legend: how a line is drawn, whose it is, and where it ends."""
    last = float(changes.course[side][-1])
    stroke = colored("━━━" if side else "╺ ╺", color)
    ends = colored(f"{share(last)} after click {len(changes.course[side])}", MUTED[theme])
    text = f"{stroke}{SPACE}{bold(NAMES[side].capitalize())} {ends}"
    return words(text, 0, 1, theme, yshift=TOP - 2 - 18 * side, xshift=-SIDE)
