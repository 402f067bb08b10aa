"""How long is the gradient, update by update, and what does the loss do, with clipping and without?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gru_viz.explain.explosion import Explosion, Run
from gru_viz.explain.words import NBSP, plural
from gru_viz.figures.cell_lines import CELL_LINES
from gru_viz.figures.palette import DIVERGING, MUTED, Theme, check_theme
from gru_viz.figures.style import (
    NUMBER_EDGE,
    SMALL,
    axis,
    bold,
    click_axis,
    colored,
    layout,
    numbered,
    panels,
    ticks,
    words,
)

TOP, NORMS, LOSSES, GAP, BOTTOM, SIDE = 48, 130, 110, 44, 38, 40
LOWEST, HIGHEST = -3.0, 6.0  # powers of ten of a norm: what is beyond them is drawn at the edge
TIMES_GUESSING = 3.0  # so many times the loss of guessing is the edge of the other panel
PALE, PALE_NAME = 0.45, "b0"  # opacity of the run that is not talked about, and of its name in hex
ROOM = 0.06  # of the losses' axis below 0, so that its 0 stands clear of the updates
APART = 3 * NBSP
WAYS = {True: "clipped", False: "not clipped"}
Ends = tuple[float, float]


def explosion_figure(found: Explosion, clipped: bool, theme: Theme = "light") -> go.Figure:
    """Norms before clipping on a logarithmic axis with the clip, and below them the losses.

    The vanilla RNN's run that is `clipped`, or the one that is not, in full; the other pale, and
    the GRU's beside them. Both axes are the same for either choice. What lies beyond them is drawn
    at their edge; the losses there are counted. What is no number is a gap, and where the run in
    full breaks down there is a diamond at the edge.
    """
    check_theme(theme)
    runs = [run for pair in found.pairs.values() for run in (pair.clipped, pair.free)]
    top = TIMES_GUESSING * found.setting.guessing
    ends = _powers(runs, found.setting.clip), (-ROOM * top, top)
    domains = panels(NORMS, LOSSES, gap=GAP)
    figure = go.Figure(
        layout={
            **layout(theme, TOP + NORMS + GAP + LOSSES + BOTTOM, TOP, BOTTOM, SIDE, NUMBER_EDGE),
            **_axes(found, ends, domains, theme),
            "shapes": [
                _level(math.log10(found.setting.clip), "y", theme, "dash"),
                _level(found.setting.guessing, "y2", theme, "dot"),
            ],
            "annotations": _heads(found, clipped, ends[1], domains[1][1], theme),
        }
    )
    rnn, gru = found.pairs["rnn"], found.pairs["gru"]
    _add(figure, rnn.run(not clipped), "rnn", not clipped, ends, theme, opacity=PALE)
    _add(figure, gru.run(clipped), "gru", clipped, ends, theme)
    _add(figure, rnn.run(clipped), "rnn", clipped, ends, theme)
    _broken(figure, rnn.run(clipped), ends, theme)
    return figure


def _powers(runs: list[Run], clip: float) -> Ends:
    """The ends of the norms' axis in powers of ten, the clip among them."""
    norms = np.concatenate([[clip], *(run.norms for run in runs)])
    known = np.log10(norms[np.isfinite(norms) & (norms > 0)])
    low, high = max(known.min(), LOWEST), min(known.max(), HIGHEST)
    return float(np.floor(low)) - 0.1, float(np.ceil(high)) + 0.1


def _axes(found: Explosion, ends: tuple[Ends, Ends], domains: list[Ends], theme: Theme) -> dict[str, Any]:
    """Two panels over the same updates, numbered below the second."""
    powers = list(range(int(np.ceil(ends[0][0])), int(np.floor(ends[0][1])) + 1))
    labels = [f"{10.0**power:,g}" if power < 4 else f"10<sup>{power}</sup>" for power in powers]
    losses = list(range(0, int(ends[1][1]) + 1, 5))
    shown = (ticks(powers, labels, theme), ticks(losses, [str(value) for value in losses], theme))
    made: dict[str, Any] = {}
    for place in range(2):
        updates = click_axis(1, found.setting.updates, theme, anchor=numbered("y", place))
        made[numbered("xaxis", place)] = {**updates, "showticklabels": place == 1}
        made[numbered("yaxis", place)] = axis(
            *ends[place], domain=domains[place], anchor=numbered("x", place), **shown[place]
        )
    return made


