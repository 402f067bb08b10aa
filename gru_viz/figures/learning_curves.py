"""How good is each model when it has less to learn from?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from gru_viz.compare.names import short_name
from gru_viz.compare.values import Comparison, Round
from gru_viz.cutoffs import CUTOFF
from gru_viz.figures.cell_lines import CELL_LINES
from gru_viz.figures.palette import CATEGORIES, MUTED, Theme, check_theme
from gru_viz.figures.quality_baselines import from_to, reach
from gru_viz.figures.style import SMALL, axis, bold, layout, quality, ticks, words
from gru_viz.figures.training_recall import spread

TOP, PLOT, BOTTOM, LEFT, RIGHT = 30, 260, 38, 34, 128
APART = 16  # pixels between two names
STEPS = (0.02, 0.05, 0.1, 0.25)  # between two numbers on the axis
# places in the palette's categories, far apart for models that are looked at together
COLORS = {
    "fpmc": 1, "item_knn": 4, "bert4rec": 5, "session_popularity": 6,
    "popularity": 7, "sequential_rules": 8, "mf": 9,
}  # fmt: skip
ALSO_BESIDE_CELLS = ("markov", "sasrec")  # as they are drawn there
DASHES = {"gru": "solid", "lstm": "dash", "rnn": "dot"}


def learning_curves_figure(found: Comparison, names: Sequence[str], theme: Theme = "light") -> go.Figure:
    """Recall@20 with its interval against the training sessions, on a logarithmic axis.

    The upright axis shows only what is needed and need not begin at 0: curves lie close together.

    names: which models, at least one of those that were measured with the whole log
    """
    check_theme(theme)
    rounds = sorted(found.rounds, key=lambda part: part.sessions)
    places = [math.log10(part.sessions) for part in rounds]
    shown = [name for name in names if found.whole.find(name) is not None]
    room = 0.04 * max(places[-1] - places[0], 0.5)
    low, high, marks = _scale(found, shown)
    written = [f"{mark:.2f}".removeprefix("0") for mark in marks]
    edge = 0.02 * (high - low)
    labels = [f"{part.sessions:,}" for part in rounds]
    return go.Figure(
        [_curve(name, rounds, places, theme) for name in shown],
        {
            **layout(theme, TOP + PLOT + BOTTOM, TOP, BOTTOM, LEFT, RIGHT),
            "xaxis": axis(places[0] - room, places[-1] + room, **ticks(places, labels, theme)),
            "yaxis": axis(low - edge, high + edge, **ticks(marks, written, theme)),
            "annotations": [
                words(bold(f"Recall@{CUTOFF}"), 0, 1, theme, yshift=TOP - 2, xshift=-LEFT),
                words(
                    "training sessions", 0, 0, theme,
                    yshift=-19, xshift=-LEFT, size=SMALL, color=MUTED[theme],
                ),
                *_names(found, shown, (low - edge, high + edge), theme),
            ],
        },
    )  # fmt: skip


def color_of(name: str, theme: Theme) -> str:
    """The same for a model in every picture; the three GRU4Recs share theirs and differ in their stroke."""
    if name in ALSO_BESIDE_CELLS:
        return CELL_LINES[name].color(theme)
    return CATEGORIES[theme][COLORS.get(name, 0)]


def _scale(found: Comparison, shown: Sequence[str]) -> tuple[float, float, list[float]]:
    """Low and high end of the axis, round numbers round all whiskers, and what is written on it."""
    ends = [
        end
        for part in found.rounds
        for name in shown
        if (one := part.find(name)) is not None
        for end in (*one.intervals.recall[CUTOFF], one.recall)
    ]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    step = next((step for step in STEPS if high - low <= 5 * step), STEPS[-1])
    last = min(math.ceil(high / step), round(1 / step))
    first = min(math.floor(low / step), last - 1)
    return first * step, last * step, [number * step for number in range(first, last + 1)]


def _curve(name: str, rounds: Sequence[Round], places: Sequence[float], theme: Theme) -> go.Scatter:
    measured = [
        (place, part, one) for place, part in zip(places, rounds, strict=True) if (one := part.find(name))
    ]
    below, above = zip(
        *(reach(one.recall, one.intervals.recall[CUTOFF]) for *_, one in measured), strict=True
    )
    return go.Scatter(
        name=name,
        x=[place for place, *_ in measured],
        y=[one.recall for *_, one in measured],
        mode="lines+markers",
        line={"color": color_of(name, theme), "width": 2, "dash": DASHES.get(name, "solid")},
        marker={"size": 5},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": list(above),
            "arrayminus": list(below),
            "thickness": 1.2,
            "width": 2,
        },
        cliponaxis=False,
        hovertext=[
            f"{bold(short_name(name))}, {part.sessions:,} sessions<br>"
            f"Recall@{CUTOFF} {quality(one.recall)}, {from_to(one.intervals.recall[CUTOFF])}"
            for _, part, one in measured
        ],
        hoverinfo="text",
    )


def _names(found: Comparison, shown: Sequence[str], ends_at: tuple[float, float], theme: Theme) -> list[dict]:
    """Right of the curves' ends, moved apart where they lie close; in pixels from the top."""
    ends = sorted(((one.recall, name) for name in shown if (one := found.whole.find(name))), reverse=True)
    low, high = ends_at
    places = spread([PLOT * (high - value) / (high - low) for value, _ in ends], APART, PLOT)
    return [
        words(
            f"{short_name(name)} {quality(value)}", 1, 1, theme,
            yshift=-place, yanchor="middle", xshift=8, size=SMALL, color=color_of(name, theme),
        )
        for (value, name), place in zip(ends, places, strict=True)
    ]  # fmt: skip
