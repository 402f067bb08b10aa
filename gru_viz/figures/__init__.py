"""Pictures of what was recorded: a value in, a Plotly figure out.

Looked up on first use: the palette, which the stepper needs, must not wait for Plotly.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "heatmaps": "gru_viz.figures.heatmaps",
    "walk": "gru_viz.figures.heatmaps",
    "figure_html": "gru_viz.figures.export",
    "memory_or_click": "gru_viz.figures.memory_or_click",
    "three_ways": "gru_viz.figures.three_ways",
    "retention_triangle": "gru_viz.figures.retention_triangle",
    "half_lives_figure": "gru_viz.figures.half_lives",
    "remembering_figure": "gru_viz.figures.remembering",
    "log_memory_figure": "gru_viz.figures.log_memory",
    "forgetting_figure": "gru_viz.figures.forgetting",
    "lens_figure": "gru_viz.figures.lens",
    "reset_figure": "gru_viz.figures.reset",
    "gradient_figure": "gru_viz.figures.gradient",
    "ranks_figure": "gru_viz.figures.ranks",
    "state_difference_figure": "gru_viz.figures.state_difference",
    "course_figure": "gru_viz.figures.course",
    "units_effect_figure": "gru_viz.figures.units_effect",
    "leaderboard_figure": "gru_viz.figures.leaderboard",
    "learning_curves_figure": "gru_viz.figures.learning_curves",
    "detours_figure": "gru_viz.figures.detours",
    "cell_sizes_figure": "gru_viz.figures.cell_sizes",
    "leftover_figure": "gru_viz.figures.leftover",
    "gradient_distance_figure": "gru_viz.figures.gradient_distance",
    "both_ways_figure": "gru_viz.figures.both_ways",
    "both_states_figure": "gru_viz.figures.both_states",
    "explosion_figure": "gru_viz.figures.explosion",
    "quality_bars": "gru_viz.figures.quality_baselines",
    "quality_by": "gru_viz.figures.quality_breakdown",
    "training_recall_figure": "gru_viz.figures.training_recall",
    "training_loss_figure": "gru_viz.figures.training_loss",
    "training_gradient_figure": "gru_viz.figures.training_gradient",
    "training_gates_figure": "gru_viz.figures.training_gates",
    "training_replay_figure": "gru_viz.figures.training_replay",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gru_viz.figures' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
