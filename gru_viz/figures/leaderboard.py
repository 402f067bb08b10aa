"""Which model predicts best, and how sure is that?"""

from __future__ import annotations

import plotly.graph_objects as go

from gru_viz.compare.names import GRU4REC, NAMES, short_name
from gru_viz.compare.values import Compared, Comparison
from gru_viz.compare.words import of_limit, percent
from gru_viz.cutoffs import CUTOFF
from gru_viz.figures.palette import INK, LINE, MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.quality_baselines import from_to, reach, whiskers
from gru_viz.figures.style import SMALL, axis, bold, colored, error_bars, hover_rows, layout, quality, words

ROW, TOP, BOTTOM = 34, 44, 6
NAME, VALUE = 138, 44  # pixels left and right of the plot
DOT = 7


def leaderboard_figure(found: Comparison, theme: Theme = "light") -> go.Figure:
    """A dot a model with its interval, best first, on an axis from 0; the limit as a dashed line."""
    check_theme(theme)
    models = found.whole.ranked
    limit = None if found.about.limit is None else found.about.limit.recall[CUTOFF]
    high = max([limit or 0.0, *(model.intervals.recall[CUTOFF][1] for model in models)]) or 1.0
    high = max(high, *(model.recall for model in models), 1e-9) * 1.02
    heads = [
        words(bold(f"Recall@{CUTOFF}"), 0, 1, theme, yshift=TOP - 2, xshift=-NAME),
        *whiskers(models[0].intervals, theme, yshift=TOP - 20, xshift=-NAME),
    ]
    if limit is not None:
        text = f"{colored('┄', MUTED[theme])} limit {quality(limit)}"
        heads.append(
            words(text, 1, 1, theme, xanchor="right", yshift=TOP - 2, xshift=VALUE, size=SMALL)
        )  # fmt: skip
    return go.Figure(
        [
            _dots(models, theme),
            hover_rows([_hover(found, model) for model in models], 0, high),
        ],
        {
            **layout(theme, TOP + ROW * len(models) + BOTTOM, TOP, BOTTOM, NAME, VALUE),
            "xaxis": axis(0, high),
            "yaxis": axis(len(models), 0),
            "shapes": [*_guides(len(models), theme), *_limit(limit, theme)],
            "annotations": [
                *heads,
                *(_name(model, row, theme) for row, model in enumerate(models)),
                *(_value(model, row, theme) for row, model in enumerate(models)),
            ],
        },
    )


def _dots(models: tuple[Compared, ...], theme: Theme) -> go.Scatter:
    below, above = zip(*(reach(m.recall, m.intervals.recall[CUTOFF]) for m in models), strict=True)
    own, other = QUANTITIES["h"].color(theme), MUTED[theme]
    return go.Scatter(
        name="recall",
        x=[model.recall for model in models],
        y=[row + 0.5 for row in range(len(models))],
        mode="markers",
        marker={"size": DOT, "color": [own if m.name in GRU4REC else other for m in models], "opacity": 1},
        error_x=error_bars(below, above, theme),
        cliponaxis=False,
        hoverinfo="skip",
    )


def _guides(rows: int, theme: Theme) -> list[dict]:
    """One quiet line a row from 0, so that the eye finds the name; one shape for all."""
    path = "".join(f"M0,{row + 0.5}L1,{row + 0.5}" for row in range(rows))
    line = {"color": LINE[theme], "width": 1}
    return [{"type": "path", "path": path, "xref": "paper", "yref": "y", "line": line, "layer": "below"}]


def _limit(limit: float | None, theme: Theme) -> list[dict]:
    if limit is None:
        return []
    line = {"color": MUTED[theme], "width": 1, "dash": "dot"}
    return [
        {"type": "line", "x0": limit, "x1": limit, "yref": "paper", "y0": 0, "y1": 1, "line": line}
    ]  # fmt: skip


def _name(model: Compared, row: int, theme: Theme) -> dict:
    text = bold(short_name(model.name), model.name in GRU4REC)
    at = {"yref": "y", "yanchor": "middle", "xshift": -NAME}
    return words(text, 0, row + 0.5, theme, **at)


def _value(model: Compared, row: int, theme: Theme) -> dict:
    at = {"yref": "y", "yanchor": "middle", "xanchor": "right", "xshift": VALUE, "color": INK[theme]}
    return words(quality(model.recall), 1, row + 0.5, theme, **at)


def _hover(found: Comparison, model: Compared) -> str:
    part = of_limit(found, model)
    limit = "" if part is None else f", {percent(part)} of the limit"
    recall, mrr = model.intervals.recall[CUTOFF], model.intervals.mrr[CUTOFF]
    return "<br>".join(
        [
            bold(NAMES[model.name].removeprefix("a ")),
            f"Recall@{CUTOFF} {quality(model.recall)}, {from_to(recall)}{limit}",
            f"MRR@{CUTOFF} {quality(model.quality.mrr[CUTOFF])}, {from_to(mrr)}",
        ]
    )
