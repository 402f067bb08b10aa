"""Where in a session, and in sessions of which length, is the next click predicted well?"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from gru_viz.explain.words import NBSP
from gru_viz.figures.palette import INK, LINE, MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.quality_baselines import from_to, reach, whiskers
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    SPACE,
    TITLE,
    across,
    axis,
    bold,
    colored,
    layout,
    panels,
    quality,
    share,
    ticks,
    words,
)
from gru_viz.figures.text import escape_plotly
from gru_viz.learn.breakdown import Bin, Breakdown

TOP, PLOT, GAP, SHARES, BOTTOM, SIDE = 62, 150, 32, 40, 38, 30
HEADROOM = 1.6  # above the largest share, for its number
ROOM = 1.05  # the axis goes on beyond its ends, so that a marker there is whole
NAMES = {"position": "place in the session", "length": "length of the session"}
CAPTIONS = {"position": "prediction; 1 is the session's second click", "length": "clicks in the session"}
HOVERED = {"position": "prediction", "length": "clicks"}


def quality_by(
    model: Breakdown,
    theme: Theme = "light",
    k: int = 20,
    *,
    name: str = "model",
    beside: tuple[str, Breakdown] | None = None,
) -> go.Figure:
    """Recall@k of each bin with its interval, from 0 to 1; below it the bin's share of the predictions.

    beside: the name of another scorer and its breakdown of the same log, drawn dashed
    """
    check_theme(theme)
    upper, lower = panels(PLOT, SHARES, gap=GAP)
    bins = len(model.bins)
    labels = ticks(range(bins), [one.label for one in model.bins], theme)
    drawn = [(name, model, True), *([(*beside, False)] if beside else [])]
    return go.Figure(
        [
            *(_line(title, one, whole, k, theme) for title, one, whole in reversed(drawn)),
            _shares(model, name, k, theme),
        ],
        {
            **layout(theme, TOP + PLOT + GAP + SHARES + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": axis(-0.5, bins - 0.5, anchor="y2", **labels),
            "yaxis": axis(
                1 - ROOM, ROOM, domain=upper, **ticks([0, 0.5, 1], ["0", ".5", "1"], theme)
            ),
            "yaxis2": axis(0, HEADROOM * max(one.share for one in model.bins), domain=lower),
            "shapes": [across(0, MUTED[theme]), across(0, MUTED[theme], "y2")],
            "annotations": [
                words(bold(f"Recall@{k} by {NAMES[model.by]}"), 0, 1, theme, yshift=TOP - 2, xshift=-SIDE),
                *whiskers(model.bins[0].intervals, theme, yshift=TOP - 20, xshift=-SIDE),
                _legend(drawn, theme),
                words(
                    "share of the predictions", 0, lower[1], theme,
                    yshift=18, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
                words(
                    CAPTIONS[model.by], 0, 0, theme,
                    yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
            ],
        },
    )  # fmt: skip


def _color(whole: bool, theme: Theme) -> str:
    return QUANTITIES["h"].color(theme) if whole else MUTED[theme]


def _line(name: str, breakdown: Breakdown, whole: bool, k: int, theme: Theme) -> go.Scatter:
    """Whiskers for the model alone; of two lines they would cover each other."""
    bins = breakdown.bins
    values = [one.quality.recall[k] for one in bins]
    sure = [one.intervals.recall[k] for one in bins]
    below, above = zip(*map(reach, values, sure), strict=True)
    error: dict[str, Any] = {
        "type": "data",
        "symmetric": False,
        "array": list(above),
        "arrayminus": list(below),
        "thickness": 1.5,
        "width": 3,
        "visible": whole,
    }
    return go.Scatter(
        name="model" if whole else "beside",
        x=list(range(len(bins))),
        y=values,
        mode="lines+markers",
        line={
            "color": _color(whole, theme),
            "width": 2 if whole else 1.5,
            "dash": "solid" if whole else "dash",
        },
        marker={"size": 6 if whole else 4},
        error_y=error,
        hovertext=[_hover(name, breakdown, one, k) for one in bins],
        hoverinfo="text",
    )


def _shares(breakdown: Breakdown, name: str, k: int, theme: Theme) -> go.Bar:
    return go.Bar(
        name="shares",
        x=list(range(len(breakdown.bins))),
        y=[one.share for one in breakdown.bins],
        yaxis="y2",
        width=0.8,
        marker={"color": LINE[theme], "line": {"width": 0}},
        text=[_percent(one.share) for one in breakdown.bins],
        textposition="outside",
        textangle=0,
        cliponaxis=False,
        constraintext="none",
        textfont={"size": SMALL, "color": INK[theme]},
        hovertext=[_hover(name, breakdown, one, k) for one in breakdown.bins],
        hoverinfo="text",
    )


def _percent(value: float) -> str:
    """A share that fits over a narrow bar."""
    return f"&#60;1{NBSP}%" if 0 < value < 0.01 else f"{100 * value:.0f}{NBSP}%"


def _legend(drawn: list[tuple[str, Breakdown, bool]], theme: Theme) -> dict:
    parts = [
        f"{colored('━━━' if whole else '╺ ╺', _color(whole, theme))}{SPACE}"
        f"{bold(escape_plotly(name, TITLE // len(drawn)), whole)}"
        for name, _, whole in drawn
    ]
    return words("   ".join(parts), 0, 1, theme, yshift=TOP - 36, xshift=-SIDE)


def _hover(name: str, breakdown: Breakdown, one: Bin, k: int) -> str:
    value = one.quality.recall[k]
    lines = [
        f"{bold(escape_plotly(name, TITLE))}, {HOVERED[breakdown.by]} {one.label}",
        f"Recall@{k} {quality(value)}, {from_to(one.intervals.recall[k])}",
        f"MRR@{k} {quality(one.quality.mrr[k])}, {from_to(one.intervals.mrr[k])}",
        f"{one.quality.predictions:,} predictions, {share(one.share)} of all",
    ]
    return "<br>".join(lines)
