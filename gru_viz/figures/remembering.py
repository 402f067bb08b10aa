"""From how many of the last clicks does the model recommend what it recommends from all?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.remembering import Remembering
from gru_viz.figures.palette import CLICKED, INK, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    CLEAR,
    NUMBER_EDGE,
    SMALL,
    across,
    axis,
    bold,
    clicked,
    colored,
    exact,
    layout,
    panels,
    share,
    thinned,
    ticks,
    words,
)
from gru_viz.figures.text import escape_plotly
from gru_viz.trace import Trace

TOP, OVERLAP, GAP, RANKS, BOTTOM, SIDE = 26, 110, 44, 90, 38, 40
MARKED = 40  # up to so many points each has a marker
NAMED = 26  # characters of the followed item's title


def remembering_figure(value: Remembering, trace: Trace, step: int, theme: Theme = "light") -> go.Figure:
    """Across: the last 1, 2, … clicks shown, up to all of them after click `step` (0-based).

    Above, the share of the best items that the model also recommends from these clicks alone;
    below, the rank of the item followed, the first on top, a factor of ten as high everywhere.
    """
    base = layout(theme, TOP + OVERLAP + GAP + RANKS + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE)
    upper, lower = panels(OVERLAP, RANKS, gap=GAP)
    places = list(range(len(value.last)))
    # the clicks shown may be thinned out, so points stand side by side and are named by their number
    seen = [places[number - 1] for number in thinned(1, len(places), most=9)]
    names = [str(value.last[place]) for place in seen]
    worst = max(float(np.nanmax(np.nan_to_num(value.rank))), 10.0)
    pad = max(0.3, 0.05 * len(places))  # for the first rank beside the axis' numbers
    room = axis(-pad, len(places) - 1 + 0.3, **ticks(seen, names, theme))
    return go.Figure(
        _lines(value, trace, step, theme),
        {
            **base,
            "xaxis": {**room, "showticklabels": False, "anchor": "y"},
            "xaxis2": {**room, "anchor": "y2"},
            "yaxis": axis(-0.04, 1.06, domain=upper, **ticks([0, 0.5, 1], ["0", "50 %", "100 %"], theme)),
            "yaxis2": axis(
                np.log10(worst) + 0.15, -0.15, domain=lower, type="log", **ticks(*_powers(worst), theme)
            ),
            "shapes": [across(0, MUTED[theme])],
            "annotations": _words(value, trace, upper[1], lower[1], theme),
        },
    )


def _lines(value: Remembering, trace: Trace, step: int, theme: Theme) -> list[go.Scatter]:
    places = list(range(len(value.last)))
    color = CLICKED[theme] if value.clicked else INK[theme]
    ranks = [None if np.isnan(rank) else float(rank) for rank in value.rank]
    hover = [_hover(value, trace, step, place) for place in places]
    labelled = set(thinned(1, len(places), most=9))
    line = {
        "x": places,
        "mode": "lines+markers" if len(places) <= MARKED else "lines",  # a line of one point needs its marker
        "hovertext": hover,
        "hoverinfo": "text",
    }
    overlap = QUANTITIES["h"].color(theme)
    below = {"xaxis": "x2", "yaxis": "y2"}
    return [
        go.Scatter(name="overlap", y=value.overlap, line={"color": overlap, "width": 2}, **line),
        go.Scatter(name="rank", y=ranks, line={"color": color, "width": 2}, **line, **below),
        go.Scatter(
            name="ranks written out",
            x=places,
            y=ranks,
            **below,
            mode="markers+text",
            marker={"color": CLEAR, "size": 11},  # keeps the text off the line
            text=[
                f"{int(rank):,}" if rank is not None and place + 1 in labelled else ""
                for place, rank in enumerate(ranks)
            ],
            textposition="top center",
            textfont={"size": SMALL, "color": color},
            cliponaxis=False,
            hoverinfo="skip",
        ),
    ]


def _hover(value: Remembering, trace: Trace, step: int, place: int) -> str:
    shown = int(value.last[place])
    first = step + 1 - shown
    since = clicked(trace.catalog.titles[int(trace.items[first])], first)
    rank = value.rank[place]
    lines = [
        bold("the last click alone" if shown == 1 else f"the last {shown:,} clicks"),
        f"from click {since}",
        f"overlap of the {value.k} best {share(value.overlap[place])}, KL {exact(value.kl[place])} nats",
        f"{escape_plotly(trace.catalog.titles[value.item])}: "
        f"rank {'–' if np.isnan(rank) else f'{int(rank):,}'}, probability {share(value.probability[place])}",
    ]
    return "<br>".join(lines)


def _words(value: Remembering, trace: Trace, upper: float, lower: float, theme: Theme) -> list[dict]:
    title = escape_plotly(trace.catalog.titles[value.item], NAMED)
    color = CLICKED[theme] if value.clicked else INK[theme]
    which = "clicked next" if value.clicked else "recommended first"
    quiet = {"size": SMALL, "color": MUTED[theme]}
    above = {"xshift": -SIDE, "yanchor": "bottom", "yshift": 4}
    listed = "the first item" if value.k == 1 else f"the {value.k} best items"
    return [
        words(
            f"{bold('Overlap')} of {listed} with the whole session's", 0, upper, theme,
            **{**above, "color": QUANTITIES["h"].color(theme)},
        ),
        words(
            f"{bold('Rank')} of {bold(title)} {colored(which, MUTED[theme])}", 0, lower, theme,
            **{**above, "color": color, "yshift": 10},
        ),
        words("last clicks shown to the model", 0, 0, theme, yshift=-20, xshift=-SIDE, **quiet),
    ]  # fmt: skip


def _powers(worst: float) -> tuple[list[float], list[str]]:
    values = [10.0**power for power in range(int(np.log10(worst)) + 1)]
    return values, [f"{int(value):,}" for value in values]
