"""At which clicks does the reset gate matter?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.reset import ResetEffect
from gru_viz.figures.palette import MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    across,
    axis,
    bold,
    click_axis,
    clicked,
    colored,
    column_frame,
    column_width,
    exact,
    layout,
    panels,
    share,
    words,
)
from gru_viz.figures.text import escape_plotly
from gru_viz.trace import Trace

TOP, CANDIDATE, GAP, MOVED, BOTTOM = 26, 100, 30, 80, 38
ROOM = 1.35  # height of a panel over that of its longest bar: above it stands its number
WRITTEN_OUT = 10  # up to so many clicks a bar is wide enough on a phone for its number


def reset_figure(effect: ResetEffect, trace: Trace, step: int, theme: Theme = "light") -> go.Figure:
    """What forcing r to 1 at one click alone would change, for every click up to `step` (0-based).

    Above the candidate, below the recommendations. The scales are those of the whole session,
    so a bar keeps its length from step to step.
    """
    clicks = len(trace)
    upper, lower = panels(CANDIDATE, MOVED, gap=GAP)
    violet = QUANTITIES["r"].color(theme)
    hover = [_hover(effect, trace, t) for t in range(step + 1)]
    bars = [
        go.Bar(
            name=name,
            x=np.arange(1, step + 2),
            y=values[: step + 1],
            width=column_width(clicks),
            xaxis=x,
            yaxis=y,
            marker={"color": violet, "line": {"width": 0}},
            text=[share(value).removesuffix(" %") for value in values[: step + 1]]
            if clicks <= WRITTEN_OUT
            else None,
            textposition="outside",
            textfont={"size": SMALL, "color": MUTED[theme]},
            cliponaxis=False,
            hovertext=hover,
            hoverinfo="text",
        )
        for name, values, x, y in (
            ("relative", effect.relative, "x", "y"),
            ("moved", effect.moved, "x2", "y2"),
        )
    ]
    above = {"yanchor": "bottom", "yshift": 4, "xshift": -2}
    symbol = QUANTITIES["candidate"].symbol
    return go.Figure(
        bars,
        {
            **layout(theme, TOP + CANDIDATE + GAP + MOVED + BOTTOM, TOP, BOTTOM, right=NUMBER_EDGE),
            "xaxis": {**click_axis(1, clicks, theme, anchor="y"), "showticklabels": False},
            "xaxis2": click_axis(1, clicks, theme, anchor="y2"),
            "yaxis": axis(0, _highest(effect.relative), domain=upper),
            "yaxis2": axis(0, _highest(effect.moved), domain=lower),
            "shapes": [
                across(0, MUTED[theme]),
                across(0, MUTED[theme], yref="y2"),
                *(
                    column_frame(step + 1, clicks, theme, xref="x2", y0=bottom, y1=top)
                    for bottom, top in (upper, lower)
                ),
            ],
            "annotations": [
                words(
                    f"{bold(f'Candidate {symbol}')}: by how much it changes with r = 1, %",
                    0, upper[1], theme,
                    **{**above, "color": violet},
                ),
                words(
                    f"{bold('Recommendations')}: probability that moves, %", 0, lower[1], theme,
                    **{**above, "color": violet},
                ),
                words(
                    "click " + colored("(r forced to 1 at this click alone)", MUTED[theme]), 0, 0, theme,
                    yshift=-20, xshift=-2, size=SMALL, color=MUTED[theme],
                ),
            ],
        },
    )  # fmt: skip


def _highest(values: np.ndarray) -> float:
    """Upper end of an axis over the whole session."""
    return ROOM * float(values.max(initial=0)) or 1.0


def _hover(effect: ResetEffect, trace: Trace, t: int) -> str:
    first = int(trace.ranking(t, 1)[0])
    lines = [
        bold(clicked(trace.catalog.titles[int(trace.items[t])], t)),
        f"r averages {exact(effect.openness[t])}; with r = 1:",
        f"candidate changes by {share(effect.relative[t])} (distance {exact(effect.distance[t])})",
        f"{share(effect.moved[t])} of the probability moves",
        f"{share(effect.overlap[t])} of the {effect.k} best stay",
        f"first {escape_plotly(trace.catalog.titles[first])} → rank {int(effect.rank[t]):,}",
    ]
    return "<br>".join(lines)
