"""In which units, and from which click on, does a variant hold something else than the reference?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.changes import HeldDifferences
from gru_viz.figures.palette import BACKGROUND, DIVERGING, MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.style import NUMBER_EDGE, SMALL, axis, bold, color_bar, layout, outline, thinned, words

CELL, LOWEST, HIGHEST = 4, 60, 280  # pixels of a unit, and of all of them
TOP, LINE_HEIGHT, SIDE = 50, 16, 32
ENDS = (-1.0, 1.0)  # of the colours


def state_difference_figure(
    differences: HeldDifferences, theme: Theme = "light", quantity: str = "h"
) -> go.Figure:
    """Variant minus reference, units × clicks: blue where the variant's is higher, amber where lower.

    quantity: "h", or any other that both recordings have: a gate or the candidate

    The scale is −1 to 1 for every quantity and never that of the data; a state can differ by up
    to 2, and what is beyond the ends has their colours, so that what is usual can be seen.
    Only clicks that both sessions have are drawn, side by side; a dotted line stands where one
    of the sessions has further clicks between.
    """
    check_theme(theme)
    values = differences.values[quantity]
    clicks, units = values.shape
    height = min(max(CELL * units, LOWEST), HIGHEST)
    bottom = 4 + LINE_HEIGHT * len(_numberings(differences.clicks))
    # the axis' own tick texts are what hovering a cell shows; the numbers that are seen are annotations
    columns = {"tickvals": list(range(clicks)), "ticktext": [_click(*pair) for pair in differences.clicks]}
    return go.Figure(
        _map(values, quantity, theme),
        {
            **layout(theme, TOP + height + bottom, TOP, bottom, SIDE, NUMBER_EDGE),
            "xaxis": {
                **axis(-0.5, max(clicks, 1) - 0.5, **columns), "tickmode": "array", "showticklabels": False
            },
            "yaxis": axis(units - 0.5, -0.5),
            "shapes": [outline(theme), *(_between(place, theme) for place in _breaks(differences.clicks))],
            "annotations": [
                *_words(QUANTITIES[quantity].name, theme),
                *_click_numbers(differences.clicks, theme),
                *_unit_numbers(units, height, theme),
                *([] if clicks else [_nothing_shared(theme)]),
            ],
        },
    )  # fmt: skip


def _map(values: np.ndarray, quantity: str, theme: Theme) -> go.Heatmap:
    shown = QUANTITIES[quantity]
    beyond = ("≤ ", "≥ ") if shown.high - shown.low > ENDS[1] else ("", "")
    negative, positive = DIVERGING[theme]
    return go.Heatmap(
        name="differences",
        z=values.T,
        x=np.arange(len(values)),
        y=np.arange(values.shape[1]),
        zmin=ENDS[0],
        zmax=ENDS[1],
        colorscale=[(0, negative), (0.5, BACKGROUND[theme]), (1, positive)],
        hovertemplate=(f"%{{x}}<br>unit %{{y}}: {shown.symbol} differs by <b>%{{z:+.3f}}</b><extra></extra>"),
        colorbar=color_bar([ENDS[0], 0, ENDS[1]], [f"{beyond[0]}−1", "0", f"{beyond[1]}1"], theme),
    )


def _click(reference: int, variant: int) -> str:
    if reference == variant:
        return f"click {reference + 1}"
    return f"click {reference + 1}, which is click {variant + 1} of the variant"


def _breaks(clicks: np.ndarray) -> list[float]:
    """Between which columns one of the sessions has further clicks."""
    return [place + 0.5 for place in np.flatnonzero((np.diff(clicks, axis=0) > 1).any(axis=1))]


# --- words and lines


def _words(name: str, theme: Theme) -> list[dict]:
    quiet = {"size": SMALL, "color": MUTED[theme]}
    return [
        words(f"{bold(name)} of the variant", 0, 1, theme, yshift=TOP - 2, xshift=-SIDE),
        words("minus that of the reference", 0, 1, theme, yshift=TOP - 20, xshift=-SIDE, **quiet),
    ]


def _numberings(clicks: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """The reference's click numbers, and below them the variant's where any differs."""
    if (clicks[:, 0] == clicks[:, 1]).all():
        return [("click", clicks[:, 0])]
    return [("ref.", clicks[:, 0]), ("var.", clicks[:, 1])]


def _click_numbers(clicks: np.ndarray, theme: Theme) -> list[dict]:
    if len(clicks) == 0:
        return []
    quiet = {"size": SMALL, "color": MUTED[theme]}
    said = []
    for line, (name, numbers) in enumerate(_numberings(clicks)):
        down = {"yshift": -2 - LINE_HEIGHT * line, **quiet}
        said.append(words(name, 0, 0, theme, xshift=-SIDE, **down))
        said += [
            words(str(numbers[n - 1] + 1), n - 1, 0, theme, xref="x", xanchor="center", **down)
            for n in thinned(1, len(clicks))
        ]
    return said


def _unit_numbers(units: int, height: int, theme: Theme) -> list[dict]:
    beside = {"yref": "y", "yanchor": "middle", "xanchor": "right", "xshift": -4}
    quiet = {"size": SMALL, "color": MUTED[theme]}
    return [
        words(str(unit), 0, unit, theme, **beside, **quiet)
        for unit in thinned(0, units - 1, most=max(height // 28, 1))
    ]


def _nothing_shared(theme: Theme) -> dict:
    return words(
        "No click stands in the same place in both.", 0.5, 0.5, theme,
        xanchor="center", yanchor="middle", size=SMALL, color=MUTED[theme],
    )  # fmt: skip


def _between(place: float, theme: Theme) -> dict:
    line = {"color": MUTED[theme], "width": 2, "dash": "dot"}
    return {
        "type": "line", "name": "further clicks",
        "x0": place, "x1": place, "yref": "paper", "y0": 0, "y1": 1, "line": line,
    }  # fmt: skip
