"""How did one prediction form, epoch by epoch: the chance of what was clicked next, and the gate?"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from gru_viz.figures.palette import CLICKED, LINE, QUANTITIES, Theme, check_theme
from gru_viz.figures.style import exact, share, ticks
from gru_viz.figures.training import DASHED, SOLID, canvas, curve, figure, head, written


def training_replay_figure(
    probabilities: Sequence[float],
    update_gates: Sequence[float],
    epoch: int,
    theme: Theme = "light",
    cell: str = "gru",
) -> go.Figure:
    """Over all epochs, from 0 to 1: probability of the really next item, and mean update gate at this click.

    probabilities: of each epoch; none after a session's last click
    epoch:         the one looked at, from 1
    """
    check_theme(theme)
    item, z = CLICKED[theme], QUANTITIES["z"].color(theme)
    total = len(update_gates)
    after = [f"<b>after epoch {n}</b><br>" for n in range(1, total + 1)]
    said = [f"{n}{written(cell)} {exact(gate)}" for n, gate in zip(after, update_gates, strict=True)]
    curves = [curve("update gate", update_gates, z, said, line={"dash": "dash"})]
    heads = [head(DASHED, z, written(cell), exact(update_gates[epoch - 1]), theme, 1, 2)]
    if probabilities:
        chance = [f"{n}probability {share(p)}" for n, p in zip(after, probabilities, strict=True)]
        curves.append(curve("next item", probabilities, item, chance))
        now = share(probabilities[epoch - 1])
    else:
        now = "none after the last click"
    heads.append(head(SOLID, item, "Really clicked next", now, theme, 0, 2))
    here = {"type": "line", "x0": epoch, "x1": epoch, "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    return figure(
        curves,
        {
            **canvas(theme, total, -0.03, 1.03, ticks([0, 0.5, 1], ["0", ".5", "1"], theme), lines=2),
            "shapes": [{**here, "line": {"color": LINE[theme], "width": 3}}],
        },
        heads,
        theme,
    )
