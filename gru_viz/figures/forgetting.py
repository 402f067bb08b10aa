"""How fast is a click forgotten: as the gates foretell, in the state, in the recommendations?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.forgetting import Forgetting
from gru_viz.figures.palette import INK, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    across,
    axis,
    bold,
    clicked,
    colored,
    exact,
    layout,
    share,
    thinned,
    ticks,
    words,
)
from gru_viz.trace import Trace

TOP, PLOT, BOTTOM, SIDE = 62, 170, 38, 40
MARKED = 40  # up to so many points each has a marker


def forgetting_figure(value: Forgetting, trace: Trace, theme: Theme = "light") -> go.Figure:
    """What is left of one click after 0, 1, 2, … further clicks, each curve as a share of its first value.

    Points that are not known, and a curve that starts at nothing, are left out.
    """
    curves = {
        "predicted": _of_first(value.predicted),
        "state": _of_first(value.state),
        "moved": _of_first(value.moved),
    }
    colors = {
        "predicted": QUANTITIES["z"].color(theme),
        "state": QUANTITIES["h"].color(theme),
        "moved": INK[theme],
    }
    lags = len(value.predicted)
    shown = thinned(0, lags - 1, most=9)
    high = max([1.0, *(float(curve[~np.isnan(curve)].max(initial=0)) for curve in curves.values())])
    hover = [_hover(value, trace, lag) for lag in range(lags)]
    lines = [
        go.Scatter(
            name=name,
            x=list(range(lags)),
            y=[None if np.isnan(share_left) else share_left for share_left in curve],
            mode="lines+markers" if lags <= MARKED else "lines",
            line={"color": colors[name], "width": 2, "dash": "dash" if name == "predicted" else "solid"},
            marker={"size": 5},
            hovertext=hover,
            hoverinfo="text",
        )
        for name, curve in curves.items()
    ]
    return go.Figure(
        lines,
        {
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": axis(-0.3, max(lags - 0.7, 0.3), **ticks(shown, [f"{lag:,}" for lag in shown], theme)),
            "yaxis": axis(-0.03 * high, 1.04 * high, **ticks([0, 0.5, 1], ["0", "50 %", "100 %"], theme)),
            "shapes": [across(0, MUTED[theme])],
            "annotations": _words(value, trace, colors, theme),
        },
    )


def _of_first(values: np.ndarray) -> np.ndarray:
    """A curve as a share of its first value; all NaN where that is 0."""
    first = float(values[0])
    return values / first if first > 0 else np.full(len(values), np.nan)


def _hover(value: Forgetting, trace: Trace, lag: int) -> str:
    place = value.click + lag
    later = "at the click itself" if lag == 0 else f"{lag:,} click{'s' if lag > 1 else ''} later"
    lines = [
        bold(later),
        f"click {clicked(trace.catalog.titles[int(trace.items[place])], place)}",
        f"carried, from the gates: {share(value.predicted[lag])}",
        f"state: {share(value.state[lag])} of the first difference",
        f"recommendations: {share(value.moved[lag])} of the probability differs",
        f"KL {exact(value.kl[lag])} nats",
    ]
    return "<br>".join(lines)


def _words(value: Forgetting, trace: Trace, colors: dict[str, str], theme: Theme) -> list[dict]:
    name = clicked(trace.catalog.titles[int(trace.items[value.click])], value.click)
    legend = (
        f"{colored('– – carried, as the gates foretell', colors['predicted'])}<br>measured: "
        f"{colored('— in the state', colors['state'])}  "
        f"{colored('— in the recommendations', colors['moved'])}"
    )
    return [
        words(f"Left of click {bold(name)}", 0, 1, theme, yshift=TOP - 2, xshift=-SIDE),
        words(legend, 0, 1, theme, yshift=TOP - 21, xshift=-SIDE, size=SMALL + 1, color=MUTED[theme]),
        words("further clicks", 0, 0, theme, yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme]),
    ]
