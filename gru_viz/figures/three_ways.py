"""Which click counts for this item: by deleting it, by what it wrote, by what goes back to its input?

Three columns, a row a click. The experiment comes first, in what a reader of the list sees; the
ledgers share one scale of scores. Where a ledger puts another click on top than the experiment
does, the head of its column says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gru_viz.callable_module import call_as
from gru_viz.explain.deletion import Deletion
from gru_viz.explain.ledger import Ledger
from gru_viz.explain.why import Why, top_click
from gru_viz.explain.words import number, percent
from gru_viz.figures.palette import LINE, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    LABEL,
    LIGHTER,
    SMALL,
    SQUARE,
    TITLE,
    across,
    axis,
    bars,
    bold,
    clicked,
    colored,
    exact,
    hover_rows,
    layout,
    numbered,
    row_axis,
    row_label,
    words,
    zero_line,
)
from gru_viz.figures.text import escape_plotly
from gru_viz.trace import Trace

ROW, BAR = 36, 9  # pixels of a row and of its bars
LEGEND, SUBJECT = 20, 20  # pixels of the first line, and of the one below it for two items
HEADS = 80  # pixels of the columns' heads
SUM = 24  # pixels of the last line

# Left and right end of each column. The deletion's is wider: beside its bars stand more words.
COLUMNS = ((0.0, 0.45), (0.475, 0.725), (0.75, 1.0))
ROOM = 1.7  # width of a ledger's column over that of its longest bars: beside them stand numbers
NARROW, LETTER = 300, 5.2  # pixels of the narrowest figure, and of a letter of the words beside a bar
SHORTEST = 0.27  # of a column that is left to its bars, however long these words are
SIDE_BY_SIDE = 20  # characters of each of two titles on one line
GAP = "\u2002"  # keeps a number off its bar and off the line at 0
MANY = 12  # of more clicks those stand together whose bars are all below SMALL_BAR of the longest
SMALL_BAR = 0.05
COUNTED = 1_000_000  # odds from here on are not written out
NOTHING = float("nan")


@dataclass(frozen=True)
class _Column:
    """One of the answers: its head, the value of every click, and the ledger these stand in.

    ledger: None in the deletion's column, and where a ledger cannot be told
    agrees: is its top click the deletion's? None where there is nothing to compare
    """

    name: str
    title: str
    caption: str
    clicks: np.ndarray
    ledger: Ledger | None = None
    agrees: bool | None = None


@dataclass(frozen=True)
class _Row:
    """What stands above a row, its bar in each column (NaN: none), and what it says when hovered."""

    label: str
    values: tuple[float, ...]
    hover: str
    click: int | None = None


def three_ways(why: Why, trace: Trace, theme: Theme = "light", most: int = 20) -> go.Figure:
    """Bars from zero, to the right what speaks for the item; each column's top click in full colour.

    Blue and orange are what they are in `memory_or_click`: the earlier clicks, and this one. A
    deletion's bar is what the item would lose in log-probability, of two items in their log-odds.

    most: of more clicks only so many are shown, those with the largest values relative to their
          column's, in the session's order; the others stand together in one row

    Under the clicks stands what else belongs to the ledgers' sums. Where the top is not
    linear there are no ledgers, and deletion has the whole width.
    """
    columns = _columns(why)
    rows = [*_clicks(why, trace, columns, most), *_constants(why, columns)]
    subject = SUBJECT if why.against is not None else 0
    top = LEGEND + subject + HEADS
    last = SUM if why.write is not None else 4
    base = layout(theme, top + ROW * len(rows) + last, top, last)
    drawn: list[Any] = []
    axes: dict[str, Any] = {"yaxis": row_axis(len(rows))}
    shapes: list[dict] = []
    said = [_legend(top, theme), *_subject(why, trace, theme, top - LEGEND)]
    for place, column in enumerate(columns):
        on = {"xaxis": numbered("x", place), "yaxis": "y"}
        domain = COLUMNS[place] if len(columns) > 1 else (0.0, 1.0)
        texts = _beside(rows, place, column, why)
        low, high = _scale(rows, place, texts, domain)
        axes[numbered("xaxis", place)] = axis(low, high, domain=domain, anchor="y")
        drawn += [
            _bars(rows, place, column, theme, on),
            _numbers(rows, place, texts, on),
            hover_rows([row.hover for row in rows], low, high, **on),
        ]
        there = [row for row, one in enumerate(rows) if not np.isnan(one.values[place])]
        shapes.append(zero_line(there, LABEL, LABEL + BAR + 5, ROW, theme, xref=on["xaxis"]))
        said += _head(column, domain[0], theme)
    said += [row_label(place, row.label, theme, size=SMALL + 1) for place, row in enumerate(rows)]
    if why.write is not None:
        shapes.append(across(len(rows), LINE[theme]))
        said += _sums(columns, len(rows), why, theme)
    if len(why) == 1:
        said.append(_only_click(theme))
    return go.Figure(drawn, {**base, **axes, "shapes": shapes, "annotations": said})


def _columns(why: Why) -> list[_Column]:
    removed = why.deletion
    columns = [_Column("deletion", "When deleted", _with_all(why), removed.drop)]
    if why.write is None:
        return columns
    for name, title, caption, ledger, agrees in (
        ("write", "Written at", "by the click<br>that wrote it", why.write, why.write_agrees),
        ("click", "Carried from", "by the click<br>it came in with", why.click, why.click_agrees),
    ):
        if ledger is None:
            unknown = np.full(len(why), NOTHING)
            columns.append(_Column(name, title, "cannot be<br>told here", unknown))
        else:
            columns.append(_Column(name, title, caption, ledger.clicks, ledger, agrees))
    return columns


def _with_all(why: Why) -> str:
    """What the item has with all clicks, over what it would have without each."""
    removed = why.deletion
    if why.against is None:
        said = f"{percent(removed.probability)} and rank {removed.rank:,}"
    else:
        said = f"{_odds(removed.score)} as likely"
    return said if len(why) == 1 else f"{said};<br>without the click:"


# --- rows


def _clicks(why: Why, trace: Trace, columns: list[_Column], most: int) -> list[_Row]:
    """A row for each click that is shown, in the session's order, and one for the others."""
    shown = _shown(why, columns, most)
    rows = [_click(why, trace, columns, click) for click in shown]
    others = np.setdiff1d(np.arange(len(why)), shown)
    if len(others) == 0:
        return rows
    name = "1 other click" if len(others) == 1 else f"{len(others):,} other clicks together"
    return [*rows, _booked(name, columns, [float(column.clicks[others].sum()) for column in columns])]


