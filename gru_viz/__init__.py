"""Step through a shopping session and see what a GRU4Rec remembers.

    model = gru_viz.load("sample_data/model.safetensors")
    trace = gru_viz.record(model, ["item-id", ...])
    gru_viz.figures.heatmaps(trace)

Names are looked up on first use, so that importing the package does not import
torch: a page can show itself while torch loads.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "load": "gru_viz.checkpoint",
    "save": "gru_viz.checkpoint",
    "record": "gru_viz.record",
    "record_batch": "gru_viz.record",
    "GRU4Rec": "gru_viz.model",
    "ModelConfig": "gru_viz.model",
    "Trace": "gru_viz.trace",
    "Catalog": "gru_viz.catalog",
    "Session": "gru_viz.sessions",
    "Intervention": "gru_viz.interventions",
    "InputError": "gru_viz.errors",
    "read_log": "gru_viz.data.reader",
}

__all__ = ["figures", *_HOMES]


def __getattr__(name: str) -> Any:
    if name == "figures":
        return importlib.import_module("gru_viz.figures")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'gru_viz' has no attribute {name!r}")