def _level(y: float, yref: str, theme: Theme, dash: str) -> dict[str, Any]:
    line = {"color": MUTED[theme], "width": 1, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": yref, "y0": y, "y1": y, "line": line}


def _heads(found: Explosion, clipped: bool, ends: Ends, top: float, theme: Theme) -> list[dict[str, Any]]:
    """What each panel shows, which line is whose, and how much is drawn at the edge."""
    strong, gru = (CELL_LINES[cell].color(theme) for cell in ("rnn", "gru"))
    lines = (
        (f"RNN, {WAYS[clipped]}", strong),
        (WAYS[not clipped], f"{strong}{PALE_NAME}"),
        ("GRU", gru),
    )
    names = APART.join(colored(f"━━ {name}", color) for name, color in lines)
    clip = colored(f"╺╺ clip {found.setting.clip:g}", MUTED[theme])
    rnn = found.pairs["rnn"]
    beyond = sum(int((run.losses > ends[1]).sum()) for run in (rnn.clipped, rnn.free))
    edge = f"{APART}{plural(beyond, 'update')} above, at the edge" if beyond else ""
    quiet = {"yshift": -20, "xshift": -SIDE, "size": SMALL, "color": MUTED[theme]}
    norms = f"{bold('Length of the gradient')}{APART}{clip}<br>{names}"
    losses = f"{bold('Loss')}{APART}{colored('┅┅ guessing' + edge, MUTED[theme])}"
    return [
        words(norms, 0, 1, theme, yshift=TOP - 2, xshift=-SIDE),
        words(losses, 0, top, theme, yanchor="bottom", yshift=4, xshift=-SIDE),
        words("update", 0, 0, theme, **quiet),
    ]


def _add(
    figure: go.Figure,
    run: Run,
    cell: str,
    clipped: bool,
    ends: tuple[Ends, Ends],
    theme: Theme,
    opacity: float = 1.0,
) -> None:
    """A run's line in both panels; a gap where a value is no number."""
    with np.errstate(divide="ignore"):
        norms = np.log10(run.norms)
    said = f"{bold(CELL_LINES[cell].name)}, {WAYS[clipped]}<br>update %{{x}}"
    panels = (
        (norms, run.norms, f"{said}<br>gradient %{{customdata}} before clipping"),
        (run.losses, run.losses, f"{said}<br>loss %{{customdata}}"),
    )
    for place, (drawn, values, hover) in enumerate(panels):
        figure.add_scatter(
            name=f"{cell} {WAYS[clipped]} {('norm', 'loss')[place]}",
            x=list(range(1, len(values) + 1)),
            y=[None if np.isnan(one) else float(np.clip(one, *ends[place])) for one in drawn],
            customdata=[f"{one:.4g}" for one in values],
            mode="lines",
            line={"color": CELL_LINES[cell].color(theme), "width": 1.5},
            opacity=opacity,
            hovertemplate=f"{hover}<extra></extra>",
            xaxis=numbered("x", place),
            yaxis=numbered("y", place),
        )


def _broken(figure: go.Figure, run: Run, ends: tuple[Ends, Ends], theme: Theme) -> None:
    """A diamond at the upper edge of each panel where the values end in what is no number."""
    if run.broke is None:
        return
    for place in range(2):
        figure.add_scatter(
            name=f"broken {('norm', 'loss')[place]}",
            x=[run.broke + 1],
            y=[ends[place][1]],
            mode="markers",
            marker={"symbol": "diamond", "size": 11, "color": DIVERGING[theme][0]},
            hovertemplate=f"{bold('no number any more')}<br>update %{{x}}<extra></extra>",
            cliponaxis=False,
            xaxis=numbered("x", place),
            yaxis=numbered("y", place),
        )