def _shown(why: Why, columns: list[_Column], most: int) -> list[int]:
    """At most `most` clicks, of many only those that have a bar to be seen, or whose deletion moves the rank.

    A column's top click before all others; then bars to be seen in the deletion's column, in a
    ledger's, ranks that move; of each the larger first.
    """
    sizes = np.nan_to_num(np.abs([column.clicks for column in columns]))
    longest = sizes.max(axis=1, keepdims=True)
    relative = np.divide(sizes, longest, out=np.zeros_like(sizes), where=longest > 0)
    tops = [top for column in columns if (top := top_click(column.clicks)) is not None]
    moves = np.array([_moves_rank(why, click) for click in range(len(why))])
    seen = relative >= SMALL_BAR
    told = [seen[0], seen.any(axis=0), moves]
    group = np.select(told, range(len(told)), default=len(told))
    size = np.where(seen[0], relative[0], relative.max(axis=0))
    best_first = [*tops, *np.lexsort((-size, group)).tolist()]
    if len(why) > MANY:
        best_first = [click for click in best_first if click in tops or group[click] < len(told)]
    return sorted(list(dict.fromkeys(best_first))[:most])


def _moves_rank(why: Why, click: int) -> bool:
    """Does deleting the click change the rank that stands in the deletion's column?"""
    return why.against is None and len(why) > 1 and why.deletion.rank_without[click] != why.deletion.rank


