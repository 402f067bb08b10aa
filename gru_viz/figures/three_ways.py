"""Which click counts for this score: by deleting it, by what it wrote, by what goes back to its input?

Three columns on one scale, a row a click. The experiment comes first; where a ledger puts
another click on top than the experiment does, the head of its column says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gru_viz.callable_module import call_as
from gru_viz.explain.ledger import Ledger
from gru_viz.explain.why import Why, top_click
from gru_viz.explain.words import number
from gru_viz.figures.palette import DIVERGING, LINE, MUTED, WARNING, Theme
from gru_viz.figures.style import (
    LABEL,
    LIGHTER,
    SMALL,
    SPACE,
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
TOP, SUBJECT = 70, 20  # pixels of the columns' heads, and of the line above them for two items
SUM = 24  # pixels of the last line

# Left and right end of each column. The deletion's is wider: beside its bars stand ranks, too.
COLUMNS = ((0.0, 0.42), (0.445, 0.71), (0.735, 1.0))
LEDGER_WIDTH = COLUMNS[1][1] - COLUMNS[1][0]
ROOM = 1.7  # width of a ledger's column over that of its longest bars: beside them stand numbers
ROOM_ALONE = 1.5  # the same of a deletion column that has the whole width
RANK_CHARACTERS = 13  # of "rank 1 → 12" that fit beside a bar and its number
SIDE_BY_SIDE = 22  # characters of each of two titles on one line
NOTHING = float("nan")


@dataclass(frozen=True)
class _Column:
    """One of the answers: its head, the value of every click, and the ledger these stand in."""

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
    """Bars from zero, blue raises and amber lowers the score; each column's top click in full colour.

    most: of more clicks only so many are shown, those with the largest value in any column, in
          the session's order; the others stand together in one row

    Under the clicks stands what else belongs to the ledgers' sums. Where the top is not
    linear there are no ledgers, and deletion has the whole width.
    """
    columns = _columns(why)
    rows = [*_clicks(why, trace, columns, most), *_constants(columns)]
    top = TOP + (SUBJECT if why.against is not None else 0)
    last = SUM if why.write is not None else 4
    base = layout(theme, top + ROW * len(rows) + last, top, last)
    drawn: list[Any] = []
    axes: dict[str, Any] = {"yaxis": row_axis(len(rows))}
    shapes: list[dict] = []
    said = _subject(why, trace, theme, top)
    for place, column in enumerate(columns):
        on = {"xaxis": numbered("x", place), "yaxis": "y"}
        low, high, domain = _scale(rows, place)
        axes[numbered("xaxis", place)] = axis(low, high, domain=domain, anchor="y")
        drawn += [
            _bars(rows, place, column, theme, on),
            _numbers(rows, place, column, why, trace, theme, on),
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
    falls = "the experiment: how far<br>the score falls without it"
    columns = [_Column("deletion", "Changes when deleted", falls, why.deletion.score_drop)]
    for name, title, caption, ledger, agrees in (
        ("write", "Written at", "by the click that<br>wrote it", why.write, why.write_agrees),
        ("click", "Carried from", "by the click whose<br>input it was", why.click, why.click_agrees),
    ):
        if ledger is not None:
            columns.append(_Column(name, title, caption, ledger.clicks, ledger, agrees))
    return columns


# --- rows


def _clicks(why: Why, trace: Trace, columns: list[_Column], most: int) -> list[_Row]:
    """A row for each click that is shown, in the session's order, and one for the others."""
    shown = _shown(columns, most)
    rows = [_click(why, trace, columns, click) for click in shown]
    others = np.setdiff1d(np.arange(len(why)), shown)
    if len(others) == 0:
        return rows
    name = "and 1 other click" if len(others) == 1 else f"and {len(others):,} other clicks together"
    return [*rows, _booked(name, columns, [float(column.clicks[others].sum()) for column in columns])]


def _shown(columns: list[_Column], most: int) -> list[int]:
    """The `most` clicks with the largest value in any column; a column's top click is always there."""
    values = np.nan_to_num(np.abs([column.clicks for column in columns])).max(axis=0)
    tops = [top for column in columns if (top := top_click(column.clicks)) is not None]
    best_first = dict.fromkeys([*tops, *np.argsort(-values, kind="stable").tolist()])
    return sorted(list(best_first)[:most])


def _click(why: Why, trace: Trace, columns: list[_Column], click: int) -> _Row:
    name = clicked(trace.catalog.titles[int(trace.items[click])], click, TITLE)
    values = tuple(float(column.clicks[click]) for column in columns)
    removed = why.deletion
    lines = [bold(name)]
    if len(why) > 1:
        rank = f"rank {_rank(removed.rank, trace)} → {_rank(removed.rank_without[click], trace)}"
        lines += [
            f"without it the score changes by {exact(-values[0])},",
            f"the probability by {exact(-removed.probability_drop[click])}, {rank}",
        ]
    return _Row(name, values, "<br>".join([*lines, *_entries(columns, values)]), click)


