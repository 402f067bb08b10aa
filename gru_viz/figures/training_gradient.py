"""How long was the gradient, against the clip, and where did it explode?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from gru_viz.explain.exploding import exploded
from gru_viz.figures.palette import DIVERGING, INK, Theme, check_theme
from gru_viz.figures.style import exact, share, ticks
from gru_viz.figures.training import PLOT, RIGHT, SOLID, beside, canvas, curve, figure, finite, head, level

if TYPE_CHECKING:
    from gru_viz.learn.figures_file import EpochFigures

SMALLEST = 1e-6  # a norm below it is drawn there: the axis is logarithmic


def training_gradient_figure(
    epochs: Sequence[EpochFigures], total: int, clip: float, theme: Theme = "light"
) -> go.Figure:
    """The mean norm of an epoch's gradients before clipping, on a logarithmic axis, and the clip.

    An epoch that exploded has a diamond; one whose norm is no number stands at the top.
    """
    check_theme(theme)
    norms = [epoch.gradient_norm for epoch in epochs]
    places = [_log(norm) for norm in norms]
    known = [*finite(places), _log(clip)]
    low, high = math.floor(min(known) - 0.05), math.ceil(max(known) + 0.05)
    powers = range(low, high + 1, max(1, (high - low) // 3))
    marks = [_power(power) for power in powers]
    said = [
        f"<b>epoch {n}</b><br>gradient norm {exact(epoch.gradient_norm, 3)}"
        f"<br>{share(epoch.clipped)} of its updates clipped"
        for n, epoch in enumerate(epochs, 1)
    ]
    hot = DIVERGING[theme][0]
    burst = [place for place, did in enumerate(exploded(norms)) if did]
    marker = go.Scatter(
        name="exploded",
        x=[place + 1 for place in burst],
        y=[places[place] if math.isfinite(places[place]) else high for place in burst],
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": hot},
        hovertext=[said[place] + "<br>exploded" for place in burst],
        hoverinfo="text",
    )
    down = PLOT * (high + 0.05 - _log(clip)) / (high - low + 0.1)
    now = f"{exact(norms[-1])}, {share(epochs[-1].clipped)} clipped" if epochs else "not measured yet"
    return figure(
        [curve("gradient", places, INK[theme], said), marker],
        {
            **canvas(theme, total, low - 0.05, high + 0.05, ticks(list(powers), marks, theme), 2, RIGHT),
            "shapes": [level(_log(clip), theme)],
        },
        [
            head(SOLID, INK[theme], "Gradient norm", now, theme, 1, 2),
            beside(f"clip {clip:.4g}", down, theme),
        ],
        theme,
    )


def _log(norm: float) -> float:
    return math.log10(max(norm, SMALLEST)) if math.isfinite(norm) else math.nan


def _power(power: int) -> str:
    return f"{10.0**power:g}" if -3 <= power <= 3 else f"10<sup>{power}</sup>".replace("-", "−")
