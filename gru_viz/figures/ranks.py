"""Which items moved up or down the list of next items between the reference and a variant?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.catalog import Catalog
from gru_viz.explain.changes import Changes
from gru_viz.figures.palette import DIVERGING, LINE, MUTED, Theme, check_theme
from gru_viz.figures.style import CLEAR, SMALL, across, axis, bold, layout, share, words
from gru_viz.figures.text import escape_plotly, two_lines

ROW, BELOW, GAP = 36, 20, 10  # pixels of a listed item, of one behind the list, and between the two
TOP, BOTTOM = 44, 6
ENDS = (0.39, 0.61)  # where the lines start and end, as shares of the width
CHARACTERS, RANK = 16, 28  # of a title in what is left on a phone; pixels of the rank beside it
SIDES = ("Reference", "Variant")


def ranks_figure(changes: Changes, catalog: Catalog, theme: Theme = "light") -> go.Figure:
    """A line an item, from its rank in the reference to that in the variant; the followed item is bold.

    Blue rises, amber falls, grey stays. Ranks 1 to k are to scale. An item that is in only one
    of the two lists has its rank written at the other end, below that list, where the places
    show the order alone.
    """
    check_theme(theme)
    places = np.array([_places(ranks, changes.k) for ranks in changes.rank])
    height = ROW * changes.k + _below(len(changes.items), changes.k)
    hover = [_hover(changes, catalog, n) for n in range(len(changes.items))]
    rule = [across(ROW * changes.k + GAP / 2, LINE[theme])] if len(changes.items) > changes.k else []
    return go.Figure(
        [
            *_lines(changes, places, theme),
            *(_hovered(places[side], changes.k, hover, side) for side in range(2)),
        ],
        {
            **layout(theme, TOP + height + BOTTOM, TOP, BOTTOM),
            "xaxis": axis(0, 1),
            "yaxis": axis(height, 0),
            "shapes": rule,
            "annotations": [
                *(word for side in range(2) for word in _head(changes, side, theme)),
                *(word for side in range(2) for word in _side(changes, catalog, places[side], side, theme)),
            ],
        },
    )


def _below(items: int, k: int) -> int:
    return GAP + BELOW * (items - k) if items > k else 0


def _places(ranks: np.ndarray, k: int) -> np.ndarray:
    """Pixels from the top to the middle of each item's line; what has no rank comes last."""
    order = np.argsort(np.argsort(ranks, kind="stable"))  # NaN sorts last
    return np.where(order < k, ROW * (order + 0.5), ROW * k + GAP + BELOW * (order - k + 0.5))


def _lines(changes: Changes, places: np.ndarray, theme: Theme) -> list[go.Scatter]:
    """One trace a direction: Plotly takes milliseconds for each."""
    negative, positive = DIVERGING[theme]
    before, after = np.nan_to_num(changes.rank, nan=np.inf)
    followed = changes.items == changes.item
    groups = (
        ("stays", MUTED[theme], before == after),
        ("falls", negative, before < after),
        ("rises", positive, before > after),
    )
    lines = []
    for name, color, moved in groups:
        for width, chosen in ((1.5, moved & ~followed), (4, moved & followed)):
            if not chosen.any():
                continue
            lines.append(
                go.Scatter(
                    name=name,
                    x=[x for _ in range(int(chosen.sum())) for x in (*ENDS, None)],
                    y=[y for start, end in places[:, chosen].T.tolist() for y in (start, end, None)],
                    mode="lines+markers",
                    line={"color": color, "width": width},
                    marker={"color": color, "size": 5 if width < 2 else 8},
                    hoverinfo="skip",
                )
            )
    return lines


def _hovered(places: np.ndarray, k: int, hover: list[str], side: int) -> go.Bar:
    """Unseen bars over the rows of one half, so that nobody has to hit a line."""
    return go.Bar(
        name=SIDES[side].lower(),
        x=[0.5] * len(places),
        base=0.5 * side,
        y=places,
        width=np.where(places < ROW * k, ROW, BELOW),
        orientation="h",
        marker={"color": CLEAR, "line": {"width": 0}},
        hovertext=hover,
        hoverinfo="text",
    )


def _hover(changes: Changes, catalog: Catalog, n: int) -> str:
    before, after = (_rank(rank) or "behind the kept scores" for rank in changes.rank[:, n].tolist())
    p, q = map(share, changes.probability[:, n].tolist())
    title = escape_plotly(catalog.titles[int(changes.items[n])])
    return f"{bold(title)}<br>rank {before} → {after}<br>probability {p} → {q}"


# --- words


def _head(changes: Changes, side: int, theme: Theme) -> list[dict]:
    on = _beside(side)
    click = f"after click {changes.steps[side] + 1}"
    return [
        words(bold(SIDES[side]), ENDS[side], 1, theme, yshift=TOP - 2, **on),
        words(click, ENDS[side], 1, theme, yshift=TOP - 20, size=SMALL, color=MUTED[theme], **on),
    ]


def _side(changes: Changes, catalog: Catalog, places: np.ndarray, side: int, theme: Theme) -> list[dict]:
    """Ranks at one end of the lines, and the titles of the items that are listed there."""
    said = []
    for item, rank, place in zip(changes.items.tolist(), changes.rank[side].tolist(), places, strict=True):
        listed = rank <= changes.k
        bolder = item == changes.item
        color = {} if listed else {"color": MUTED[theme]}
        middle = {"yref": "y", "yanchor": "middle", **color, "size": SMALL + 1}
        text = bold(_rank(rank) or "not kept", bolder)
        said.append(words(text, ENDS[side], place, theme, **middle, **_beside(side, 8)))
        if listed:
            title = bold(two_lines(catalog.titles[item], CHARACTERS), bolder)
            said.append(words(title, ENDS[side], place, theme, **middle, **_beside(side, RANK)))
    return said


def _beside(side: int, pixels: float = 0) -> dict:
    """So many pixels outside an end of the lines."""
    if side == 0:
        return {"xanchor": "right", "align": "right", "xshift": -pixels}
    return {"xshift": pixels}


def _rank(rank: float) -> str:
    """A rank as it is written; empty where it is not known."""
    return "" if np.isnan(rank) else f"{int(rank):,}"
