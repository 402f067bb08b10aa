"""How much is lost, click by click, if the state is not reset between sessions?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.leftover import Leftover, points
from gru_viz.explain.words import NBSP
from gru_viz.figures.cell_lines import CELL_LINES
from gru_viz.figures.palette import INK, MUTED, Theme, check_theme
from gru_viz.figures.style import (
    CLEAR,
    NUMBER_EDGE,
    SMALL,
    across,
    axis,
    bold,
    click_axis,
    colored,
    layout,
    share,
    thinned,
    ticks,
    words,
)

TOP, PLOT, BOTTOM, SIDE = 46, 150, 38, 40
BAND = 0.16  # opacity of the intervals


def leftover_figure(leftovers: Mapping[str, Leftover], theme: Theme = "light") -> go.Figure:
    """Points of Recall@10, with another's memory against an empty one: a line and its band a cell."""
    check_theme(theme)
    clicks = max(len(one.asked) for one in leftovers.values())
    edges = np.concatenate([[0.0], *(np.concatenate([one.low, one.high]) for one in leftovers.values())])
    low, high = int(np.floor(100 * edges.min())), int(np.ceil(100 * edges.max()))
    shown = sorted({0, *thinned(low, max(high, low + 1), most=4)})
    lines = [CELL_LINES[cell] for cell in leftovers]
    legend = "   ".join(colored(f"{line.stroke} {line.name}", line.color(theme)) for line in lines)
    head = f"{bold('Recall@10 with the memory of another session, in points')}<br>{legend}"
    figure = go.Figure(
        layout={
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": click_axis(1, clicks, theme),
            "yaxis": axis(
                low - 0.5, high + 0.5, **ticks(shown, [str(one).replace("-", "−") for one in shown], theme)
            ),
            "shapes": [across(0, MUTED[theme])],
            "annotations": [
                words(head, 0, 1, theme, yshift=TOP - 2, xshift=-SIDE, color=INK[theme]),
                words(
                    "after click (of the new session)", 0, 0, theme,
                    yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
            ],
        }
    )  # fmt: skip
    for cell, one in leftovers.items():
        _add(figure, cell, one, theme)
    return figure


def _add(figure: go.Figure, cell: str, one: Leftover, theme: Theme) -> None:
    line, x = CELL_LINES[cell], list(range(1, len(one.asked) + 1))
    color = line.color(theme)
    low, high = (100 * one.low).tolist(), (100 * one.high).tolist()
    figure.add_scatter(
        name=f"{cell} interval",
        x=[*x, *reversed(x)],
        y=[*high, *reversed(low)],
        mode="lines",
        fill="toself",
        fillcolor=color,
        opacity=BAND,
        line={"width": 0, "color": CLEAR},
        hoverinfo="skip",
    )
    figure.add_scatter(
        name=cell,
        x=x,
        y=(100 * one.change).tolist(),
        mode="lines+markers",
        line={"color": color, "width": 2, "dash": line.dash},
        marker={"size": 6, "symbol": line.marker, "color": color},
        hovertext=[
            f"{bold(line.name)} after click {click}, {asked:,} sessions"
            f"<br>{share(left)} instead of {share(fresh)}"
            f"<br>{points(left - fresh)} points (95{NBSP}% interval {points(a)} to {points(b)})"
            for click, asked, fresh, left, a, b in zip(
                x, one.asked, one.fresh, one.left, one.low, one.high, strict=True
            )
        ],
        hoverinfo="text",
    )
