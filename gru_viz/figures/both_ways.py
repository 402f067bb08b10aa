"""Where does each hidden item rank, from what came before alone and from both sides?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.catalog import Catalog
from gru_viz.explain.gaps import GapRanks
from gru_viz.explain.words import plural
from gru_viz.figures.cell_lines import CELL_LINES
from gru_viz.figures.palette import BACKGROUND, INK, LINE, MUTED, Theme, check_theme
from gru_viz.figures.style import (
    LABEL,
    NUMBER_EDGE,
    SMALL,
    SPACE,
    TITLE,
    axis,
    bold,
    clicked,
    colored,
    hover_rows,
    layout,
    row_axis,
    row_label,
    row_value,
    share,
    ticks,
    words,
)
from gru_viz.figures.text import escape_plotly

ROW, MIDDLE = 36, LABEL + 7  # pixels of a click, and from its top to its two marks
TOP, BOTTOM, SIDE = 46, 38, 8
MOST = 30  # clicks that are drawn, the last ones
ROOM = 1.12  # beyond the first and the last rank, so that a mark there is whole


def both_ways_figure(ranks: GapRanks, catalog: Catalog, theme: Theme = "light") -> go.Figure:
    """A row for each of the last MOST clicks: an open circle from what came before, a full one from both.

    The axis is logarithmic, from rank 1 at the left to the whole catalogue, whatever the session.
    """
    check_theme(theme)
    shown = range(max(0, len(ranks) - MOST), len(ranks))
    rows = list(range(len(shown)))
    hover = [_hover(ranks, catalog, click) for click in shown]
    before, both = ranks.rank[:, shown.start :]
    low, high = np.log10(1 / ROOM), np.log10(max(ranks.n_items, 2) * ROOM)
    return go.Figure(
        [
            _steps(before, both, rows, theme),
            _marks("before", before, rows, _open(theme)),
            _marks("both", both, rows, {"color": INK[theme], "size": 9}),
            hover_rows(hover, 1 / ROOM, max(ranks.n_items, 2) * ROOM, hoverlabel={"align": "left"}),
        ],
        {
            **layout(theme, TOP + ROW * len(rows) + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": axis(low, high, type="log", **_ticks(ranks.n_items, theme)),
            "yaxis": row_axis(len(rows)),
            "shapes": [_rule(rank, theme) for rank in _decades(ranks.n_items)],
            "annotations": [
                _head(theme),
                words(
                    _under(ranks, len(rows)), 0, 0, theme,
                    yshift=-20, xshift=-SIDE, size=SMALL, color=MUTED[theme],
                ),
                *(
                    word
                    for row, click in enumerate(shown)
                    for word in _row(ranks, catalog, click, row, theme)
                ),
            ],
        },
    )  # fmt: skip


def _steps(before: np.ndarray, both: np.ndarray, rows: list[int], theme: Theme) -> go.Scatter:
    """A quiet line between the two marks of each row, all in one trace."""
    return go.Scatter(
        name="between",
        x=[x for pair in zip(before.tolist(), both.tolist(), strict=True) for x in (*pair, None)],
        y=[y for row in rows for y in (row + MIDDLE / ROW, row + MIDDLE / ROW, None)],
        mode="lines",
        line={"color": MUTED[theme], "width": 1.5},
        hoverinfo="skip",
    )


def _marks(name: str, ranks: np.ndarray, rows: list[int], marker: dict) -> go.Scatter:
    places = [row + MIDDLE / ROW for row in rows]
    return go.Scatter(name=name, x=ranks.tolist(), y=places, mode="markers", marker=marker, hoverinfo="skip")


def _open(theme: Theme) -> dict:
    line = {"color": CELL_LINES["gru"].color(theme), "width": 2}
    return {"color": BACKGROUND[theme], "size": 10, "line": line}


def _decades(n_items: int) -> list[int]:
    return [rank for rank in (1, 10, 100, 1_000, 10_000, 100_000) if rank <= n_items]


def _ticks(n_items: int, theme: Theme) -> dict:
    """Powers of ten, and the last rank there is where it does not touch one of them."""
    shown = _decades(n_items)
    if n_items >= 2 * shown[-1]:
        shown.append(n_items)
    return ticks(shown, [f"{rank:,}" for rank in shown], theme)


def _rule(rank: int, theme: Theme) -> dict:
    line = {"color": LINE[theme], "width": 1}
    return {
        "type": "line", "x0": rank, "x1": rank, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
        "line": line,
    }  # fmt: skip


# --- words


def _head(theme: Theme) -> dict:
    before = colored("○ from what came before", CELL_LINES["gru"].color(theme))
    text = f"{bold('Rank of the hidden item')}<br>{before}{SPACE}{SPACE} ● from both sides"
    return words(text, 0, 1, theme, yshift=TOP - 2, xshift=-SIDE)


def _under(ranks: GapRanks, drawn: int) -> str:
    name = f"rank among {plural(ranks.n_items, 'item')}, logarithmic"
    return name if drawn == len(ranks) else f"{name}; the last {drawn} of {len(ranks):,} clicks"


def _row(ranks: GapRanks, catalog: Catalog, click: int, row: int, theme: Theme) -> list[dict]:
    before, both = ranks.rank[:, click].tolist()
    title = clicked(catalog.titles[int(ranks.items[click])], click, TITLE - 8)
    return [
        row_label(row, title, theme, xref="paper", xshift=-SIDE),
        row_value(row, f"{before:,} → {bold(f'{both:,}')}", theme, xref="paper"),
    ]


def _hover(ranks: GapRanks, catalog: Catalog, click: int) -> str:
    (before, both), (p, q) = ranks.rank[:, click].tolist(), ranks.probability[:, click].tolist()
    title = escape_plotly(catalog.titles[int(ranks.items[click])])
    alone = "from what came before" if click else "with an empty memory"
    return (
        f"{bold(f'{click + 1}  {title}')}, hidden<br>"
        f"{alone}: rank {before:,}, probability {share(p)}<br>"
        f"from both sides: rank {both:,}, probability {share(q)}"
    )
