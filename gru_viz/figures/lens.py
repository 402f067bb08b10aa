"""What would be recommended from the memory alone, from the click alone, or from the blend?"""

from __future__ import annotations

import plotly.graph_objects as go

from gru_viz.catalog import Catalog
from gru_viz.explain.lens import Lens
from gru_viz.figures.palette import INK, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    LABEL,
    SMALL,
    TITLE,
    axis,
    bars,
    bold,
    exact,
    hover_rows,
    layout,
    row_axis,
    row_label,
    row_value,
    share,
    words,
    zero_line,
)
from gru_viz.figures.text import escape_plotly

ROW, BAR = 36, 9
TOP = 42

HEADS = {
    "memory": ("Memory alone", "the state before the click"),
    "click": ("Click alone", "the candidate of the click"),
    "blend": ("Blend", "the state after it, as recommended"),
}
# where a cell's state is another thing, or there is nothing to blend
OF_CELL = {
    ("lstm", "memory"): ("Memory alone", "what was shown before the click"),
    ("lstm", "click"): ("Click alone", "what it would show of its candidate"),
    ("lstm", "blend"): ("Blend", "what is shown after it, as recommended"),
    ("rnn", "blend"): ("After the click", "the state after it, as recommended"),
}


def _head(cell: str, state: str) -> tuple[str, str]:
    """Name and caption of a list."""
    return OF_CELL.get((cell, state), HEADS[state])


def lens_figure(lens: Lens, catalog: Catalog, theme: Theme = "light", state: str = "blend") -> go.Figure:
    """One of the lists, its bars probabilities on a scale that all of them share.

    state: one of `lens.states`. Three figures and not one, so that they stand side by side only where a
           title has room, and otherwise one under another

    In the lists of memory and click the items that the blend also lists are set in bold.
    """
    place = lens.states.index(state)
    items, probability = lens.items[place], lens.probability[place]
    color = {"memory": QUANTITIES["h"].color(theme), "click": QUANTITIES["candidate"].color(theme)}
    shown = color.get(state, INK[theme])
    high = float(lens.probability.max(initial=0)) or 1.0
    blend = set(lens.items[-1].tolist())
    also = [state != "blend" and item in blend for item in items.tolist()]
    titles = [escape_plotly(catalog.titles[item], TITLE) for item in items.tolist()]
    head, caption = _head(lens.cell, state)
    return go.Figure(
        [
            bars(probability, shown, LABEL + 2, BAR, ROW, state),
            hover_rows(_hover(lens, catalog, place), 0, high),
        ],
        {
            **layout(theme, TOP + ROW * len(items), TOP),
            "xaxis": axis(0, high),
            "yaxis": row_axis(len(items)),
            "shapes": [zero_line(range(len(items)), LABEL, LABEL + BAR + 4, ROW, theme)],
            "annotations": [
                words(bold(head), 0, 1, theme, yshift=TOP - 2, xshift=-2, color=shown),
                words(caption, 0, 1, theme, yshift=TOP - 19, xshift=-2, size=SMALL, color=MUTED[theme]),
                *(row_label(row, bold(title, also[row]), theme) for row, title in enumerate(titles)),
                *(row_value(row, share(float(one)), theme) for row, one in enumerate(probability)),
            ],
        },
    )


def _hover(lens: Lens, catalog: Catalog, place: int) -> list[str]:
    name = _head(lens.cell, lens.states[place])[0].lower()
    return [
        f"{bold(escape_plotly(catalog.titles[int(item)]))}<br>"
        f"{name}: rank {row + 1}, probability {exact(100 * probability, 2)} %"
        for row, (item, probability) in enumerate(
            zip(lens.items[place], lens.probability[place], strict=True)
        )
    ]
