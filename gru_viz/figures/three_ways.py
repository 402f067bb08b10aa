"""Which click counts for this item: by deleting it, by what it wrote, by what goes back to its input?

Three columns, a row a click. The experiment comes first, in what a reader of the list sees; the
ledgers share one scale of scores. Where a ledger puts another click on top than the experiment
does, the head of its column says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from gru_viz.callable_module import call_as
from gru_viz.explain.why import Why, top_click
from gru_viz.explain.words import number
from gru_viz.figures.palette import LINE, MUTED, QUANTITIES, Theme
from gru_viz.figures.style import (
    LABEL,
    LIGHTER,
    SMALL,
    SQUARE,
    across,
    axis,
    bars,
    bold,
    colored,
    drawn,
    hover_rows,
    layout,
    row_axis,
    row_label,
    words,
    zero_line,
)
from gru_viz.figures.text import escape_plotly
from gru_viz.figures.three_ways_rows import Column, Row, columns_of, rows_of, without
from gru_viz.figures.written import written
from gru_viz.trace import Trace

ROW, BAR = 36, 9  # pixels of a row and of its bars
LEGEND, SUBJECT = 20, 20  # pixels of the first line, and of the one below it for two items
HEADS = 88  # pixels of the columns' heads
SUM = 24  # pixels of the last line

# Left and right end of each column. The deletion's is wider: beside its bars stand more words.
COLUMNS = ((0.0, 0.45), (0.475, 0.725), (0.75, 1.0))
ROOM = 1.7  # width of a ledger's column over that of its longest bars: beside them stand numbers
NARROW, LETTER = 300, 5.2  # pixels of the narrowest figure, and of a letter of the words beside a bar
SHORTEST = 0.27  # of a column that is left to its bars, however long these words are
SIDE_BY_SIDE = 20  # characters of each of two titles on one line
GAP = "\u2002"  # keeps a number off its bar and off the line at 0


@dataclass(frozen=True)
class _Scale:
    """Where a column's values stand, in shares of the figure's width: its 0, and what 1 is wide."""

    zero: float
    size: float

    def at(self, value: float) -> float:
        return self.zero + self.size * value


def three_ways(why: Why, trace: Trace, theme: Theme = "light", most: int = 20) -> go.Figure:
    """Bars from zero, to the right what speaks for the item; each column's top click in full colour.

    Blue and orange are what they are in `memory_or_click`: the earlier clicks, and this one. A
    deletion's bar is what the item would lose in log-probability, of two items in their log-odds, and
    beside it stands that as a factor.

    most: of more clicks only so many are shown, those with the largest values relative to their
          column's, in the session's order; the others stand together in one row

    Under the clicks stands what else belongs to the ledgers' sums. Where the top is not
    linear there are no ledgers, and deletion has the whole width.
    """
    columns = columns_of(why)
    rows = rows_of(why, trace, columns, most)
    top = LEGEND + (SUBJECT if why.against is not None else 0) + HEADS
    last = SUM if why.write is not None else 4
    texts = [_beside(rows, place, column, why) for place, column in enumerate(columns)]
    scales = [_scale(rows, place, texts[place], len(columns)) for place in range(len(columns))]
    data = [
        *(_bars(rows, place, column, scales[place], theme) for place, column in enumerate(columns)),
        _numbers(rows, scales, texts),
        written(_words(why, trace, columns, rows, top, theme), ROW),
        hover_rows([row.hover for row in rows], 0, 1),
    ]
    return drawn(
        data,
        {
            **layout(theme, top + ROW * len(rows) + last, 0, 0),
            "xaxis": axis(0, 1),
            "yaxis": row_axis(len(rows) + last / ROW, above=top / ROW),
            "shapes": _lines(rows, scales, why, theme),
        },
    )


# --- columns


def _scale(rows: list[Row], place: int, texts: list[str], columns: int) -> _Scale:
    """Where a column's bars stand; a pixel is as much in both ledgers."""
    left, right = COLUMNS[place] if columns > 1 else (0.0, 1.0)
    values = np.nan_to_num([row.values for row in rows])
    ours = values[:, :1] if place == 0 else values[:, 1:]
    low, high = min(0.0, float(ours.min())), max(0.0, float(ours.max()))
    room = ROOM
    if place == 0:
        letters = max(len(text.replace("<b>", "").replace("</b>", "")) for text in texts)
        beside = letters * LETTER / (NARROW * (right - left))
        room = 1 / max(1 - beside, SHORTEST)
    size = (right - left) / (room * ((high - low) or 1.0))
    return _Scale(left - low * size, size)


