"""What do the figures of a page share: fonts, margins, axes, and labels that fit any width?

A figure is drawn at 360 and at 1000 pixels alike. So its height is counted in pixels, its
width is left to the page, and an item's title stands above its bars instead of beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from gru_viz.explain.words import NBSP, number
from gru_viz.figures.palette import BACKGROUND, INK, LINE, MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.text import escape_plotly

FONT = '"Source Sans", "Source Sans Pro", system-ui, sans-serif'  # as the page around it
TEXT, SMALL = 13, 11  # pixels
EDGE, NUMBER_EDGE = 2, 10  # margins that keep a frame, or half of an axis' last number, from being cut
LABEL = 18  # pixels of the line above a row's bars
TITLE = 36  # characters of a title that fit beside a number at 360 pixels
LIGHTER = 0.45  # opacity of bars that are not talked about
WIDE = 60  # up to so many clicks a column is wider on a phone than its frame
SPACE = "\u2009\u2009"  # between a bar and its number
CLEAR = "rgba(0,0,0,0)"
SQUARE = "■"


def layout(
    theme: Theme, height: float, top: int, bottom: int = 4, left: int = EDGE, right: int = EDGE
) -> dict[str, Any]:
    """The layout that all share; `height` is of the whole figure, in pixels like its margins."""
    check_theme(theme)
    return {
        "height": round(height),
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "autoexpand": False},
        "font": {"family": FONT, "size": TEXT, "color": INK[theme]},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "barmode": "overlay",
        "hoverlabel": {
            "bgcolor": BACKGROUND[theme],
            "bordercolor": LINE[theme],
            "font": {"family": FONT, "size": TEXT, "color": INK[theme]},
            "align": "left",
            "namelength": 0,
        },
    }


def drawn(data: Sequence[Any], layout: dict[str, Any]) -> go.Figure:
    """The figure of these traces and this layout, taken at their word, in no template's colours.

    Plotly checks every property of a figure again and again, which takes ten times as long as all
    else that is done to make one. Here the tests check them.
    """
    return go.Figure({"data": data, "layout": {"template": {}, **layout}}, _validate=False)


def axis(low: float, high: float, **more: Any) -> dict[str, Any]:
    """An axis that cannot be moved and shows nothing of itself unless told; low > high turns it round."""
    return {
        "range": [low, high],
        "fixedrange": True,
        "automargin": False,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",  # Plotly draws marks beside heatmaps, through the numbers that stand there
        "showticklabels": "tickvals" in more,
        **more,
    }


def numbered(name: str, place: int) -> str:
    """Plotly's name of an axis: x, x2, x3, …"""
    return name if place == 0 else f"{name}{place + 1}"


def ticks(values: Sequence[float], texts: Sequence[str], theme: Theme) -> dict[str, Any]:
    """What an axis needs to show these numbers, quietly; never turned, however narrow it is."""
    font = {"size": SMALL, "color": MUTED[theme]}
    shown = {"tickvals": list(values), "ticktext": list(texts), "tickfont": font}
    return {"tickmode": "array", "tickangle": 0, **shown}


def color_bar(values: Sequence[float], texts: Sequence[str], theme: Theme) -> dict[str, Any]:
    """A heatmap's scale with these numbers beside it: small, above the map at its right end."""
    return {
        "orientation": "h",
        "x": 1,
        "xanchor": "right",
        "y": 1,
        "yanchor": "bottom",
        "ypad": 2,
        "len": 0.24,
        "xpad": 18,
        "ticklabeloverflow": "allow",
        "thickness": 7,
        "outlinewidth": 1,
        "outlinecolor": LINE[theme],
        **ticks(values, texts, theme),
    }


def outline(theme: Theme) -> dict[str, Any]:
    """A thin frame round all that is plotted."""
    line = {"color": LINE[theme], "width": 1}
    return {
        "type": "rect", "xref": "paper", "yref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 1, "line": line
    }  # fmt: skip


def click_axis(first: int, last: int, theme: Theme, **more: Any) -> dict[str, Any]:
    """An axis with a place for every whole number, as many of them written as fit a phone."""
    shown = thinned(first, last)
    return axis(first - 0.5, last + 0.5, **ticks(shown, [str(value) for value in shown], theme), **more)


