"""What do the two sides of a hidden click hold?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.retention import half_lives
from gru_viz.figures.palette import BACKGROUND, DIVERGING, INK, MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.style import SMALL, axis, bold, click_axis, color_bar, layout, outline, words
from gru_viz.gaps import Gaps

CELL, LOWEST, HIGHEST = 3, 60, 260  # pixels of a unit, and of all of them
TOP, BOTTOM, RIGHT = 46, 38, 2
HEADS = {
    "before": ("h→", "What came before", "read forwards, up to the click before"),
    "after": ("h←", "What came after", "read backwards, down to the click after"),
}


def both_states_figure(gaps: Gaps, side: str, theme: Theme = "light") -> go.Figure:
    """Units × hidden clicks of one side, "before" or "after": what it tells when that click is hidden.

    The units that hold longest are on top, as in every heatmap. The column of the first click is
    empty before, that of the last one after: nothing was read.
    """
    check_theme(theme)
    symbol, name, caption = HEADS[side]
    values, layer = (gaps.before, gaps.forward) if side == "before" else (gaps.after, gaps.backward)
    order = np.argsort(-half_lives(layer), kind="stable")
    height = min(max(CELL * values.shape[1], LOWEST), HIGHEST)
    return go.Figure(
        _map(values[:, order], order, symbol, theme),
        {
            **layout(theme, TOP + height + BOTTOM, TOP, BOTTOM, right=RIGHT),
            "xaxis": click_axis(1, len(gaps), theme),
            "yaxis": axis(values.shape[1] - 0.5, -0.5),
            "shapes": [outline(theme)],
            "annotations": [
                words(f"{bold(name)}, {symbol}", 0, 1, theme, yshift=TOP - 2, xshift=-2, color=INK[theme]),
                words(caption, 0, 1, theme, yshift=TOP - 20, xshift=-2, size=SMALL, color=MUTED[theme]),
                words("hidden click", 0, 0, theme, yshift=-20, xshift=-2, size=SMALL, color=MUTED[theme]),
            ],
        },
    )


def _map(values: np.ndarray, order: np.ndarray, symbol: str, theme: Theme) -> go.Heatmap:
    negative, positive = DIVERGING[theme]
    clicks, units = values.shape
    quantity = QUANTITIES["h"]
    return go.Heatmap(
        name=symbol,
        z=values.T,
        x=np.arange(1, clicks + 1),
        y=np.arange(units),
        customdata=np.repeat(order[:, None], clicks, axis=1),
        zmin=quantity.low,
        zmax=quantity.high,
        colorscale=[(0, negative), (0.5, BACKGROUND[theme]), (1, positive)],
        hovertemplate=(
            f"click %{{x}} hidden<br>unit %{{customdata}}: {symbol} <b>%{{z:+.3f}}</b><extra></extra>"
        ),
        colorbar=color_bar([-1, 0, 1], ["−1", "0", "1"], theme),
    )
