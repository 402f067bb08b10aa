"""Which epoch is replayed? The slider over a training's epochs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from gru_viz.ui import state

KEY = "gru_viz.train.epochs"
_HERE = Path(__file__).parent
_SHARED = _HERE.parent / "stepper"
_PARTS = (_SHARED / "tools.js", _HERE / "epochs.js", _SHARED / "mount.js")
_component = st.components.v2.component(
    "gru_viz_epochs",
    js="\n".join([*(part.read_text("utf-8") for part in _PARTS), "export default mounting(Epochs);\n"]),
    css=(_SHARED / "style.css").read_text("utf-8"),
)


def epochs_slider(run: str, epoch: int, epochs: int, best: int) -> None:
    """Mount it; what the person chooses goes into the view."""
    data = {"key": run, "epoch": epoch, "epochs": epochs, "best": best}
    _component(key=KEY, data=data, on_view_change=lambda: _chosen(run, epochs))


def _chosen(run: str, epochs: int) -> None:
    """The component has written the address already."""
    epoch = reported_epoch(st.session_state[KEY].get("view"), run, epochs)
    if epoch is not None:
        state.hold(replace(state.held(), epoch=epoch))


def reported_epoch(reported: Any, run: str, epochs: int) -> int | None:
    """The epoch that a browser reports for this training; None for anything odd."""
    if not isinstance(reported, dict) or reported.get("key") != run:
        return None
    epoch = reported.get("epoch")
    return epoch if type(epoch) is int and 1 <= epoch <= epochs else None
