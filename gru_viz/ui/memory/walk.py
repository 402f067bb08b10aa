"""The session's strip and controls above the Memory page, which follows every step."""

from __future__ import annotations

from dataclasses import replace

from gru_viz.trace import Trace
from gru_viz.ui import state, view
from gru_viz.ui.current import Current
from gru_viz.ui.session_view import edits, looked, trace_key
from gru_viz.ui.sources import default_model
from gru_viz.ui.stepper import walk
from gru_viz.ui.stepper.payload import walk_payload

KEY = "gru_viz.walk"
SETTLE = 150  # ms of quiet before the page follows a step: charts take longer than that to draw


def walk_view(now: Current, trace: Trace) -> None:
    """Draw the walk; a report of it reruns the page."""
    clicks, layer = now.session.items, now.view.layer
    assert layer is not None
    key = trace_key(now.source.digest, clicks, layer, now.opened)
    walk(
        {
            "key": key,
            "address": view.to_query(replace(state.held(), step=None), default_model()),
            "start": {"step": now.step + 1},
            "trace": walk_payload(trace),
            "edits": edits(now),
            "settle": SETTLE,
            "switch": False,
        },
        key=KEY,
        on_view=lambda: looked(KEY, key),
        on_undo=lambda: state.jump(view.undo(state.held(), len(clicks))),
        on_reset=lambda: state.jump(view.reset(state.held(), len(clicks))),
    )