def _click(why: Why, trace: Trace, columns: list[_Column], click: int) -> _Row:
    name = clicked(trace.catalog.titles[int(trace.items[click])], click, TITLE)
    values = tuple(float(column.clicks[click]) for column in columns)
    lines = [bold(name)]
    if len(why) > 1:
        lines.append(f"without it: {_instead(why, click)}")
    return _Row(name, values, "<br>".join([*lines, *_entries(columns, values)]), click)


def _instead(why: Why, click: int) -> str:
    removed = why.deletion
    if why.against is not None:
        return f"{_odds_without(removed, click)} as likely instead of {_odds(removed.score)}"
    said = f"{percent(removed.probability_without[click])} instead of {percent(removed.probability)}"
    if not _moves_rank(why, click):
        return f"{said}, rank {removed.rank:,} as with it"
    return f"{said},<br>rank {int(removed.rank_without[click]):,} instead of {removed.rank:,}"


def _constants(why: Why, columns: list[_Column]) -> list[_Row]:
    """What belongs to the ledgers' sums and to no click: h_0 where there is any, and the biases."""
    if why.write is None:
        return []
    ledgers = [column.ledger for column in columns]
    booked = {
        "before the first click": [NOTHING if ledger is None else ledger.h0 for ledger in ledgers],
        "bias of the item": [NOTHING if ledger is None else ledger.bias for ledger in ledgers],
        "bias of the candidates": [
            NOTHING if ledger is None or column.name == "write" else ledger.candidate_bias
            for column, ledger in zip(columns, ledgers, strict=True)
        ],
    }
    return [
        _booked(name, columns, values)
        for name, values in booked.items()
        if name == "bias of the item" or np.nan_to_num(values).any()
    ]


def _booked(name: str, columns: list[_Column], values: Sequence[float]) -> _Row:
    """A row of the ledgers that is no single click; deleting says nothing about it."""
    booked = (NOTHING, *values[1:])
    return _Row(name, booked, "<br>".join([bold(name), *_entries(columns, booked)]))


def _entries(columns: list[_Column], values: Sequence[float]) -> list[str]:
    return [
        f"{column.title.lower()}: {exact(value)}"
        for column, value in zip(columns, values, strict=True)
        if column.ledger is not None and not np.isnan(value)
    ]


# --- columns


def _scale(
    rows: list[_Row], place: int, texts: list[str], domain: tuple[float, float]
) -> tuple[float, float]:
    """Ends of a column's axis; a pixel is as much in both ledgers."""
    values = np.nan_to_num([row.values for row in rows])
    ours = values[:, :1] if place == 0 else values[:, 1:]
    low, high = min(0.0, float(ours.min())), max(0.0, float(ours.max()))
    room = ROOM
    if place == 0:
        beside = (
            max(len(text.replace("<b>", "").replace("</b>", "")) for text in texts)
            * LETTER
            / (NARROW * (domain[1] - domain[0]))
        )
        room = 1 / max(1 - beside, SHORTEST)
    return low, low + room * ((high - low) or 1.0)


def _bars(rows: list[_Row], place: int, column: _Column, theme: Theme, on: dict[str, str]) -> go.Bar:
    earlier, this = QUANTITIES["h"].color(theme), QUANTITIES["candidate"].color(theme)
    top, last = top_click(column.clicks), len(column.clicks) - 1
    colors = [MUTED[theme] if row.click is None else this if row.click == last else earlier for row in rows]
    drawn = bars(
        [row.values[place] for row in rows],
        colors,
        LABEL + 2,
        BAR,
        ROW,
        column.name,
        opacity=[1.0 if row.click is not None and row.click == top else LIGHTER for row in rows],
        **on,
    )
    # a rim of a pixel, so that a bar much shorter than that is seen
    return drawn.update(marker_line={"width": 1, "color": colors})


def _beside(rows: list[_Row], place: int, column: _Column, why: Why) -> list[str]:
    """What stands beside each bar: a ledger's entry, or what the item would have without the click."""
    top = top_click(column.clicks)
    texts = []
    for row in rows:
        value = row.values[place]
        said = number(value).text
        if place == 0 and row.click is not None:
            said = _without(why, row.click)
        texts.append("" if np.isnan(value) else GAP + bold(said, row.click is not None and row.click == top))
    return texts


