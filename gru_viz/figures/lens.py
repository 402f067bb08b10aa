"""What would be recommended from the memory alone, from the click alone, from the blend?"""

from __future__ import annotations

import plotly.graph_objects as go

from gru_viz.catalog import Catalog
from gru_viz.explain.lens import STATES, Lens
from gru_viz.figures.palette import INK, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    SMALL,
    SPACE,
    axis,
    bars,
    bold,
    exact,
    hover_rows,
    layout,
    numbered,
    row_axis,
    share,
    words,
    zero_line,
)
from gru_viz.figures.text import escape_plotly, two_lines

ROW, BAR = 50, 7
LINES, LINE_HEIGHT, CHARACTERS = 2, 14, 20  # of a title in a third of a phone's width
TOP = 56
COLUMNS = ((0.0, 0.31), (0.345, 0.655), (0.69, 1.0))
ROOM = 1.55  # width of a column over that of its longest bar: beside it stands the probability

HEADS = {
    "memory": ("Memory alone", "the state before<br>the click"),
    "click": ("Click alone", "the candidate of<br>the click"),
    "blend": ("Blend", "the state after it,<br>as recommended"),
}


def lens_figure(lens: Lens, catalog: Catalog, theme: Theme = "light") -> go.Figure:
    """Three lists side by side, their bars probabilities on one scale.

    In the first two lists the items that the blend also lists are set in bold.
    """
    rows = lens.items.shape[1]
    high = float(lens.probability.max(initial=0)) * ROOM or 1.0
    color = {"memory": QUANTITIES["h"].color(theme), "click": QUANTITIES["candidate"].color(theme)}
    blend = set(map(int, lens.items[-1]))
    axes, drawn, shapes, said = {"yaxis": row_axis(rows)}, [], [], []
    for place, state in enumerate(STATES):
        on = {"xaxis": numbered("x", place), "yaxis": "y"}
        domain = COLUMNS[place]
        axes[numbered("xaxis", place)] = axis(0, high, domain=list(domain), anchor="y")
        top = LINES * LINE_HEIGHT + 4
        shown = color.get(state, INK[theme])
        drawn += [
            bars(lens.probability[place], shown, top, BAR, ROW, state, **on),
            _numbers(lens, place, top, theme, on),
            hover_rows(_hover(lens, catalog, place), 0, high, **on),
        ]
        shapes.append(zero_line(range(rows), top - 2, top + BAR + 2, ROW, theme, xref=on["xaxis"]))
        said += _head(state, domain[0], shown, theme)
        said += [
            _title(catalog.titles[item], row, domain[0], state != "blend" and item in blend, theme)
            for row, item in enumerate(map(int, lens.items[place]))
        ]
    return go.Figure(
        drawn, {**layout(theme, TOP + ROW * rows, TOP), **axes, "shapes": shapes, "annotations": said}
    )


def _numbers(lens: Lens, place: int, top: float, theme: Theme, on: dict[str, str]) -> go.Scatter:
    probability = lens.probability[place]
    return go.Scatter(
        x=probability,
        y=[row + (top + BAR / 2) / ROW for row in range(len(probability))],
        mode="text",
        text=[SPACE + share(one) for one in probability],
        textposition="middle right",
        textfont={"size": SMALL, "color": MUTED[theme]},
        cliponaxis=False,
        hoverinfo="skip",
        name="numbers",
        **on,
    )


def _title(title: str, row: int, left: float, also_in_blend: bool, theme: Theme) -> dict:
    """A title on up to two lines, standing on its bar."""
    return words(
        bold(two_lines(title, CHARACTERS), also_in_blend), left, row, theme,
        yref="y", yanchor="bottom", yshift=-LINES * LINE_HEIGHT - 2, xshift=-2, size=SMALL,
    )  # fmt: skip


def _head(state: str, left: float, color: str, theme: Theme) -> list[dict]:
    title, caption = HEADS[state]
    return [
        words(bold(title), left, 1, theme, yshift=TOP - 2, xshift=-2, color=color),
        words(caption, left, 1, theme, yshift=TOP - 19, xshift=-2, size=SMALL, color=MUTED[theme]),
    ]


def _hover(lens: Lens, catalog: Catalog, place: int) -> list[str]:
    return [
        f"{bold(escape_plotly(catalog.titles[int(item)]))}<br>"
        f"{HEADS[STATES[place]][0].lower()}: rank {row + 1}, probability {exact(100 * probability, 2)} %"
        for row, (item, probability) in enumerate(
            zip(lens.items[place], lens.probability[place], strict=True)
        )
    ]
