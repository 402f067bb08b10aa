"""How far did the loss come down, epoch by epoch?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from gru_viz.figures.palette import INK, Theme, check_theme
from gru_viz.figures.style import exact, ticks
from gru_viz.figures.training import SOLID, canvas, curve, figure, finite, head, rounded_up

if TYPE_CHECKING:
    from gru_viz.learn.figures_file import EpochFigures


def training_loss_figure(epochs: Sequence[EpochFigures], total: int, theme: Theme = "light") -> go.Figure:
    """The mean loss of each epoch, dropout on, from 0 up (from below 0 where a loss goes there)."""
    check_theme(theme)
    losses = [epoch.loss for epoch in epochs]
    known = finite(losses)
    high = rounded_up(max(known, default=0.0))
    low = -rounded_up(-min(known)) if known and min(known) < 0 else 0.0
    shown = [low, (low + high) / 2, high]
    values = ticks(shown, [f"{value:.4g}" for value in shown], theme)
    said = [f"<b>epoch {n}</b><br>loss {exact(loss, 3)}" for n, loss in enumerate(losses, 1)]
    now = f"{exact(losses[-1], 3)} in epoch {len(losses)}" if losses else "not measured yet"
    return figure(
        [curve("loss", losses, INK[theme], said)],
        canvas(theme, total, low, 1.05 * high, values, lines=2),  # beside Recall, which has two
        [head(SOLID, INK[theme], "Loss", now, theme, 1, 2)],
        theme,
    )
