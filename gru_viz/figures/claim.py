"""What came out when a textbook's sentence was put to the test: a small chart for its card?

All are of one height, so that cards stand in rows; nothing answers the pointer, the sentence below
says the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from gru_viz.compare.words import share
from gru_viz.explain.claims.claim import Bar, Bars, Lines
from gru_viz.figures.cell_lines import CELL_LINES, add_line
from gru_viz.figures.learning_curves import color_of
from gru_viz.figures.palette import INK, MUTED, Theme, check_theme
from gru_viz.figures.quality_baselines import reach
from gru_viz.figures.style import NUMBER_EDGE, SMALL, axis, colored, error_bars, layout, ticks, words
from gru_viz.figures.text import escape_plotly

HEIGHT, TOP, EDGE = 122, 22, 2
ROW, BAR, NAME, LETTER = 26, 9, 112, 6.6  # a row and its bar, the names' column, a letter: pixels
LONGEST = 60  # characters of the line above
MARKERS = 11  # up to so many points of a curve are marked
BOTTOM, SIDE = 32, 36  # of a curve: what is written below and beside it
LOWEST, HIGHEST = -12.0, 6.0  # powers of ten: what is beyond them is drawn at the edge


def claim_figure(shown: Bars | Lines, theme: Theme = "light") -> go.Figure:
    """Bars from 0 with their intervals, or curves with bands, under a line that says what they are of."""
    check_theme(theme)
    return _bars(shown, theme) if isinstance(shown, Bars) else _lines(shown, theme)


def _bars(shown: Bars, theme: Theme) -> go.Figure:
    right = LETTER * max(len(row.text) for row in shown.rows) + 10
    low, high = _ends(shown)
    plot = HEIGHT - TOP - EDGE
    empty = (plot / ROW - len(shown.rows)) / 2  # rows above, so that they stand in the middle
    marks = [_upright(0.0, "solid", theme)]
    if shown.mark is not None:
        marks.append(_upright(shown.mark, "dot", theme))
    return go.Figure(
        [_rows(shown.rows, theme)],
        {
            **layout(theme, HEIGHT, TOP, EDGE, NAME, round(right)),
            "xaxis": axis(low, high),
            "yaxis": axis(len(shown.rows) + empty, -empty),
            "shapes": marks,
            "annotations": [
                _title(shown.title, NAME, theme),
                *(_beside(row, place, theme) for place, row in enumerate(shown.rows)),
                *(_number(row, place, right, theme) for place, row in enumerate(shown.rows)),
            ],
        },
    )


def _ends(shown: Bars) -> tuple[float, float]:
    """Of the axis: 0, every bar, whisker and the mark are on it."""
    found = [0.0, *(row.value for row in shown.rows)]
    found += [end for row in shown.rows if row.interval is not None for end in row.interval]
    if shown.mark is not None:
        found.append(shown.mark)
    low, high = min(found), max(found)
    room = 0.03 * (high - low) or 1.0
    return low - room, high + room


def _rows(rows: Sequence[Bar], theme: Theme) -> go.Bar:
    below, above = zip(*(reach(row.value, row.interval) for row in rows), strict=True)
    whiskers = error_bars(below, above, theme)
    return go.Bar(
        name="rows",
        x=[row.value for row in rows],
        y=[place + 0.5 for place in range(len(rows))],
        width=BAR / ROW,
        orientation="h",
        marker={"color": [_color(row.who, theme) for row in rows], "line": {"width": 0}},
        error_x=whiskers | {"visible": any(row.interval is not None for row in rows)},
        hoverinfo="skip",
    )


def _color(who: str, theme: Theme) -> str:
    return CELL_LINES[who].color(theme) if who in CELL_LINES else color_of(who, theme)


def _upright(at: float, dash: str, theme: Theme) -> dict:
    line = {"color": MUTED[theme], "width": 1, "dash": dash}
    return {"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "line": line}


def _title(text: str, left: int, theme: Theme) -> dict:
    at = {"yshift": TOP - 2, "xshift": -left}
    return words(escape_plotly(text, LONGEST), 0, 1, theme, size=SMALL, color=MUTED[theme], **at)


def _beside(row: Bar, place: int, theme: Theme) -> dict:
    at = {"yref": "y", "yanchor": "middle", "xshift": -NAME}
    return words(escape_plotly(row.name), 0, place + 0.5, theme, size=SMALL + 1, **at)


def _number(row: Bar, place: int, right: float, theme: Theme) -> dict:
    at = {"yref": "y", "yanchor": "middle", "xanchor": "right", "xshift": round(right), "color": INK[theme]}
    return words(row.text, 1, place + 0.5, theme, size=SMALL + 1, **at)


def _lines(shown: Lines, theme: Theme) -> go.Figure:
    low, high = _reach(shown)
    values = [at for at, _ in shown.ticks]
    edge = 0.02 * (values[-1] - values[0]) or 0.5
    figure = go.Figure(
        layout={
            **layout(theme, HEIGHT, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            "xaxis": axis(
                values[0] - edge, values[-1] + edge, **ticks(values, [text for _, text in shown.ticks], theme)
            ),
            "yaxis": axis(low, high, **_written(shown, low, high, theme)),
            "annotations": [
                _title(shown.title, SIDE, theme),
                words(
                    escape_plotly(shown.below), 0.5, 0, theme,
                    xanchor="center", yshift=-17, size=SMALL, color=MUTED[theme],
                ),
                *_legend(shown, theme),
            ],
        }
    )  # fmt: skip
    _add(figure, shown, theme)
    return figure


def _add(figure: go.Figure, shown: Lines, theme: Theme) -> None:
    """The mark, and each curve with its band."""
    if shown.mark is not None:
        line = {"color": MUTED[theme], "width": 1, "dash": "dot"}
        at = float(_scaled(shown, (shown.mark,))[0])
        figure.add_shape(type="line", xref="paper", x0=0, x1=1, y0=at, y1=at, line=line)
    for one in shown.lines:
        y, low, high = (_scaled(shown, values).tolist() for values in (one.y, one.low, one.high))
        few = len(one.x) <= MARKERS
        add_line(figure, one.who, one.x, (y, low, high), [""] * len(one.x), theme, markers=few)


def _scaled(shown: Lines, values: Sequence[float]) -> np.ndarray:
    """As they are, or their powers of ten."""
    if not shown.powers:
        return np.array(values, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.clip(np.log10(np.array(values, dtype=np.float64)), LOWEST, HIGHEST)


def _reach(shown: Lines) -> tuple[float, float]:
    """Of the upright axis: every band and the mark are on it."""
    bands = [values for one in shown.lines for values in (one.low, one.high, one.y)]
    mark = () if shown.mark is None else (shown.mark,)
    found = np.concatenate([_scaled(shown, values) for values in (*bands, mark)])
    low, high = float(found.min()), float(found.max())
    room = 0.06 * (high - low) or 0.5
    return low - room, high + room


def _written(shown: Lines, low: float, high: float, theme: Theme) -> dict:
    """Two or three numbers: the ends of what is drawn, and the mark."""
    room = 0.06 / 1.12 * (high - low)
    if not shown.powers:
        ends = [low + room, high - room]
        values = ends if shown.mark is None else [shown.mark, *_apart(ends, shown.mark, high - low)]
        return ticks(
            values, [f"{value:.3g}" if value == 0 or value >= 1 else share(value) for value in values], theme
        )
    powers = [round(low + room), round(high - room)]
    if shown.mark is not None:
        middle = round(float(np.log10(shown.mark)))
        powers = [middle, *(power for power in powers if abs(power - middle) > 0.25 * (high - low))]
    return ticks(powers, ["1" if p == 0 else f"10<sup>{p}</sup>".replace("-", "−") for p in powers], theme)


def _apart(ends: Sequence[float], mark: float, whole: float) -> list[float]:
    """Those that are not written into the mark's number."""
    return [end for end in ends if abs(end - mark) > 0.25 * whole]


def _legend(shown: Lines, theme: Theme) -> list[dict]:
    """At the right end of the title's line, where there is more than one curve."""
    if len(shown.lines) < 2:
        return []
    text = "  ".join(
        colored(f"{CELL_LINES[one.who].stroke} {escape_plotly(one.name)}", _color(one.who, theme))
        for one in shown.lines
    )
    at = {"xanchor": "right", "yshift": TOP - 2, "xshift": NUMBER_EDGE}
    return [words(text, 1, 1, theme, size=SMALL, **at)]
