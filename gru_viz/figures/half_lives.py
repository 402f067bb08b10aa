"""How many units hold their content for how long?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.figures.palette import MUTED, QUANTITIES, Theme
from gru_viz.figures.style import SMALL, across, axis, layout, ticks, words

ENDS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, np.inf)  # clicks; a bin reaches up to, not including, its end
NAMES = ("under ½", "½–1", "1–2", "2–5", "5–10", "10–20", "20 +")
TOP, BARS, BOTTOM = 22, 120, 40


def half_lives_figure(half_lives: np.ndarray, theme: Theme = "light") -> go.Figure:
    """Units counted by half-life, in bins that never change, so that two sessions or models compare.

    half_lives: (H,) in clicks, in [0, ∞], as `explain.retention.half_lives` gives them
    """
    counts = np.histogram(np.minimum(half_lives, np.finfo(float).max), ENDS)[0]
    places = list(range(len(NAMES)))
    units = len(half_lives)
    said = [
        f"{count} of {units} unit{'s' if units > 1 else ''}: {name} clicks"
        for count, name in zip(counts, NAMES, strict=True)
    ]
    bars = go.Bar(
        name="units",
        x=places,
        y=counts,
        width=0.8,
        marker={"color": QUANTITIES["h"].color(theme), "line": {"width": 0}},
        text=[str(count) for count in counts],
        textposition="outside",
        cliponaxis=False,
        hovertext=said,
        hoverinfo="text",
    )
    caption = words(
        "clicks until half of a unit's content is gone", 0, 0, theme,
        yshift=-22, xshift=-2, size=SMALL, color=MUTED[theme],
    )  # fmt: skip
    return go.Figure(
        bars,
        {
            **layout(theme, TOP + BARS + BOTTOM, TOP, BOTTOM),
            "xaxis": axis(-0.5, len(NAMES) - 0.5, **ticks(places, NAMES, theme)),
            "yaxis": axis(0, max(int(counts.max()), 1)),
            "shapes": [across(0, MUTED[theme])],
            "annotations": [caption],
        },
    )
