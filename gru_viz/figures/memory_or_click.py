"""How much of each recommendation was carried, how much did this click write?"""

from __future__ import annotations

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

ROW = 44  # pixels an item
BAR, BIAS_BAR = 7, 3
TOP = 44
FIGURE_SPACE = "\u2007"  # as wide as a digit


def memory_or_click(
    split: Split, catalog: Catalog, theme: Theme = "light", chosen: int | None = None
) -> go.Figure:
    """One row an item: its score as a number, and from a common zero what adds up to it.

    chosen: item index whose title is set in bold
    """
    base = layout(theme, TOP + ROW * len(split), TOP)
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
    drawn = [bars(parts[name], colors[name], tops[name], thick[name], ROW, name) for name in parts]
    texts = [_hover(split, catalog, row) for row in range(len(split))]
    return go.Figure(
        [*drawn, hover_rows(texts, low, high)],
        {
            **base,
            "xaxis": axis(low, high),
            "yaxis": row_axis(len(split)),
            "shapes": [zero_line(range(len(split)), LABEL, LABEL + 2 * BAR + BIAS_BAR + 4, ROW, theme)],
            "annotations": [*_legend(colors, theme), *_labels(split, catalog, theme, chosen)],
        },
    )


def _legend(colors: dict[str, str], theme: Theme) -> list[dict]:
    memory, click, bias = (colored(f"{SQUARE} {name}", colors[name]) for name in ("memory", "click", "bias"))
    said = f"{memory}: carried through this click<br>{click}: written by it   {bias}"
    quiet = {"size": SMALL + 1, "color": INK[theme]}
    return [
        words(said, 0, 1, theme, yshift=TOP - 2, xshift=-2, **quiet),
        words(
            "score", 1, 1, theme, yshift=TOP - 17, xshift=2, xanchor="right", size=SMALL, color=MUTED[theme]
        ),
    ]


def _labels(split: Split, catalog: Catalog, theme: Theme, chosen: int | None) -> list[dict]:
    labels = []
    for row, item in enumerate(map(int, split.items)):
        place = str(row + 1).rjust(len(str(len(split))), FIGURE_SPACE)
        title = bold(escape_plotly(catalog.titles[item], TITLE), item == chosen)
        labels.append(row_label(row, f"{colored(place, MUTED[theme])}  {title}", theme))
        score = number(float(split.score[row])).text
        labels.append(row_value(row, bold(score, item == chosen), theme))
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