def _constants(columns: list[_Column]) -> list[_Row]:
    """What belongs to the ledgers' sums and to no click: h_0 where there is any, and the biases."""
    ledgers = [column.ledger for column in columns]
    booked = {
        "before the first click": [NOTHING if ledger is None else ledger.h0 for ledger in ledgers],
        "bias of the output": [NOTHING if ledger is None else ledger.bias for ledger in ledgers],
        "biases of the candidates": [
            NOTHING if ledger is None or column.name == "write" else ledger.candidate_bias
            for column, ledger in zip(columns, ledgers, strict=True)
        ],
    }
    return [
        _booked(name, columns, values)
        for name, values in booked.items()
        if name == "bias of the output" or np.nan_to_num(values).any()
        if ledgers[-1] is not None
    ]


def _booked(name: str, columns: list[_Column], values: Sequence[float]) -> _Row:
    """A row of the ledgers that is no click; deleting says nothing about it."""
    booked = (NOTHING, *values[1:])
    return _Row(name, booked, "<br>".join([bold(name), *_entries(columns, booked)]))


def _entries(columns: list[_Column], values: Sequence[float]) -> list[str]:
    return [
        f"{column.title.lower()}: {exact(value)}"
        for column, value in zip(columns, values, strict=True)
        if column.ledger is not None and not np.isnan(value)
    ]


# --- columns


def _scale(rows: list[_Row], place: int) -> tuple[float, float, list[float]]:
    """Ends and domain of a column's axis; a pixel is as much in each of them."""
    values = np.nan_to_num([row.values for row in rows])
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    longest = (high - low) or 1.0
    if values.shape[1] == 1:
        return low, low + ROOM_ALONE * longest, [0.0, 1.0]
    left, right = COLUMNS[place]
    return low, low + ROOM * longest * (right - left) / LEDGER_WIDTH, [left, right]


def _bars(rows: list[_Row], place: int, column: _Column, theme: Theme, on: dict[str, str]) -> go.Bar:
    negative, positive = DIVERGING[theme]
    top = top_click(column.clicks)
    values = [row.values[place] for row in rows]
    return bars(
        values,
        [
            MUTED[theme] if row.click is None else negative if value < 0 else positive
            for row, value in zip(rows, values, strict=True)
        ],
        LABEL + 2,
        BAR,
        ROW,
        column.name,
        opacity=[1.0 if row.click is not None and row.click == top else LIGHTER for row in rows],
        **on,
    )


def _numbers(
    rows: list[_Row], place: int, column: _Column, why: Why, trace: Trace, theme: Theme, on: dict[str, str]
) -> go.Scatter:
    """The value beside each bar; beside a deletion's the rank, too, where it changes."""
    values = [row.values[place] for row in rows]
    top = top_click(column.clicks)
    texts = [
        ""
        if np.isnan(value)
        else SPACE + bold(number(value).text, row.click is not None and row.click == top)
        for row, value in zip(rows, values, strict=True)
    ]
    if place == 0:
        texts = [f"{text}{_new_rank(row, why, trace, theme)}" for row, text in zip(rows, texts, strict=True)]
    return go.Scatter(
        x=[max(0.0, value) for value in np.nan_to_num(values)],
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


def _new_rank(row: _Row, why: Why, trace: Trace, theme: Theme) -> str:
    if row.click is None or len(why) == 1:
        return ""
    before, after = (_rank(rank, trace) for rank in (why.deletion.rank, why.deletion.rank_without[row.click]))
    if before == after:
        return ""
    change = f"{before} → {after}"
    said = f"rank {change}" if len(change) + len("rank ") <= RANK_CHARACTERS else change
    return "  " + colored(said.replace(">", "&gt;"), MUTED[theme])


def _rank(rank: float | None, trace: Trace) -> str:
    """A place in the list; behind all scores that were kept, which one is not known."""
    return f">{trace.n_scored:,}" if rank is None or np.isnan(rank) else f"{int(rank):,}"


# --- words


def _head(column: _Column, left: float, theme: Theme) -> list[dict]:
    badge = ""
    if column.agrees is not None:
        badge = (
            colored("same top click", MUTED[theme])
            if column.agrees
            else colored("≠ other top click", WARNING[theme])
        )
    return [
        words(bold(column.title), left, 1, theme, yshift=TOP - 2, xshift=-2, size=SMALL + 1),
        words(column.caption, left, 1, theme, yshift=TOP - 18, xshift=-2, size=SMALL, color=MUTED[theme]),
        words(badge, left, 1, theme, yshift=TOP - 46, xshift=-2, size=SMALL),
    ]


def _subject(why: Why, trace: Trace, theme: Theme, top: int) -> list[dict]:
    """Which two items are compared; for one item the page says it."""
    if why.against is None:
        return []
    first, second = (
        bold(escape_plotly(trace.catalog.titles[item], SIDE_BY_SIDE)) for item in (why.item, why.against)
    )
    return [words(f"{first} − {second}", 0, 1, theme, yshift=top - 2, xshift=-2)]


def _sums(columns: list[_Column], row: int, why: Why, theme: Theme) -> list[dict]:
    """The last line: what each ledger adds up to."""
    name = "score" if why.against is None else "score of A − B"
    said = bold("sum" if np.isnan(why.score) else f"sum = {name}")
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