def _bars(rows: list[Row], place: int, column: Column, scale: _Scale, theme: Theme) -> go.Bar:
    earlier, this = QUANTITIES["h"].color(theme), QUANTITIES["candidate"].color(theme)
    top, last = top_click(column.clicks), len(column.clicks) - 1
    colors = [MUTED[theme] if row.click is None else this if row.click == last else earlier for row in rows]
    return bars(
        [row.values[place] * scale.size for row in rows],
        colors,
        LABEL + 2,
        BAR,
        ROW,
        column.name,
        opacity=[1.0 if row.click is not None and row.click == top else LIGHTER for row in rows],
        base=scale.zero,
        line={"width": 1, "color": colors},  # a rim of a pixel, so that a bar much shorter than that is seen
    )


def _beside(rows: list[Row], place: int, column: Column, why: Why) -> list[str]:
    """What stands beside each bar: a ledger's entry, or by what the item's chance is divided without it."""
    top = top_click(column.clicks)
    texts = []
    for row in rows:
        value = row.values[place]
        said = number(value).text
        if place == 0 and row.click is not None:
            said = without(why, row.click)
        texts.append("" if np.isnan(value) else GAP + bold(said, row.click is not None and row.click == top))
    return texts


def _numbers(rows: list[Row], scales: list[_Scale], texts: list[list[str]]) -> go.Scatter:
    """The words beside the bars, column after column."""
    values = np.nan_to_num([row.values for row in rows])
    return go.Scatter(
        x=[scale.at(max(0.0, value)) for place, scale in enumerate(scales) for value in values[:, place]],
        y=[row + (LABEL + 2 + BAR / 2) / ROW for row in range(len(rows))] * len(scales),
        mode="text",
        text=[text for column in texts for text in column],
        textposition="middle right",
        textfont={"size": SMALL},
        cliponaxis=False,
        hoverinfo="skip",
        name="numbers",
        _validate=False,  # as in `drawn`
    )


def _lines(rows: list[Row], scales: list[_Scale], why: Why, theme: Theme) -> list[dict]:
    """The columns' zeros, one shape for all, and the rule above the sums."""
    zeros = []
    for place, scale in enumerate(scales):
        there = [row for row, one in enumerate(rows) if not np.isnan(one.values[place])]
        zeros.append(zero_line(there, LABEL, LABEL + BAR + 5, ROW, theme, zero=scale.zero))
    lines = [{**zeros[0], "path": "".join(line["path"] for line in zeros)}]
    return lines if why.write is None else [*lines, across(len(rows), LINE[theme])]


# --- words


def _words(
    why: Why, trace: Trace, columns: list[Column], rows: list[Row], top: int, theme: Theme
) -> list[dict]:
    """Legend and heads, `top` pixels in all, then a label a row, and the sums."""
    lefts = [left for left, _ in COLUMNS]
    said = [_legend(top, theme), *_subject(why, trace, theme, top - LEGEND)]
    for column, left in zip(columns, lefts, strict=False):
        said += _head(column, left, theme)
    said += [row_label(place, row.label, theme, size=SMALL + 1) for place, row in enumerate(rows)]
    if why.write is not None:
        said += _sums(columns, len(rows), why, theme)
    return said if len(why) > 1 else [*said, _only_click(theme)]


def _head(column: Column, left: float, theme: Theme) -> list[dict]:
    quiet = {"size": SMALL, "color": MUTED[theme]}
    said = [
        words(bold(column.title), left, 1, theme, yshift=HEADS - 2, size=SMALL + 1),
        words(column.caption, left, 1, theme, yshift=HEADS - 18, **quiet),
    ]
    if column.agrees is not None:
        none = top_click(column.clicks) is None
        leads = "✓ the same" if column.agrees else "✗ no" if none else "✗ another"
        badge = f"{leads}<br>click leads"
        said.append(words(badge, left, 1, theme, yshift=HEADS - 54, size=SMALL))
    return said


def _legend(top: int, theme: Theme) -> dict:
    earlier = colored(f"{SQUARE} earlier clicks", QUANTITIES["h"].color(theme))
    this = colored(f"{SQUARE} this click", QUANTITIES["candidate"].color(theme))
    said = f"{earlier}  {this} · full colour: the largest"
    return words(said, 0, 1, theme, yshift=top - 2, size=SMALL, color=MUTED[theme])


def _subject(why: Why, trace: Trace, theme: Theme, top: int) -> list[dict]:
    """Which two items are compared; for one item the page says it."""
    if why.against is None:
        return []
    first, second = (
        bold(escape_plotly(trace.catalog.titles[item], SIDE_BY_SIDE)) for item in (why.item, why.against)
    )
    return [words(f"{first} against {second}", 0, 1, theme, yshift=top - 2)]


def _sums(columns: list[Column], row: int, why: Why, theme: Theme) -> list[dict]:
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
