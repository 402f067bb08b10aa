"""How much is lost, click by click, if the state is not reset between sessions?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.leftover import Leftover, points
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
    layout,
    share,
    thinned,
    ticks,
    words,
)

TOP, PLOT, BOTTOM, SIDE = 46, 150, 38, 40


def leftover_figure(leftovers: Mapping[str, Leftover], theme: Theme = "light") -> go.Figure:
    """Points of Recall@10, with another's memory against an empty one: a line and its band a cell."""
    check_theme(theme)
    clicks = max(len(one.asked) for one in leftovers.values())
    edges = np.concatenate([[0.0], *(np.concatenate([one.low, one.high]) for one in leftovers.values())])
    low, high = int(np.floor(100 * edges.min())), int(np.ceil(100 * edges.max()))
    near = max(high - low, 1) / 8  # so close to 0 two numbers would touch
    shown = sorted({0, *(one for one in thinned(low, max(high, low + 1), most=4) if abs(one) > near)})
    title = "Recall@10 with the memory of another session, in points"
    figure = go.Figure(
        layout={
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": click_axis(1, clicks, theme),
            "yaxis": axis(
                low - 0.5, high + 0.5, **ticks(shown, [str(one).replace("-", "−") for one in shown], theme)
            ),
            "shapes": [across(0, MUTED[theme])],
            "annotations": [
                head(title, leftovers, TOP, SIDE, theme),
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
    x = list(range(1, len(one.asked) + 1))
    change, low, high = ((100 * values).tolist() for values in (one.change, one.low, one.high))
    hover = [
        f"{bold(CELL_LINES[cell].name)} after click {click}, {asked:,} sessions"
        f"<br>{share(left)} instead of {share(fresh)}"
        f"<br>{points(left - fresh)} points (95{NBSP}% interval {points(a)} to {points(b)})"
        for click, asked, fresh, left, a, b in zip(
            x, one.asked, one.fresh, one.left, one.low, one.high, strict=True
        )
    ]
    add_line(figure, cell, x, (change, low, high), hover, theme)
