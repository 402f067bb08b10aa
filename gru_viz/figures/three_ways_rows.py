"""Which rows and columns stand under “Which click counts for this item?”, with which numbers and words?

What `three_ways` draws: the three answers as columns, a row for each click that is shown, one
for the others together, and what belongs to the ledgers' sums and to no click.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.deletion import Deletion
from gru_viz.explain.ledger import Ledger
from gru_viz.explain.odds import EQUAL, MOST, times
from gru_viz.explain.why import Why, top_click
from gru_viz.explain.words import NBSP, percent
from gru_viz.figures.style import TITLE, bold, clicked, exact
from gru_viz.trace import Trace

MANY = 12  # of more clicks those stand together whose bars are all below SMALL_BAR of the longest
SMALL_BAR = 0.05
NOTHING = float("nan")


@dataclass(frozen=True)
class Column:
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
class Row:
    """What stands above a row, its bar in each column (NaN: none), and what it says when hovered."""

    label: str
    values: tuple[float, ...]
    hover: str
    click: int | None = None


def columns_of(why: Why) -> list[Column]:
    removed = why.deletion
    columns = [Column("deletion", "When deleted", _with_all(why), removed.drop)]
    if why.write is None:
        return columns
    for name, title, caption, ledger, agrees in (
        ("write", "Written at", "by the click<br>that wrote it", why.write, why.write_agrees),
        ("click", "Carried from", "by the click<br>it came in with", why.click, why.click_agrees),
    ):
        if ledger is None:
            unknown = np.full(len(why), NOTHING)
            columns.append(Column(name, title, "cannot be<br>told here", unknown))
        else:
            columns.append(Column(name, title, caption, ledger.clicks, ledger, agrees))
    return columns


def _with_all(why: Why) -> str:
    """What the item has with all clicks, and how to read what stands beside each bar."""
    removed = why.deletion
    if why.against is None:
        said = f"{percent(removed.probability)} and rank {removed.rank:,}"
    else:
        said = _odds(removed.score)
    return said if len(why) == 1 else f"{said};<br>without the click ÷ or ×<br>(bars: log scale)"


def rows_of(why: Why, trace: Trace, columns: list[Column], most: int) -> list[Row]:
    """The rows from top to bottom; see `three_ways` for `most`."""
    return [*_clicks(why, trace, columns, most), *_constants(why, columns)]


def _clicks(why: Why, trace: Trace, columns: list[Column], most: int) -> list[Row]:
    """A row for each click that is shown, in the session's order, and one for the others."""
    shown = _shown(why, columns, most)
    rows = [_click(why, trace, columns, click) for click in shown]
    others = np.setdiff1d(np.arange(len(why)), shown)
    if len(others) == 0:
        return rows
    name = "1 other click" if len(others) == 1 else f"{len(others):,} other clicks together"
    return [*rows, _booked(name, columns, [float(column.clicks[others].sum()) for column in columns])]


def _shown(why: Why, columns: list[Column], most: int) -> list[int]:
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


def _click(why: Why, trace: Trace, columns: list[Column], click: int) -> Row:
    name = clicked(trace.catalog.titles[int(trace.items[click])], click, TITLE)
    values = tuple(float(column.clicks[click]) for column in columns)
    lines = [bold(name)]
    if len(why) > 1:
        lines.append(f"without it: {_instead(why, click)}")
    return Row(name, values, "<br>".join([*lines, *_entries(columns, values)]), click)


def _instead(why: Why, click: int) -> str:
    removed = why.deletion
    if why.against is not None:
        return f"{_odds_without(removed, click)} instead of {_odds(removed.score)}"
    said = f"{percent(removed.probability_without[click])} instead of {percent(removed.probability)}"
    if not _moves_rank(why, click):
        return f"{said}, rank {removed.rank:,} as with it"
    return f"{said},<br>rank {int(removed.rank_without[click]):,} instead of {removed.rank:,}"


def _constants(why: Why, columns: list[Column]) -> list[Row]:
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


def _booked(name: str, columns: list[Column], values: Sequence[float]) -> Row:
    """A row of the ledgers that is no single click; deleting says nothing about it."""
    booked = (NOTHING, *values[1:])
    return Row(name, booked, "<br>".join([bold(name), *_entries(columns, booked)]))


def _entries(columns: list[Column], values: Sequence[float]) -> list[str]:
    return [
        f"{column.title.lower()}: {exact(value)}"
        for column, value in zip(columns, values, strict=True)
        if column.ledger is not None and not np.isnan(value)
    ]


def without(why: Why, click: int) -> str:
    """By what the item's probability, of two items their odds, is divided or multiplied without the click.

    That is what its bar is the logarithm of. And the item's rank where that differs.
    """
    removed = why.deletion
    drop = float(removed.drop[click])
    if math.isnan(drop):
        return ""
    factor = times(drop).replace(f"{MOST:,}", "10⁶")  # it has to fit beside a bar
    said = f"{'÷' if drop > 0 and factor != '1' else '×'}{NBSP}{factor}"
    return f"{said}, rank {int(removed.rank_without[click]):,}" if _moves_rank(why, click) else said


def _odds_without(removed: Deletion, click: int) -> str:
    return _odds(removed.score - float(removed.drop[click]))


def _odds(log_odds: float) -> str:
    """How many times as likely A is as B, 1/n where B is the likelier one; rounded as in `verdict`."""
    if abs(log_odds) <= EQUAL:
        return "about as likely"
    odds = times(log_odds)
    if log_odds > 0:
        return f"{odds} times as likely"
    said = f"under 1/{MOST:,}" if odds.startswith("over") else f"1/{odds}"
    return f"{said} as likely"
