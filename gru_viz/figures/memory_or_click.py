"""How much of each recommendation was carried, how much did this click write?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.callable_module import call_as
from gru_viz.catalog import Catalog
from gru_viz.explain.split import Split
from gru_viz.explain.words import number
from gru_viz.figures.palette import INK, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    LABEL,
    SMALL,
    SQUARE,
    TITLE,
    axis,
    bars,
    bold,
    colored,
    drawn,
    exact,
    hover_rows,
    layout,
    row_axis,
    row_label,
    row_value,
    words,
    zero_line,
)
from gru_viz.figures.text import escape_plotly
from gru_viz.figures.written import written

ROW = 44  # pixels an item
APART = 0.3  # of a row, above an item that is not one of the best
BAR, BIAS_BAR = 7, 3
TOP = 44
FIGURE_SPACE = "\u2007"  # as wide as a digit


def memory_or_click(
    split: Split, catalog: Catalog, theme: Theme = "light", chosen: int | None = None
) -> go.Figure:
    """One row an item: its score as a number, and from a common zero what adds up to it.

    chosen: item index whose title is set in bold
    """
    places = _places(split)
    rows = places[-1] + 1
    base = layout(theme, TOP + ROW * rows, 0)
    parts = {"memory": split.memory, "click": split.click, "bias": split.bias}
    colors = {
        "memory": QUANTITIES["h"].color(theme),
        "click": QUANTITIES["candidate"].color(theme),
        "bias": MUTED[theme],
    }
    thick = {"memory": BAR, "click": BAR, "bias": BIAS_BAR}
    tops = {"memory": LABEL + 1, "click": LABEL + BAR + 2, "bias": LABEL + 2 * BAR + 3}
    low = min(0.0, *(float(values.min()) for values in parts.values()))
    high = max(0.0, *(float(values.max()) for values in parts.values())) or 1.0
    parted = [
        bars(parts[name], colors[name], tops[name], thick[name], ROW, name, places=places) for name in parts
    ]
    texts = [_hover(split, catalog, row) for row in range(len(split))]
    said = [*_legend(colors, theme), *_labels(split, places, catalog, theme, chosen)]
    return drawn(
        [*parted, written(said, ROW, (low, high)), hover_rows(texts, low, high, places=places)],
        {
            **base,
            "xaxis": axis(low, high),
            "yaxis": row_axis(rows, above=TOP / ROW),
            "shapes": [zero_line(places, LABEL, LABEL + 2 * BAR + BIAS_BAR + 4, ROW, theme)],
        },
    )


def _places(split: Split) -> list[float]:
    """Where each row begins: items that are not among the best in a row stand apart from these."""
    apart = split.rank != np.arange(1, len(split) + 1)
    return [row + APART * bool(apart[: row + 1].any()) for row in range(len(split))]


def _legend(colors: dict[str, str], theme: Theme) -> list[dict]:
    memory, click, bias = (colored(f"{SQUARE} {name}", colors[name]) for name in ("memory", "click", "bias"))
    said = f"{memory}: carried from before<br>{click}: written by this click   {bias}"
    quiet = {"size": SMALL + 1, "color": INK[theme]}
    return [
        words(said, 0, 1, theme, yshift=TOP - 2, **quiet),
        words("score", 1, 1, theme, yshift=TOP - 17, xanchor="right", size=SMALL, color=MUTED[theme]),
    ]


def _labels(
    split: Split, places: list[float], catalog: Catalog, theme: Theme, chosen: int | None
) -> list[dict]:
    ranks = [exact(rank, 0) for rank in split.rank]
    digits = max(map(len, ranks))
    labels = []
    for place, rank, item, score in zip(places, ranks, map(int, split.items), split.score, strict=True):
        title = bold(escape_plotly(catalog.titles[item], TITLE - digits), item == chosen)
        before = colored(rank.rjust(digits, FIGURE_SPACE), MUTED[theme])
        labels.append(row_label(place, f"{before}  {title}", theme))
        labels.append(row_value(place, bold(number(float(score)).text, item == chosen), theme))
    return labels


def _hover(split: Split, catalog: Catalog, row: int) -> str:
    lines = [
        bold(escape_plotly(catalog.titles[int(split.items[row])])),
        f"memory {exact(split.memory[row])}",
        f"click {exact(split.click[row])}",
        f"bias {exact(split.bias[row])}",
        f"sum = score {exact(split.score[row])}",
    ]
    return "<br>".join(lines)


call_as(__name__, memory_or_click)
