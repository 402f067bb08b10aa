"""How good is it after each epoch, with the baselines beside it?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from gru_viz.cutoffs import CUTOFF
from gru_viz.figures.palette import QUANTITIES, Theme, check_theme
from gru_viz.figures.style import quality, ticks
from gru_viz.figures.text import escape_plotly
from gru_viz.figures.training import (
    PLOT,
    RIGHT,
    SOLID,
    beside,
    canvas,
    curve,
    figure,
    finite,
    head,
    level,
    rounded_up,
)

if TYPE_CHECKING:
    from gru_viz.learn.evaluation import Quality
    from gru_viz.learn.figures_file import EpochFigures

RING = "\u2009○\u2009\u2009"  # in the head, as round the kept epoch; about as wide as a line there
APART = 15  # pixels between two names


def training_recall_figure(
    epochs: Sequence[EpochFigures],
    total: int,
    baselines: Mapping[str, Quality],
    theme: Theme = "light",
    kept: int = 0,
) -> go.Figure:
    """Recall@20 on the held-out sessions after each epoch, and a dashed line for each baseline.

    baselines: by the name to show
    kept:      the epoch whose model is kept, from 1; it has a ring. 0 where there is none
    """
    check_theme(theme)
    recalls = [math.nan if e.quality is None else e.quality.recall[CUTOFF] for e in epochs]
    levels = {name: b.recall[CUTOFF] for name, b in baselines.items() if math.isfinite(b.recall[CUTOFF])}
    high = min(1.0, rounded_up(1.05 * max([*finite(recalls), *levels.values()], default=0.0)))
    color = QUANTITIES["h"].color(theme)
    said = [f"<b>after epoch {n}</b><br>Recall@20 {quality(value)}" for n, value in enumerate(recalls, 1)]
    known = finite(recalls)
    now = f"{quality(known[-1])} after epoch {len(recalls)}" if known else "not measured yet"
    shown = [0, high / 2, high]
    marks = [f"{value:.2g}".removeprefix("0") or "0" for value in shown]
    heads = [head(SOLID, color, "Recall@20, held out", now, theme, 0, 2)]
    curves = [curve("model", recalls, color, said)]
    if kept and math.isfinite(recalls[kept - 1]):
        curves.append(_ring(kept, recalls[kept - 1], color, said[kept - 1]))
        at = f"{quality(recalls[kept - 1])} after epoch {kept}"
        heads.append(head(RING, color, "kept", at, theme, 1, 2))
    return figure(
        curves,
        {
            **canvas(theme, total, 0, 1.02 * high, ticks(shown, marks, theme), 2, RIGHT),
            "shapes": [level(value, theme) for value in levels.values()],
        },
        [*heads, *_names(levels, 1.02 * high, theme)],
        theme,
    )


def _ring(epoch: int, value: float, color: str, said: str) -> go.Scatter:
    return go.Scatter(
        name="kept",
        x=[epoch],
        y=[value],
        mode="markers",
        marker={"symbol": "circle-open", "size": 13, "color": color, "line": {"width": 2}},
        cliponaxis=False,
        hovertext=[f"{said}<br>its model is kept"],
        hoverinfo="text",
    )


def _names(levels: Mapping[str, float], high: float, theme: Theme) -> list[dict[str, Any]]:
    """The names right of their lines, moved apart where lines lie close; in pixels from the top."""
    ordered = sorted(levels.items(), key=lambda level: -level[1])
    places = spread([PLOT * (1 - value / high) for _, value in ordered], APART, PLOT)
    return [
        beside(f"{escape_plotly(name, 20)} {quality(value)}", place, theme)
        for (name, value), place in zip(ordered, places, strict=True)
    ]


def spread(places: Sequence[float], apart: float, room: float) -> list[float]:
    """Rising places moved so that neighbours are `apart`, as far as the room (0 to `room`) allows."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + apart) if moved else place)
    last = room
    for number in range(len(moved) - 1, -1, -1):
        moved[number] = min(moved[number], last)
        last = moved[number] - apart
    return moved
