"""How does a person step through the same session in three cells at once?

A components-v2 component as the stepper, whose walk and heatmaps it takes: the traces go to the
browser once, every step is drawn there, and the step comes back.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from gru_viz.explain.cell_words import named
from gru_viz.trace import Trace
from gru_viz.ui import state, view
from gru_viz.ui.cells.loaded import Cells
from gru_viz.ui.cells.payload import Shown, beside_payload
from gru_viz.ui.current import Current
from gru_viz.ui.session_view import edits, looked, trace_key
from gru_viz.ui.sources import SAMPLE, default_model

KEY = "gru_viz.cells"
_START = "gru_viz.cells_start"
_HERE = Path(__file__).parent
_SHARED = _HERE.parent / "stepper"
_PARTS = (
    *(_SHARED / name for name in ("tools.js", "edges.js", "strip.js", "walk.js", "heatmap.js")),
    *(_HERE / name for name in ("anatomy.js", "board.js", "beside.js")),
    _SHARED / "mount.js",
)
_component = st.components.v2.component(
    "gru_viz_cells",
    js="\n".join([*(part.read_text("utf-8") for part in _PARTS), "export default mounting(Beside);\n"]),
    css="\n".join(
        (folder / name).read_text("utf-8") for folder, name in ((_SHARED, "style.css"), (_HERE, "cells.css"))
    ),
)


def beside(now: Current, compared: Cells, trace: Trace) -> None:
    """The boards of all cells that are there, under one cursor; nothing where there is none.

    trace: of the session through the model in view, which the page has already
    """
    if not compared.sources:
        return
    st.session_state[_START] = {"step": now.step + 1, "keeps": now.view.keeps, "gates": now.view.gates}
    clicks = now.session.items
    boards = [
        Shown(
            named(cell),
            trace if source.digest == now.source.digest else source.record(clicks),
            source.weights,
            "" if now.source.key == SAMPLE else source.name,
        )
        for cell, source in compared.sources.items()
    ]
    _stepping(now, compared, boards)


@st.fragment
def _stepping(now: Current, compared: Cells, boards: list[Shown]) -> None:
    """A reported step reruns only this: nothing else on the page follows it."""
    if state.opened() != now.opened:
        st.rerun()
    clicks = now.session.items
    digests = " ".join(source.digest for source in compared.sources.values())
    key = trace_key(digests, clicks, 0, now.opened)
    address = view.to_query(replace(state.held(), step=None, keeps=False, gates=False), default_model())
    _component(
        key=KEY,
        data={
            "key": key,
            "address": address,
            "start": st.session_state[_START],
            "trace": beside_payload(boards),
            "edits": edits(now),
        },
        on_view_change=lambda: looked(KEY, key),
        on_undo_change=lambda: state.jump(view.undo(state.held(), len(clicks))),
        on_reset_change=lambda: state.jump(view.reset(state.held(), len(clicks))),
    )
