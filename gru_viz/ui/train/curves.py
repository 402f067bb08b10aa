"""How did loss, quality, gradient and gates go, epoch by epoch?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from gru_viz.explain.words import Part, Sentence
from gru_viz.jobs import JobStatus
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.figures_file import GATES_OF
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.kept import kept
from gru_viz.ui.train.service import cell_of
from gru_viz.ui.train.words import kept_epoch, short_baseline_name, standing

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from gru_viz.figures.palette import Theme

GATES_ARE_OF = f"Gates: of the first {GATES_OF} training sessions, or of all where there are fewer."


def curves(run: JobStatus, training: TrainingConfig) -> None:
    """Four pictures that share their epochs; each has a place for every epoch that was asked for."""
    from gru_viz.figures.training_gates import training_gates_figure
    from gru_viz.figures.training_gradient import training_gradient_figure
    from gru_viz.figures.training_loss import training_loss_figure
    from gru_viz.figures.training_recall import training_recall_figure

    epochs, total = run.epochs, max(training.epochs, len(run.epochs))
    last, cell = epochs[-1], cell_of(run)
    named = {short_baseline_name(name): quality for name, quality in run.baselines.items()}

    def draw(name: str, figure: Callable[[Theme], go.Figure], words: Sentence) -> None:
        shown = theme()
        # looked at every second, drawn once an epoch; after a training went on an epoch may be another
        about = ("curve", run.id, name, shown, total, len(epochs), last.loss, last.seconds, run.kept)
        chart(kept(False, about, lambda: figure(shown)), words)

    left, right = st.columns([7, 5])
    with left:
        draw(
            "recall",
            lambda shown: training_recall_figure(epochs, total, named, shown, run.kept),
            (*standing(last, run.baselines), *kept_epoch(epochs, run.kept)),
        )
        draw(
            "gradient",
            lambda shown: training_gradient_figure(epochs, total, training.clip, shown),
            (Part(f"Gradient norm {last.gradient_norm:.2f}, clip {training.clip:g}."),),
        )
    with right:
        draw(
            "loss",
            lambda shown: training_loss_figure(epochs, total, shown),
            (Part(f"Loss {last.loss:.3f} in epoch {last.epoch}."),),
        )
        draw(
            "gates",
            lambda shown: training_gates_figure(epochs, total, shown, cell),
            (
                Part(
                    f"Mean share written {last.update_gate:.2f}; {last.saturated:.0%} of the gates saturated."
                ),
            ),
        )
        st.caption(GATES_ARE_OF)
