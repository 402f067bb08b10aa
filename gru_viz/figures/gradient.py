"""How strongly, and by which path, does the state depend on the state after earlier clicks?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.anatomy import CELLS
from gru_viz.explain.gradient import GradientFlow
from gru_viz.explain.jacobian import paths
from gru_viz.explain.words import KEEPS, power_of_ten
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
    exact,
    layout,
    panels,
    share,
    ticks,
    words,
)
from gru_viz.trace import Trace

TOP, NORM, GAP, SHARES, BOTTOM, SIDE = 26, 110, 32, 64, 38, 40
MARKED = 40  # up to so many points each has a marker
ABOVE = {"yanchor": "bottom", "yshift": 4, "xshift": -SIDE}  # words over a panel
DECADES = 2  # a span of more is shown on a logarithmic axis


def gradient_figure(flow: GradientFlow, trace: Trace, theme: Theme = "light") -> go.Figure:
    """The size of ds_T/ds_t for every click t up to T, and which share of it goes straight through.

    s is an LSTM's c, any other cell's h. A vanilla RNN has no path straight through, and no shares.
    On the logarithmic axis a norm of 0 has no place and is left out.
    """
    last, state = len(flow.norm), CELLS[flow.cell].state
    color, hover = QUANTITIES[state].color(theme), [_hover(flow, trace, t) for t in range(last)]
    norm_axis, drawn = _norms(flow.norm, theme)
    line = go.Scatter(
        name="norm",
        x=list(range(1, last + 1)),
        y=drawn,
        mode="lines+markers" if last <= MARKED else "lines",
        line={"color": color, "width": 2},
        marker={"size": 5},
        hovertext=hover,
        hoverinfo="text",
    )
    gated = flow.cell in KEEPS
    upper, *lower = panels(NORM, *[SHARES] * gated, gap=GAP)
    scale = ", logarithmic" if norm_axis.get("type") == "log" else ""
    head = bold(f"Size of ∂{state}<sub>{last}</sub> ∕ ∂{state}<sub>t</sub>")
    clicks = words("click t", 0, 0, theme, yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme])
    height = TOP + NORM + BOTTOM + gated * (GAP + SHARES)
    figure = go.Figure(
        [line],
        {
            **layout(theme, height, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": {**click_axis(1, last, theme, anchor="y"), "showticklabels": not gated},
            "yaxis": {**norm_axis, "domain": upper},
            "shapes": [] if scale else [across(0, MUTED[theme])],
            "annotations": [words(head + scale, 0, upper[1], theme, **{**ABOVE, "color": color}), clicks],
        },
    )
    if gated:
        _add_shares(figure, flow, hover, lower[0], theme)
    return figure


def _add_shares(
    figure: go.Figure, flow: GradientFlow, hover: list[str], domain: tuple[float, float], theme: Theme
) -> None:
    """Below: the direct share and, in grey, the rest."""
    last = len(flow.norm)
    keeps = QUANTITIES[KEEPS[flow.cell]].color(theme)
    rest = np.where(np.isnan(flow.share), np.nan, 1 - flow.share)
    for name, values, base, color, opacity in (
        ("direct", flow.share, 0, keeps, 1.0),
        ("rest", rest, flow.share, MUTED[theme], LIGHTER),
    ):
        figure.add_bar(
            name=name,
            x=list(range(1, last + 1)),
            y=values,
            base=base,
            width=column_width(last),
            marker={"color": color, "opacity": opacity, "line": {"width": 0}},
            hovertext=hover,
            hoverinfo="text",
            xaxis="x2",
            yaxis="y2",
        )
    straight = colored(f"{SQUARE} straight through ({'1 − z' if flow.cell == 'gru' else 'f'})", keeps)
    legend = f"{straight}  {colored(f'{SQUARE} all other paths', MUTED[theme])}"
    figure.update_layout(
        xaxis2=click_axis(1, last, theme, anchor="y2"),
        yaxis2=axis(0, 1, domain=domain, **ticks([0, 1], ["0", "100 %"], theme)),
    )
    figure.add_shape(across(0, MUTED[theme], yref="y2"))
    figure.add_annotation(words(legend, 0, domain[1], theme, **ABOVE))


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
    sizes = zip(paths(flow.cell), flow.paths[t], strict=True)
    direct = f", straight through {_short(flow.direct[t])} ({share(flow.share[t])})"
    lines = [
        bold(clicked(trace.catalog.titles[int(trace.items[t])], t)),
        f"size {_short(flow.norm[t])}{direct if flow.cell in KEEPS else ''}",
        f"of this click alone: {', '.join(f'{name} {_short(size)}' for name, size in sizes)}",
    ]
    return "<br>".join(lines)


def _short(value: float) -> str:
    if not 0 < abs(value) < 0.01:
        return exact(value)
    digits, power = f"{float(value):.1e}".replace("-", "−").split("e")
    return digits + power_of_ten(float(f"1e{power.replace('−', '-')}"))[1:]
