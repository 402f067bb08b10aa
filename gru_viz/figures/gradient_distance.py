"""How much gradient is left at a distance, before training and after it, cell by cell?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.gradient_distance import GradientDistance, size
from gru_viz.figures.cell_lines import CELL_LINES, add_line, head
from gru_viz.figures.palette import MUTED, Theme, check_theme
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    axis,
    bold,
    click_axis,
    layout,
    numbered,
    panels,
    ticks,
    words,
)

TOP, PANEL, GAP, BOTTOM, SIDE = 64, 96, 26, 38, 40
LOWEST, HIGHEST = -12.0, 6.0  # powers of ten: what is beyond them is drawn at the edge
HEADS = ("Before training", "After training")

Gradients = Mapping[str, GradientDistance]


def gradient_distance_figure(untrained: Gradients, trained: Gradients, theme: Theme = "light") -> go.Figure:
    """Two panels with one logarithmic axis: medians over sessions as lines, quartiles as bands."""
    check_theme(theme)
    low, high = _powers([*untrained.values(), *trained.values()])
    furthest = max(len(one.median) for one in trained.values()) - 1
    domains = panels(PANEL, PANEL, gap=GAP)
    figure = go.Figure(
        layout={
            **layout(theme, TOP + 2 * PANEL + GAP + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "annotations": [
                head("Gradient left, logarithmic", trained, TOP, SIDE, theme),
                words(
                    "clicks back from the last one", 0, 0, theme,
                    yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
            ],
        }
    )  # fmt: skip
    for place, (gradients, domain) in enumerate(zip((untrained, trained), domains, strict=True)):
        x, y = numbered("x", place), numbered("y", place)
        clicks = click_axis(0, furthest, theme, anchor=y)
        figure.update_layout(
            {
                numbered("xaxis", place): {**clicks, "showticklabels": place == 1},
                numbered("yaxis", place): axis(
                    low, high, domain=domain, anchor=x, **_ticks(low, high, theme)
                ),
            }
        )
        _unchanged(figure, x, y, furthest, theme)
        for cell, one in gradients.items():
            _add(figure, cell, one, HEADS[place], (low, high), theme, xaxis=x, yaxis=y)
        figure.add_annotation(
            words(HEADS[place], 0, domain[1], theme, yanchor="bottom", yshift=2, xshift=-SIDE, size=SMALL)
        )
    return figure


def _powers(all_of_them: list[GradientDistance]) -> tuple[float, float]:
    """The ends of the axis, in powers of ten, 1 among them."""
    values = np.concatenate([[1.0], *(np.concatenate([one.low, one.high]) for one in all_of_them)])
    known = np.log10(values[values > 0])
    low, high = max(float(known.min()), LOWEST), min(float(known.max()), HIGHEST)
    return np.floor(low) - 0.2, np.ceil(high) + 0.3


def _ticks(low: float, high: float, theme: Theme) -> dict:
    powers = list(range(int(np.ceil(low)), int(np.floor(high)) + 1))
    apart = -(-len(powers) // 4)
    powers = [power for power in powers if power % apart == 0]
    return ticks(powers, ["1" if p == 0 else f"10<sup>{p}</sup>".replace("-", "−") for p in powers], theme)


def _at(values: np.ndarray, ends: tuple[float, float]) -> list[float]:
    """Powers of ten, within the axis."""
    with np.errstate(divide="ignore"):
        return np.clip(np.log10(values), *ends).tolist()


def _unchanged(figure: go.Figure, x: str, y: str, furthest: int, theme: Theme) -> None:
    """A thin line at 1: passed on unchanged."""
    figure.add_shape(
        type="line", xref=x, yref=y, x0=-0.5, x1=furthest + 0.5, y0=0, y1=0,
        line={"color": MUTED[theme], "width": 1, "dash": "dot"},
    )  # fmt: skip


def _add(
    figure: go.Figure,
    cell: str,
    one: GradientDistance,
    when: str,
    ends: tuple[float, float],
    theme: Theme,
    **axes: str,
) -> None:
    distances = list(range(len(one.median)))
    hover = [
        f"{bold(CELL_LINES[cell].name)}, {when.lower()}, {distance} back<br>median {size(median)}, half of "
        f"the sessions {size(a)} to {size(b)}"
        for distance, median, a, b in zip(distances, one.median, one.low, one.high, strict=True)
    ]
    median, low, high = (_at(values, ends) for values in (one.median, one.low, one.high))
    add_line(
        figure, cell, distances, (median, low, high), hover, theme, band="quartiles", markers=False, **axes
    )
