"""Which of a person's own models can stand side by side, and what is missing beside them?"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gru_viz.errors import InputError
from gru_viz.explain.cell_study import CELL_ORDER, kind
from gru_viz.explain.words import a_cell
from gru_viz.ui import state
from gru_viz.ui.cells.loaded import Cells
from gru_viz.ui.navigation import PAGES
from gru_viz.ui.sources import SAMPLE, Source, sources
from gru_viz.ui.train.as_source import MARK
from gru_viz.ui.train.how import begin_with
from gru_viz.ui.train.log import begin_with_log, log_called
from gru_viz.ui.train.owner import owner
from gru_viz.ui.train.runs import NEW
from gru_viz.ui.train.service import jobs
from gru_viz.ui.view import SessionRef, choose_model

KINDS = tuple(dict.fromkeys(map(kind, CELL_ORDER)))


def own_cells(shown: Source) -> Cells:
    """The model in view, and for each other cell the newest loaded one that knows the same items."""
    ids = shown.model.catalog.ids
    by_cell = {
        source.model.config.cell: source for source in sources().values() if source.model.catalog.ids == ids
    }
    by_cell[shown.model.config.cell] = shown
    return Cells({cell: by_cell[cell] for cell in KINDS if cell in by_cell})


def lacking(compared: Cells, shown: Source) -> None:
    """A quiet line with a way to train each cell that no model is there for.

    shown: the model in view; where it was trained here on a log that is still there, so is the new one
    """
    missing = [cell for cell in KINDS if cell not in compared.sources]
    if not missing:
        return
    log = _log_of(shown)
    how = "" if log else ": one trained on the same log, with as much of it held out"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        listed = " and ".join(a_cell(cell) for cell in missing)
        st.caption(
            f"To set {listed} beside it, one must be loaded that knows the same items{how}.", width="content"
        )
        for cell in missing:
            label = f"Train {a_cell(cell)}{' on this log' if log else ''}"
            if st.button(label, key=f"gru_viz.cells.train.{cell}", type="tertiary"):
                begin_with({"cell": cell})
                if log:
                    begin_with_log(log)
                state.put(replace(state.held(), job=NEW, epoch=None))
                st.switch_page(PAGES / "train.py")


def _log_of(shown: Source) -> str | None:
    """The Train page's choice that stands for the log this model was trained on here, where there is one."""
    if not shown.key.startswith(MARK):
        return None
    try:
        return log_called(jobs().status(shown.key.removeprefix(MARK), owner()).name)
    except InputError:  # the training was removed since
        return None


def shop_instead() -> None:
    """Why there are no charts, and where they are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            "How far each cell remembers, how its gradients reach back, what it costs and what other sizes "
            "change was measured on the sample shop, and is shown there.",
            width="content",
        )
        if SAMPLE in sources():
            st.button("Show the sample shop", on_click=_show_shop)


def _show_shop() -> None:
    state.jump(choose_model(state.held(), SAMPLE, SessionRef()))
