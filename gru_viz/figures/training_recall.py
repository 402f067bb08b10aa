"""How good is it after each epoch, with the baselines beside it?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from gru_viz.figures.palette import MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.style import SMALL, quality, ticks, words
from gru_viz.figures.text import escape_plotly
from gru_viz.figures.training import PLOT, canvas, curve, figure, finite, head, rounded_up

if TYPE_CHECKING:
    from gru_viz.learn.evaluation import Quality
    from gru_viz.learn.figures_file import EpochFigures

CUTOFF = 20
RIGHT = 124  # pixels for the baselines' names
APART = 15  # pixels between two names


def training_recall_figure(
    epochs: Sequence[EpochFigures], total: int, baselines: Mapping[str, Quality], theme: Theme = "light"
) -> go.Figure:
    """Recall@20 on the held-out sessions after each epoch, and a dashed line for each baseline.

    baselines: by the name to show
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
    return figure(
        [curve("model", recalls, color, said)],
        {
            **canvas(theme, total, 0, 1.02 * high, ticks(shown, marks, theme), right=RIGHT),
            "shapes": [_level(value, theme) for value in levels.values()],
        },
        [head("━━", color, "Recall@20, held out", now, theme), *_names(levels, 1.02 * high, theme)],
        theme,
    )


def _level(value: float, theme: Theme) -> dict[str, Any]:
    line = {"color": MUTED[theme], "width": 1, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def _names(levels: Mapping[str, float], high: float, theme: Theme) -> list[dict[str, Any]]:
    """The names right of their lines, moved apart where lines lie close; in pixels from the top."""
    ordered = sorted(levels.items(), key=lambda level: -level[1])
    places = spread([PLOT * (1 - value / high) for _, value in ordered], APART, PLOT)
    return [
        words(
            f"{escape_plotly(name, 20)} {quality(value)}", 1, 1, theme,
            yshift=-place, yanchor="middle", xshift=6, size=SMALL, color=MUTED[theme],
        )
        for (name, value), place in zip(ordered, places, strict=True)
    ]  # fmt: skip


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
