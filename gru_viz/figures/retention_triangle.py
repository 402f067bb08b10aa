"""How is the memory after each click shared out among the clicks it was written at?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.callable_module import call_as
from gru_viz.explain.retention import Retention
from gru_viz.figures.palette import BACKGROUND, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    axis,
    bold,
    clicked,
    color_bar,
    column_frame,
    layout,
    outline,
    thinned,
    words,
)
from gru_viz.trace import Trace

CELL, HIGHEST = 26, 280  # pixels of a row, and of all rows at most
TOP, BOTTOM, SIDE = 50, 36, 32
WRITTEN_OUT = 10  # up to so many clicks a cell is wide enough on a phone for its number


def retention_triangle(retention: Retention, trace: Trace, step: int, theme: Theme = "light") -> go.Figure:
    """Memory after click t (across) by the click k it was written at (down), up to click `step` (0-based).

    What was there before the first click is the first row. Clicks that have not happened yet
    are blank, so that a cell keeps its place from step to step.
    """
    clicks = len(trace)
    height = min(CELL * (clicks + 1), HIGHEST)
    names = [clicked(trace.catalog.titles[int(item)], k) for k, item in enumerate(trace.items)]
    base = layout(theme, TOP + height + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE)
    columns = {
        "tickvals": list(range(1, clicks + 1)),
        "ticktext": [f"after click {name}" for name in names],
    }
    rows = {
        "tickvals": list(range(clicks + 1)),
        "ticktext": ["before the first click", *(f"at click {name}" for name in names)],
    }
    # the axes' own tick texts are what hovering a cell shows; the numbers that are seen are annotations
    hidden = {"tickmode": "array", "showticklabels": False}
    whose = "all units, mean" if retention.unit is None else f"unit {retention.unit}"
    return go.Figure(
        _map(retention, step, clicks, theme),
        {
            **base,
            "xaxis": {**axis(0.5, clicks + 0.5, **columns), **hidden},
            "yaxis": {**axis(clicks + 0.5, -0.5, **rows), **hidden},
            "shapes": [outline(theme), column_frame(step + 1, clicks, theme)],
            "annotations": [
                words(bold("Memory after each click"), 0, 1, theme, yshift=TOP - 2, xshift=-SIDE),
                words(
                    f"↓ written at click ({whose})", 0, 1, theme, yshift=TOP - 20, xshift=-SIDE,
                    size=SMALL, color=MUTED[theme],
                ),
                words(
                    "after click →", 1, 0, theme, yshift=-20, xanchor="right", size=SMALL, color=MUTED[theme]
                ),
                *_numbers(clicks, height, theme),
            ],
        },
    )  # fmt: skip


def _map(retention: Retention, step: int, clicks: int, theme: Theme) -> go.Heatmap:
    shares = retention.shares[: step + 1]
    after, written = np.indices(shares.shape)
    # (step + 1, T + 1): column 0 is there from the start, column k from the k-th click on
    seen = np.where(written <= after + 1, shares, np.nan)
    written_out = clicks <= WRITTEN_OUT
    return go.Heatmap(
        name="shares",
        z=seen.T,
        x=np.arange(1, step + 2),
        y=np.arange(clicks + 1),
        zmin=0,
        zmax=1,
        colorscale=[(0, BACKGROUND[theme]), (1, QUANTITIES["h"].color(theme))],
        hoverongaps=False,
        xgap=1 if written_out else 0,
        ygap=1 if written_out else 0,
        text=[["" if np.isnan(one) else f"{100 * one:.0f}" for one in row] for row in seen.T]
        if written_out
        else None,
        texttemplate="%{text}" if written_out else None,
        textfont={"size": SMALL},
        hovertemplate="memory %{x}:<br><b>%{z:.1%}</b> written %{y}<extra></extra>",
        colorbar=color_bar([0, 1], ["0", "100 %"], theme),
    )


def _numbers(clicks: int, height: int, theme: Theme) -> list[dict]:
    """The clicks' numbers beside and under the triangle, as many as fit."""
    quiet = {"size": SMALL, "color": MUTED[theme], "align": "center"}
    below = {"yref": "paper", "xref": "x", "xanchor": "center", "yshift": -4, **quiet}
    beside = {"xref": "paper", "yref": "y", "xanchor": "right", "yanchor": "middle", "xshift": -4, **quiet}
    down = thinned(1, clicks, most=height // CELL)
    return [
        *(words(str(t), t, 0, theme, **below) for t in thinned(1, clicks)),
        *(words(str(k), 0, k, theme, **beside) for k in down if k * height > SMALL * clicks),
        words("start", 0, 0, theme, **beside),
    ]


call_as(__name__, retention_triangle)