def thinned(first: int, last: int, most: int = 10) -> list[int]:
    """First, last and some round numbers between, none too close to another."""
    steps = (factor * 10**power for power in range(12) for factor in (1, 2, 5))
    step = next(step for step in steps if last - first < step * most)
    between = range(-(-first // step) * step, last, step)
    apart = [value for value in between if min(value - first, last - value) >= 0.6 * step]
    return sorted({first, *apart, last})


def words(text: str, x: float, y: float, theme: Theme, **more: Any) -> dict[str, Any]:
    """An annotation on the paper, left-aligned, its top at (x, y), `yshift` and `xshift` in pixels.

    text: escaped where it comes from outside
    """
    size, color = more.pop("size", TEXT), more.pop("color", INK[theme])
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "top",
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": size, "color": color},
        **more,
    }


def row_label(row: float, text: str, theme: Theme, **more: Any) -> dict[str, Any]:
    """What stands above the bars of a row, at its left end."""
    return words(text, more.pop("x", 0), row, theme, **{"yref": "y", "xshift": -2, **more})


def row_value(row: float, text: str, theme: Theme, **more: Any) -> dict[str, Any]:
    """A number in the same line, at its right end."""
    return row_label(row, text, theme, **{"x": 1, "xanchor": "right", "align": "right", "xshift": 2, **more})


def row_axis(rows: float, above: float = 0) -> dict[str, Any]:
    """An axis of so many rows, the first on top; row i reaches from i to i + 1.

    above: rows that the words above the first one take, where these belong to the plot
    """
    return axis(rows, -above)


def bars(
    values: Iterable[float], color: Any, top: float, thick: float, row: float, name: str, **more: Any
) -> go.Bar:
    """A horizontal bar in each row, its upper edge `top` pixels down a row of `row` pixels.

    places: where the rows begin, if not at 0, 1, 2, …
    """
    values = list(values)
    places = more.pop("places", range(len(values)))
    opacity, line = more.pop("opacity", None), more.pop("line", {"width": 0})
    return go.Bar(
        x=values,
        y=[place + (top + thick / 2) / row for place in places],
        width=thick / row,
        orientation="h",
        marker={"color": color, "line": line, **({} if opacity is None else {"opacity": opacity})},
        name=name,
        hoverinfo="skip",
        _validate=False,  # as in `drawn`
        **more,
    )


def hover_rows(texts: Sequence[str], low: float, high: float, **more: Any) -> go.Bar:
    """Unseen bars over whole rows that answer the pointer, so that nobody has to hit a thin bar.

    places: where the rows begin, if not at 0, 1, 2, …
    """
    places = more.pop("places", range(len(texts)))
    return go.Bar(
        x=[high - low] * len(texts),
        base=low,
        y=[place + 0.5 for place in places],
        width=1,
        orientation="h",
        marker={"color": CLEAR, "line": {"width": 0}},
        name="rows",
        hovertext=list(texts),
        hoverinfo="text",
        _validate=False,
        **more,
    )


def zero_line(
    rows: Iterable[float], top: float, bottom: float, row: float, theme: Theme, **more: Any
) -> dict[str, Any]:
    """A thin line at 0 beside the bars of these rows, `top` to `bottom` pixels down; not through titles.

    One shape for all rows: Plotly takes milliseconds for each.

    zero: where 0 stands, if the axis counts something else
    """
    zero = more.pop("zero", 0)
    pieces = [f"M{zero},{place + top / row}L{zero},{place + bottom / row}" for place in rows]
    line = {"color": MUTED[theme], "width": 1}
    return {"type": "path", "path": "".join(pieces) or "M0,0", "yref": "y", "line": line, **more}


def across(y: float, color: str, yref: str = "y") -> dict[str, Any]:
    """A thin line at `y` over the whole width: the floor of a panel, or a rule between rows."""
    line = {"color": color, "width": 1}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": yref, "y0": y, "y1": y, "line": line}


def panels(*heights: float, gap: float) -> list[tuple[float, float]]:
    """Where panels of so many pixels stand one under another, as shares of the plot's height."""
    whole = sum(heights) + gap * (len(heights) - 1)
    tops = [whole - sum(heights[:n]) - gap * n for n in range(len(heights))]
    return [((top - height) / whole, top / whole) for top, height in zip(tops, heights, strict=True)]


def column_frame(place: float, clicks: int, theme: Theme, **more: Any) -> dict[str, Any]:
    """A frame round the column of the current click of so many, as in the stepper."""
    return {
        "type": "rect",
        "name": "current click",
        "x0": place - 0.5,
        "x1": place + 0.5,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": QUANTITIES["h"].color(theme), "width": 2 if clicks <= WIDE else 1},
        **more,
    }


def column_width(clicks: int) -> float:
    """How wide a click's bar is; bars touch where a gap would be less than a pixel."""
    return 0.8 if clicks <= WIDE else 1.0


def colored(text: str, color: str) -> str:
    """`text`, which is ours, in a colour."""
    return f'<span style="color:{color}">{text}</span>'


def bold(text: str, really: bool = True) -> str:
    return f"<b>{text}</b>" if really else text


def exact(value: float | None, digits: int = 2) -> str:
    """A number as it is written when hovered; – where there is none."""
    return "–" if value is None or value != value else number(float(value), digits).text


def share(value: float) -> str:
    """A share in [0, 1] in percent with one digit after the point; – where there is none."""
    return "–" if value != value else f"{exact(100 * value, 1)}{NBSP}%"


def quality(value: float) -> str:
    """.702: Recall and MRR as they are written in sentences."""
    return "–" if value != value else f"{value:.3f}".removeprefix("0")


def clicked(title: str, step: int, limit: int = TITLE) -> str:
    """A click (0-based) by its number and its item's title, which is cut and escaped."""
    return f"{step + 1}  {escape_plotly(title, limit)}"


def error_bars(below: Iterable[float], above: Iterable[float], theme: Theme) -> dict[str, Any]:
    """Error bars from so far below each value to so far above it."""
    return {
        "type": "data",
        "symmetric": False,
        "array": list(above),
        "arrayminus": list(below),
        "color": MUTED[theme],
        "thickness": 1.5,
        "width": 3,
    }
