"""Which share of detours does each model get right, by their length?"""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from gru_viz.explain.detours import Detours
from gru_viz.explain.words import NBSP
from gru_viz.figures.cell_lines import CELL_LINES, add_line, head
from gru_viz.figures.palette import MUTED, Theme, check_theme
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    across,
    axis,
    bold,
    click_axis,
    exact,
    layout,
    share,
    ticks,
    words,
)

TOP, PLOT, BOTTOM, SIDE = 46, 210, 38, 40
ROOM = 1.04  # beyond 0 and 100 %, so that a marker there is whole


def detours_figure(detours: Mapping[str, Detours], chance: float, theme: Theme = "light") -> go.Figure:
    """A line and its 95 % band for each of `cell_lines.CELL_LINES`, and where guessing would be."""
    check_theme(theme)
    first = min(int(one.lengths[0]) for one in detours.values())
    last = max(int(one.lengths[-1]) for one in detours.values())
    figure = go.Figure(
        layout={
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": click_axis(first, last, theme),
            "yaxis": axis(1 - ROOM, ROOM, **_ticks(chance, theme)),
            "shapes": [across(0, MUTED[theme]), _chance_line(chance, theme)],
            "annotations": [
                head("Right lens put first", detours, TOP, SIDE, theme),
                words(
                    "clicks between the camera and its lens", 0, 0, theme,
                    yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
            ],
        }
    )  # fmt: skip
    for name, one in detours.items():
        _add(figure, name, one, theme)
    return figure


def _add(figure: go.Figure, name: str, detours: Detours, theme: Theme) -> None:
    x = detours.lengths.tolist()
    low, high = (edge.tolist() for edge in detours.intervals)
    hover = [
        f"{bold(CELL_LINES[name].name)}, {length} between<br>{right:,} of {asked:,} right, "
        f"{share(right / asked)}<br>95 % interval {exact(100 * a, 1)} to {share(b)}"
        for length, right, asked, a, b in zip(x, detours.right, detours.asked, low, high, strict=True)
    ]
    add_line(figure, name, x, (detours.shares.tolist(), low, high), hover, theme)


def _ticks(chance: float, theme: Theme) -> dict:
    """Quarters, and where guessing would be; it has the place where two of them would touch."""
    quarters = {0.0: "0", 0.5: f"50{NBSP}%", 1.0: f"100{NBSP}%"}
    shown = {value: text for value, text in quarters.items() if abs(value - chance) > 0.06}
    values = sorted([*shown, chance])
    return ticks(values, [shown.get(value, "chance") for value in values], theme)


def _chance_line(chance: float, theme: Theme) -> dict:
    line = across(chance, MUTED[theme])
    return {**line, "line": {**line["line"], "dash": "dot"}}