def _numbers(rows: list[_Row], place: int, texts: list[str], on: dict[str, str]) -> go.Scatter:
    return go.Scatter(
        x=[max(0.0, value) for value in np.nan_to_num([row.values[place] for row in rows])],
        y=[row + (LABEL + 2 + BAR / 2) / ROW for row in range(len(rows))],
        mode="text",
        text=texts,
        textposition="middle right",
        textfont={"size": SMALL},
        cliponaxis=False,
        hoverinfo="skip",
        name="numbers",
        **on,
    )


# --- words


def _without(why: Why, click: int) -> str:
    """What the item would have without the click: its probability, and its rank where that differs."""
    removed = why.deletion
    if why.against is not None:
        return _odds_without(removed, click)
    said = percent(removed.probability_without[click])
    return f"{said}, rank {int(removed.rank_without[click]):,}" if _moves_rank(why, click) else said


def _odds_without(removed: Deletion, click: int) -> str:
    return _odds(removed.score - float(removed.drop[click]))


def _odds(log_odds: float) -> str:
    """How many times as likely A is as B, 1/n where B is the likelier one."""
    if abs(log_odds) >= math.log(COUNTED):
        times = f"over {COUNTED:,}"
        return f"{times} times" if log_odds > 0 else f"under 1/{COUNTED:,}"
    odds = math.exp(abs(log_odds))
    times = f"{odds:.1f}" if odds < 9.95 else f"{odds:,.0f}"
    return f"{times} times" if log_odds >= 0 or times == "1.0" else f"1/{times}"


def _head(column: _Column, left: float, theme: Theme) -> list[dict]:
    quiet = {"xshift": -2, "size": SMALL, "color": MUTED[theme]}
    said = [
        words(bold(column.title), left, 1, theme, yshift=HEADS - 2, xshift=-2, size=SMALL + 1),
        words(column.caption, left, 1, theme, yshift=HEADS - 18, **quiet),
    ]
    if column.agrees is not None:
        leads = "the same" if column.agrees else "no" if top_click(column.clicks) is None else "another"
        badge = f"{leads}<br>click leads"
        said.append(words(badge, left, 1, theme, yshift=HEADS - 48, **quiet))
    return said


def _legend(top: int, theme: Theme) -> dict:
    earlier = colored(f"{SQUARE} earlier clicks", QUANTITIES["h"].color(theme))
    this = colored(f"{SQUARE} this click", QUANTITIES["candidate"].color(theme))
    said = f"{earlier}  {this} · full colour: the largest"
    return words(said, 0, 1, theme, yshift=top - 2, xshift=-2, size=SMALL, color=MUTED[theme])


def _subject(why: Why, trace: Trace, theme: Theme, top: int) -> list[dict]:
    """Which two items are compared; for one item the page says it."""
    if why.against is None:
        return []
    first, second = (
        bold(escape_plotly(trace.catalog.titles[item], SIDE_BY_SIDE)) for item in (why.item, why.against)
    )
    return [words(f"{first} against {second}", 0, 1, theme, yshift=top - 2, xshift=-2)]


def _sums(columns: list[_Column], row: int, why: Why, theme: Theme) -> list[dict]:
    """The last line: what each ledger adds up to."""
    said = bold(f"sum = {'score' if why.against is None else 'its lead'}")
    return [
        row_label(row, said, theme, yshift=-4, size=SMALL + 1),
        *(
            row_label(row, bold(number(column.ledger.total).text), theme, x=left, yshift=-4, size=SMALL + 1)
            for column, (left, _) in zip(columns, COLUMNS, strict=True)
            if column.ledger is not None
        ),
    ]


def _only_click(theme: Theme) -> dict:
    """What stands where the bar of the only click would be."""
    return row_label(0, "only one click", theme, yshift=-LABEL, size=SMALL, color=MUTED[theme])


call_as(__name__, three_ways)
