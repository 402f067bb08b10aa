"""How fast is a click forgotten: as the gates foretell, in the state, in the recommendations?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.anatomy import CELLS
from gru_viz.explain.forgetting import Forgetting
from gru_viz.explain.words import KEEPS
from gru_viz.figures.palette import INK, MUTED, QUANTITIES, Theme
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
    layout,
    share,
    ticks,
    words,
)
from gru_viz.trace import Trace

TOP, PLOT, BOTTOM, SIDE = 62, 170, 38, 40
MARKED = 40  # up to so many points each has a marker


def forgetting_figure(value: Forgetting, trace: Trace, theme: Theme = "light") -> go.Figure:
    """What is left of one click at it and each later one, every curve as a share of its first value.

    The last click is the current one and framed. Points that are not known, and a curve that
    starts at nothing, are left out.
    """
    curves = {
        "predicted": _of_first(value.predicted),
        "state": _of_first(value.state),
        "moved": _of_first(value.moved),
    }
    keeps = QUANTITIES[KEEPS[value.cell]].color(theme) if value.cell in KEEPS else MUTED[theme]
    colors = {
        "predicted": keeps,
        "state": QUANTITIES[CELLS[value.cell].state].color(theme),
        "moved": INK[theme],
    }
    drawn = {name: curve for name, curve in curves.items() if not np.isnan(curve).all()}
    first = value.click + 1
    last = value.click + len(value.predicted)
    high = max([1.0, *(float(curve[~np.isnan(curve)].max(initial=0)) for curve in curves.values())])
    hover = [_hover(value, curves, trace, lag) for lag in range(len(value.predicted))]
    marked = len(value.predicted) <= MARKED
    lines = [
        go.Scatter(
            name=name,
            x=list(range(first, last + 1)),
            y=[None if np.isnan(share_left) else share_left for share_left in curve],
            mode="lines+markers" if marked else "lines",
            line={"color": colors[name], "width": 2, "dash": "dash" if name == "predicted" else "solid"},
            marker={"size": 5},
            hovertext=hover,
            hoverinfo="text",
        )
        for name, curve in drawn.items()
    ]
    return go.Figure(
        lines,
        {
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": click_axis(first, last, theme),
            "yaxis": axis(-0.03 * high, 1.04 * high, **ticks([0, 0.5, 1], ["0", "50 %", "100 %"], theme)),
            "shapes": [
                across(0, MUTED[theme]),
                column_frame(last, len(value.predicted), theme),
            ],
            "annotations": _words(value, trace, {name: colors[name] for name in drawn}, theme),
        },
    )


def _of_first(values: np.ndarray) -> np.ndarray:
    """A curve as a share of its first value; all NaN where that is 0."""
    first = float(values[0])
    return values / first if first > 0 else np.full(len(values), np.nan)


def _hover(value: Forgetting, curves: dict[str, np.ndarray], trace: Trace, lag: int) -> str:
    place = value.click + lag
    later = "the click itself" if lag == 0 else f"{lag:,} click{'s' if lag > 1 else ''} later"
    lines = [
        bold(clicked(trace.catalog.titles[int(trace.items[place])], place)),
        f"{later}, left of what was there at first:",
        f"carried{_foretold(value)}: {share(curves['predicted'][lag])}",
        f"in the {_held(value)}: {share(curves['state'][lag])}",
        f"in the recommendations: {share(curves['moved'][lag])}"
        f" ({share(value.moved[lag])} of the probability differs)",
    ]
    return "<br>".join(lines)


def _foretold(value: Forgetting) -> str:
    return ", as the gates foretell" if value.cell in KEEPS else " (no gate keeps it)"


def _held(value: Forgetting) -> str:
    return "memory" if value.cell == "lstm" else "state"


def _words(value: Forgetting, trace: Trace, colors: dict[str, str], theme: Theme) -> list[dict]:
    name = clicked(trace.catalog.titles[int(trace.items[value.click])], value.click)
    said = {
        "predicted": f"– – carried{_foretold(value)}",
        "state": f"— in the {_held(value)}",
        "moved": "— in the recommendations",
    }
    shown = {name: colored(said[name], color) for name, color in colors.items()}
    measured = "  ".join(text for name, text in shown.items() if name != "predicted")
    lines = [shown.get("predicted", ""), measured and f"measured: {measured}"]
    legend = "<br>".join(line for line in lines if line)
    return [
        words(f"What is left of click {bold(name)}", 0, 1, theme, yshift=TOP - 2, xshift=-SIDE),
        words(legend, 0, 1, theme, yshift=TOP - 21, xshift=-SIDE, size=SMALL + 1, color=MUTED[theme]),
        words("after click", 0, 0, theme, yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme]),
    ]
