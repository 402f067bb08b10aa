"""How good is a model beside the baselines, and how sure is that?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from gru_viz.figures.palette import MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.style import (
    LABEL,
    LIGHTER,
    SMALL,
    TITLE,
    axis,
    bars,
    bold,
    colored,
    error_bars,
    hover_rows,
    layout,
    panels,
    quality,
    row_axis,
    row_label,
    row_value,
    words,
    zero_line,
)
from gru_viz.figures.text import escape_plotly
from gru_viz.learn.intervals import Interval, Intervals, Measured

ROW, BAR = 36, 9
TOP, GAP = 42, 34
FIGURES = {"recall": "Recall", "mrr": "MRR"}


def quality_bars(rows: Sequence[Measured], theme: Theme = "light", k: int = 20) -> go.Figure:
    """Recall@k above, MRR@k below, a bar each with its interval; in both the axis begins at 0.

    rows: at least one; the first is the model that is talked about
    """
    check_theme(theme)
    upper, lower = panels(ROW * len(rows), ROW * len(rows), gap=GAP)
    highs = [_high(rows, figure, k) for figure in FIGURES]
    traces = [
        trace
        for place, figure in enumerate(FIGURES)
        for trace in _panel(rows, figure, k, "" if place == 0 else "2", highs[place], theme)
    ]
    return go.Figure(
        traces,
        {
            **layout(theme, TOP + 2 * ROW * len(rows) + GAP, TOP),
            "xaxis": axis(0, highs[0]),
            "yaxis": {**row_axis(len(rows)), "domain": upper},
            "xaxis2": axis(0, highs[1], anchor="y2"),
            "yaxis2": {**row_axis(len(rows)), "domain": lower, "anchor": "x2"},
            "shapes": [
                zero_line(range(len(rows)), LABEL, LABEL + BAR + 4, ROW, theme, xref="x", yref="y"),
                zero_line(range(len(rows)), LABEL, LABEL + BAR + 4, ROW, theme, xref="x2", yref="y2"),
            ],
            "annotations": [
                words(bold(f"Recall@{k}"), 0, 1, theme, yshift=TOP - 2, xshift=-2),
                *whiskers(rows[0].intervals, theme, yshift=TOP - 19, xshift=-2),
                words(bold(f"MRR@{k}"), 0, lower[1], theme, yshift=22, xshift=-2),
                *(_name(rows, row, yref, theme) for yref in ("y", "y2") for row in range(len(rows))),
                *(_value(rows, row, "recall", k, "y", theme) for row in range(len(rows))),
                *(_value(rows, row, "mrr", k, "y2", theme) for row in range(len(rows))),
            ],
        },
    )


def whiskers(intervals: Intervals | None, theme: Theme, **more: Any) -> list[dict]:
    """The line that tells what the whiskers mean; none where there are none."""
    if intervals is None:
        return []
    text = f"whiskers: {intervals.level:.0%} of {intervals.resamples:,} resamples of the sessions"
    return [words(text.replace("%", " %"), 0, 1, theme, size=SMALL, color=MUTED[theme], **more)]


def reach(value: float, interval: Interval | None) -> tuple[float, float]:
    """How far a whisker goes below and above the value; never the wrong way."""
    low, high = interval or (value, value)
    return max(value - low, 0.0), max(high - value, 0.0)


def from_to(interval: Interval | None) -> str:
    """.641–.671, or nothing."""
    return "" if interval is None else "–".join(map(quality, interval))


def _of(row: Measured, figure: str, k: int) -> tuple[float, Interval | None]:
    value: float = getattr(row.quality, figure)[k]
    return value, None if row.intervals is None else getattr(row.intervals, figure)[k]


def _high(rows: Sequence[Measured], figure: str, k: int) -> float:
    """The axis ends with the longest bar or whisker."""
    ends = [max(value, *(interval or (0.0,))) for value, interval in (_of(row, figure, k) for row in rows)]
    return max(ends) or 1.0


def _panel(
    rows: Sequence[Measured], figure: str, k: int, number: str, high: float, theme: Theme
) -> list[go.Bar]:
    found = [_of(row, figure, k) for row in rows]
    below, above = zip(*(reach(*one) for one in found), strict=True)
    axes: dict[str, Any] = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    seen = any(interval is not None for _, interval in found)
    error = error_bars(below, above, theme) | {"visible": seen}
    drawn = bars(
        [value for value, _ in found],
        QUANTITIES["h"].color(theme),
        *(LABEL + 2, BAR, ROW, figure),
        opacity=[1.0] + [LIGHTER] * (len(rows) - 1),
        error_x=error,
        **axes,
    )
    return [drawn, hover_rows([_hover(row, k) for row in rows], 0, high, **axes)]


def _name(rows: Sequence[Measured], row: int, yref: str, theme: Theme) -> dict:
    return row_label(row, bold(escape_plotly(rows[row].name, TITLE), row == 0), theme, yref=yref)


def _value(rows: Sequence[Measured], row: int, figure: str, k: int, yref: str, theme: Theme) -> dict:
    value, interval = _of(rows[row], figure, k)
    sure = "" if interval is None else f"{colored(from_to(interval), MUTED[theme])} "
    return row_value(row, sure + bold(quality(value), row == 0), theme, yref=yref)


def _hover(row: Measured, k: int) -> str:
    lines = [bold(escape_plotly(row.name, TITLE))]
    for figure, name in FIGURES.items():
        value, interval = _of(row, figure, k)
        lines.append(f"{name}@{k} {quality(value)}" + (f", {from_to(interval)}" if interval else ""))
    lines.append(f"{row.quality.predictions:,} predictions, {row.quality.ranks} ranks")
    return "<br>".join(lines)
