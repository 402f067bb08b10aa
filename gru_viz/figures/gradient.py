"""How strongly, and by which path, does the state depend on the state after earlier clicks?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.gradient import PATHS, GradientFlow
from gru_viz.figures.palette import MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    LIGHTER,
    NUMBER_EDGE,
    SMALL,
    SQUARE,
    across,
    axis,
    bold,
    click_axis,
    clicked,
    colored,
    column_width,
    layout,
    panels,
    share,
    ticks,
    words,
)
from gru_viz.trace import Trace

TOP, NORM, GAP, SHARES, BOTTOM, SIDE = 26, 110, 32, 64, 38, 40
MARKED = 40  # up to so many points each has a marker
DECADES = 2  # a span of more is shown on a logarithmic axis


def gradient_figure(flow: GradientFlow, trace: Trace, theme: Theme = "light") -> go.Figure:
    """The size of ∂h_T/∂h_t for every click t up to T, and which share of it goes straight through.

    On the logarithmic axis a norm of 0 has no place and is left out.
    """
    last = len(flow.norm)
    upper, lower = panels(NORM, SHARES, gap=GAP)
    blue, teal = QUANTITIES["h"].color(theme), QUANTITIES["z"].color(theme)
    clicks, hover = list(range(1, last + 1)), [_hover(flow, trace, t) for t in range(last)]
    norm_axis, drawn = _norms(flow.norm, theme)
    share_axis = {"xaxis": "x2", "yaxis": "y2"}
    rest = np.where(np.isnan(flow.share), np.nan, 1 - flow.share)
    shares = [
        go.Bar(
            name=name,
            x=clicks,
            y=values,
            base=base,
            width=column_width(last),
            marker={"color": color, "opacity": opacity, "line": {"width": 0}},
            hovertext=hover,
            hoverinfo="text",
            **share_axis,
        )
        for name, values, base, color, opacity in (
            ("direct", flow.share, 0, teal, 1.0),
            ("rest", rest, flow.share, MUTED[theme], LIGHTER),
        )
    ]
    line = go.Scatter(
        name="norm",
        x=clicks,
        y=drawn,
        mode="lines+markers" if last <= MARKED else "lines",
        line={"color": blue, "width": 2},
        marker={"size": 5},
        hovertext=hover,
        hoverinfo="text",
    )
    scale = ", logarithmic" if norm_axis.get("type") == "log" else ""
    above = {"yanchor": "bottom", "yshift": 4, "xshift": -SIDE}
    straight = colored(f"{SQUARE} straight through", teal)
    legend = f"{straight}  {colored(f'{SQUARE} by the gates and the candidate', MUTED[theme])}"
    return go.Figure(
        [line, *shares],
        {
            **layout(theme, TOP + NORM + GAP + SHARES + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": {**click_axis(1, last, theme, anchor="y"), "showticklabels": False},
            "xaxis2": click_axis(1, last, theme, anchor="y2"),
            "yaxis": {**norm_axis, "domain": upper},
            "yaxis2": axis(0, 1, domain=lower, **ticks([0, 1], ["0", "100 %"], theme)),
            "shapes": [
                across(0, MUTED[theme], yref="y2"),
                *([] if scale else [across(0, MUTED[theme])]),
            ],
            "annotations": [
                words(
                    f"{bold(f'Size of ∂h<sub>{last}</sub> ∕ ∂h<sub>t</sub>')}{scale}", 0, upper[1], theme,
                    **{**above, "color": blue},
                ),
                words(legend, 0, lower[1], theme, **above),
                words("click t", 0, 0, theme, yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme]),
            ],
        },
    )  # fmt: skip


def _norms(norm: np.ndarray, theme: Theme) -> tuple[dict, list[float | None]]:
    """The axis of the norms, and the norms that have a place on it."""
    known = norm[np.isfinite(norm)]
    positive = known[known > 0]
    if len(positive) and positive.max() > positive.min() * 10**DECADES:
        low, high = np.log10(positive.min()), np.log10(positive.max())
        powers = [int(power) for power in range(int(np.ceil(low)), int(np.floor(high)) + 1)]
        powers = powers[:: -(-len(powers) // 4)]
        shown = ticks([10.0**power for power in powers], [_power(power) for power in powers], theme)
        room = 0.05 * (high - low)
        return axis(max(low - room, -323), min(high + room, 308), type="log", **shown), [
            float(one) if np.isfinite(one) and one > 0 else None for one in norm
        ]
    high = float(known.max(initial=1))
    top = f"{high:.3g}"
    shown = ticks([0, float(top)], ["0", top], theme)
    return axis(-0.05 * high, 1.06 * high, **shown), [
        float(one) if np.isfinite(one) else None for one in norm
    ]


def _power(power: int) -> str:
    return f"{10.0**power:g}" if -2 <= power <= 2 else f"10<sup>{power}</sup>".replace("-", "−")


def _hover(flow: GradientFlow, trace: Trace, t: int) -> str:
    paths = ", ".join(f"{name} {_short(size)}" for name, size in zip(PATHS, flow.paths[t], strict=True))
    lines = [
        bold(clicked(trace.catalog.titles[int(trace.items[t])], t)),
        f"size {_short(flow.norm[t])}, straight through {_short(flow.direct[t])} ({share(flow.share[t])})",
        f"of this click alone: {paths}",
    ]
    return "<br>".join(lines)


def _short(value: float) -> str:
    return "–" if np.isnan(value) else f"{float(value):.3g}".replace("-", "−")
