"""Which units does this item depend on most, measured by taking each one away?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.ablation import Ablation
from gru_viz.explain.words import number
from gru_viz.figures.palette import DIVERGING, MUTED, Theme, check_theme
from gru_viz.figures.style import (
    SMALL,
    SPACE,
    axis,
    bars,
    bold,
    colored,
    exact,
    hover_rows,
    layout,
    row_axis,
    share,
    words,
    zero_line,
)

ROW, BAR = 22, 11
TOP, LAST, SIDE = 44, 24, 62
ROOM = 1.7  # width of the axis over that of its longest bars: beside them stand numbers
RANK_CHARACTERS = 13  # of "rank 1 → 12" that fit beside the longest bar and its number


def units_effect_figure(ablation: Ablation, theme: Theme = "light", most: int = 20) -> go.Figure:
    """A bar a unit, largest effect first: blue where the item falls without it, amber where it rises.

    most: of more units only so many are shown; the last line says how much each of the others
          does at most. Units whose effect is not known are left out.
    """
    check_theme(theme)
    known = int((~np.isnan(ablation.drop)).sum())
    shown = min(known, most)
    drops = ablation.drop[:shown]
    low, high = _ends(drops)
    rows = max(shown, 2)  # a plot needs some height, with nothing in it too
    return go.Figure(
        [
            _bars(drops, theme),
            _numbers(ablation, shown, theme),
            hover_rows([_hover(ablation, row) for row in range(shown)], low, high),
        ],
        {
            **layout(theme, TOP + ROW * rows + LAST, TOP, LAST, SIDE),
            "xaxis": axis(low, high),
            "yaxis": row_axis(rows),
            "shapes": [zero_line(range(shown), 0, ROW, ROW, theme)],
            "annotations": [
                *_head(ablation, theme),
                *(_unit(row, int(ablation.units[row]), theme) for row in range(shown)),
                *_others(ablation, shown, known, theme),
            ],
        },
    )


def _ends(drops: np.ndarray) -> tuple[float, float]:
    low, high = float(drops.min(initial=0)), float(drops.max(initial=0))
    return low, low + ROOM * ((high - low) or 1.0)


def _bars(drops: np.ndarray, theme: Theme) -> go.Bar:
    negative, positive = DIVERGING[theme]
    colors = [negative if drop < 0 else positive for drop in drops]
    return bars(drops, colors, (ROW - BAR) / 2, BAR, ROW, "drop")


def _numbers(ablation: Ablation, shown: int, theme: Theme) -> go.Scatter:
    """The value beside each bar; beside it the rank, too, where it changes."""
    drops = ablation.drop[:shown]
    return go.Scatter(
        name="numbers",
        x=np.maximum(drops, 0),
        y=np.arange(shown) + 0.5,
        mode="text",
        text=[
            f"{SPACE}{number(drop).text}{_new_rank(ablation, row, theme)}"
            for row, drop in enumerate(drops.tolist())
        ],
        textposition="middle right",
        textfont={"size": SMALL},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _new_rank(ablation: Ablation, row: int, theme: Theme) -> str:
    before, after = _ranks(ablation, row)
    if before == after:
        return ""
    change = f"{before} → {after}"
    said = f"rank {change}" if len(change) + len("rank ") <= RANK_CHARACTERS else change
    return "  " + colored(said, MUTED[theme])


def _ranks(ablation: Ablation, row: int) -> tuple[str, str]:
    before, after = ablation.rank, float(ablation.rank_without[row])
    return (
        "–" if before is None or np.isnan(before) else f"{int(before):,}",
        "–" if np.isnan(after) else f"{int(after):,}",
    )


# --- words


def _head(ablation: Ablation, theme: Theme) -> list[dict]:
    falls = "its log-probability falls" if ablation.against is None else "the score of A − B falls"
    quiet = {"size": SMALL, "color": MUTED[theme]}
    return [
        words(bold("Units, each held at 0 alone"), 0, 1, theme, yshift=TOP - 2, xshift=-SIDE),
        words(f"how far {falls} without it, in nats", 0, 1, theme, yshift=TOP - 20, xshift=-SIDE, **quiet),
    ]


def _unit(row: int, unit: int, theme: Theme) -> dict:
    return words(
        f"unit {unit}", 0, row + 0.5, theme,
        yref="y", yanchor="middle", xshift=-SIDE, size=SMALL + 1,
    )  # fmt: skip


def _others(ablation: Ablation, shown: int, known: int, theme: Theme) -> list[dict]:
    """The last line: what is not drawn."""
    if known == 0:
        text = "the scores were not kept: they are behind the best"
    elif known > shown:
        rest = known - shown
        size = exact(abs(float(ablation.drop[shown])), 3)
        text = (
            f"and 1 other unit, by {size}"
            if rest == 1
            else f"and {rest:,} other units, each by at most {size}"
        )
    elif known < len(ablation):
        text = f"of {len(ablation) - known:,} other units the effect is not known"
    else:
        return []
    return [words(text, 0, 0, theme, yshift=-4, xshift=-SIDE, size=SMALL, color=MUTED[theme])]


def _hover(ablation: Ablation, row: int) -> str:
    drop, fewer = float(ablation.score_drop[row]), float(ablation.probability_drop[row])
    before, after = _ranks(ablation, row)
    score, probability = ("score", "probability")
    if ablation.against is not None:
        score, probability = ("score of A − B", "probability of A − B")
    lines = [
        bold(f"unit {ablation.units[row]} held at 0"),
        f"{score} {exact(ablation.score, 3)} → {exact(ablation.score - drop, 3)}",
        f"{probability} {share(ablation.probability)} → {share(ablation.probability - fewer)}",
        f"rank {'' if ablation.against is None else 'of A '}{before} → {after}",
    ]
    return "<br>".join(lines)
