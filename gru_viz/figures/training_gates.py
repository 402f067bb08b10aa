"""How do the gates learn: how much is written, and how many gates stand open or shut?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from gru_viz.figures.palette import MUTED, QUANTITIES, Theme, check_theme
from gru_viz.figures.style import exact, share, ticks
from gru_viz.figures.training import DASHED, SOLID, canvas, curve, figure, head, written

if TYPE_CHECKING:
    from gru_viz.learn.figures_file import EpochFigures


def training_gates_figure(
    epochs: Sequence[EpochFigures], total: int, theme: Theme = "light", cell: str = "gru"
) -> go.Figure:
    """Mean update gate and share of saturated gates (below .05 or above .95) after each epoch, 0 to 1."""
    check_theme(theme)
    update_gates = [epoch.update_gate for epoch in epochs]
    saturated = [epoch.saturated for epoch in epochs]
    z, quiet = QUANTITIES["z"].color(theme), MUTED[theme]
    said = [
        f"<b>after epoch {n}</b><br>{written(cell)} {exact(mean)}<br>{share(ends)} of the gates saturated"
        for n, (mean, ends) in enumerate(zip(update_gates, saturated, strict=True), 1)
    ]
    now = (exact(update_gates[-1]), share(saturated[-1])) if epochs else ("not measured yet", "")
    return figure(
        [
            curve("saturated", saturated, quiet, said, line={"dash": "dash"}),
            curve("update gate", update_gates, z, said),
        ],
        canvas(theme, total, -0.03, 1.03, ticks([0, 0.5, 1], ["0", ".5", "1"], theme), lines=2),
        [
            head(SOLID, z, written(cell), now[0], theme, 0, 2),
            head(DASHED, quiet, "saturated gates", now[1], theme, 1, 2),
        ],
        theme,
    )
