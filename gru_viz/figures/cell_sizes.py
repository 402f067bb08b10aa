"""Which share of the longest detours does each cell get right, by its hidden units?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from gru_viz.explain.cell_sizes import BySize
from gru_viz.explain.words import NBSP
from gru_viz.figures.cell_lines import CELL_LINES, add_line, head
from gru_viz.figures.palette import MUTED, Theme, check_theme
from gru_viz.figures.style import NUMBER_EDGE, SMALL, across, axis, bold, exact, layout, share, ticks, words

TOP, PLOT, BOTTOM, SIDE = 46, 150, 38, 40
ROOM = 1.04  # beyond 0 and 100 %, so that a marker there is whole
ROOM_FOR_TEXT = 0.09  # of the height: closer to chance no tick is written
EDGE = 0.3  # of a place, left and right of the first and the last size


def cell_sizes_figure(by_cell: Mapping[str, BySize], chance: float, theme: Theme = "light") -> go.Figure:
    """A line and its 95 % band for each cell, sizes evenly apart, and where guessing would be."""
    check_theme(theme)
    first = next(iter(by_cell.values()))
    places = range(len(first.units))
    guessed = across(chance, MUTED[theme])
    figure = go.Figure(
        layout={
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": axis(-EDGE, len(places) - 1 + EDGE, **ticks(places, list(map(str, first.units)), theme)),
            "yaxis": axis(1 - ROOM, ROOM, **_ticks(chance, theme)),
            "shapes": [across(0, MUTED[theme]), {**guessed, "line": {**guessed["line"], "dash": "dot"}}],
            "annotations": [
                head(f"Right lens put first after {first.length} clicks", by_cell, TOP, SIDE, theme),
                words(
                    "hidden units", 0, 0, theme,
                    yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
            ],
        }
    )  # fmt: skip
    for cell, one in by_cell.items():
        _add(figure, cell, one, theme)
    return figure


def _ticks(chance: float, theme: Theme) -> dict[str, Any]:
    """The ends, the middle where there is room for it, and where guessing would be."""
    shown = {0.0: "0", 0.5: f"50{NBSP}%", 1.0: f"100{NBSP}%"}
    kept = {value: text for value, text in shown.items() if abs(value - chance) > ROOM_FOR_TEXT}
    kept[chance] = "chance"
    return ticks(sorted(kept), [kept[value] for value in sorted(kept)], theme)


def _add(figure: go.Figure, cell: str, one: BySize, theme: Theme) -> None:
    low, high = (edge.tolist() for edge in one.intervals)
    hover = [
        f"{bold(CELL_LINES[cell].name)}, {units} units<br>{right:,} of {asked:,} right, "
        f"{share(right / asked)}<br>95 % interval {exact(100 * a, 1)} to {share(b)}"
        for units, right, asked, a, b in zip(one.units, one.right, one.asked, low, high, strict=True)
    ]
    add_line(figure, cell, list(range(len(one.units))), (one.shares.tolist(), low, high), hover, theme)
