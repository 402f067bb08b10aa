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
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gru_viz.figures' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
