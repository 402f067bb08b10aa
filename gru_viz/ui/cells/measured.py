"""What was measured of the three cells: three charts and a table of figures."""

from __future__ import annotations

from html import escape

import streamlit as st

from gru_viz.anatomy import CELLS
from gru_viz.explain.cell_study import CELL_ORDER, MARKOV, CellFacts, CellStudy
from gru_viz.explain.detours import detours_sentence
from gru_viz.explain.gradient_distance import gradient_distance_sentence
from gru_viz.explain.leftover import leftover_sentence
from gru_viz.explain.words import NBSP
from gru_viz.figures.palette import QUANTITIES
from gru_viz.ui.cells.loaded import NAMES
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.said import said

_CALLED = {**{cell: NAMES[cell] for cell in reversed(CELL_ORDER)}, MARKOV: "a Markov chain"}


def measured(study: CellStudy) -> None:
    """Three charts, each under its sentence, and the table."""
    with st.container(key="gru_viz_first"):
        left, right = st.columns(2, gap="large")
    with left:
        _detours(study)
    with right:
        _gradients(study)
    _leftover(study)
    st.markdown("### What does each cost, and what does it reach?")
    st.html(_table(study))
    st.caption(
        f"Time of one click of one session, measured on {study.machine}. Recall@10 is on the last tenth of "
        "the shop's sessions, as a share of what the process itself allows, with its 95 % interval over "
        f"resampled sessions. {_trained(study)}"
    )


def _detours(study: CellStudy) -> None:
    from gru_viz.figures.detours import detours_figure

    st.markdown("### Which cell remembers the camera?")
    curves = {name: study.detours[name] for name in _CALLED}
    words = detours_sentence({_CALLED[name]: curve for name, curve in curves.items()}, study.chance)
    said(words)
    chart(detours_figure(curves, study.chance, theme()), words)


def _gradients(study: CellStudy) -> None:
    from gru_viz.figures.gradient_distance import gradient_distance_figure

    st.markdown("### How far back does learning reach?")
    order = tuple(reversed(CELL_ORDER))
    trained = {cell: study.trained[cell] for cell in order}
    words = gradient_distance_sentence({NAMES[cell]: one for cell, one in trained.items()})
    said(words)
    untrained = {cell: study.untrained[cell] for cell in order}
    chart(gradient_distance_figure(untrained, trained, theme()), words)


def _trained(study: CellStudy) -> str:
    epochs = {cell: study.facts[cell].epochs for cell in CELL_ORDER}
    if len(set(epochs.values())) == 1:
        return f"Each was trained for {epochs[CELL_ORDER[0]]} epochs."
    return f"Trained for {', '.join(f'{n} ({CELLS[cell].name})' for cell, n in epochs.items())} epochs."


def _leftover(study: CellStudy) -> None:
    from gru_viz.figures.leftover import leftover_figure

    st.markdown("### What if the state were not reset between sessions?")
    leftovers = {cell: study.leftover[cell] for cell in reversed(CELL_ORDER)}
    words = leftover_sentence({NAMES[cell]: one for cell, one in leftovers.items()})
    said(words)
    chart(leftover_figure(leftovers, theme()), words)


_HEAD = ("", "Gates", "Parameters of the cell", "of the model", "Time a click", "Recall@10 of the limit")


def _table(study: CellStudy) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    rows = "".join(_row(cell, study.facts[cell]) for cell in CELL_ORDER)
    return f'<div class="gv-table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(cell: str, facts: CellFacts) -> str:
    gates = ", ".join(QUANTITIES[name].name.lower() for name in CELLS[cell].gates) or "none"
    recall = f"{100 * facts.recall:.1f}{NBSP}% ({100 * facts.low:.1f} to {100 * facts.high:.1f})"
    values = (
        gates,
        f"{facts.recurrent:,}",
        f"{facts.parameters:,}",
        f"{1e6 * facts.step_seconds:.0f}{NBSP}µs",
        recall,
    )
    cells = "".join(f"<td>{escape(value)}</td>" for value in values)
    return f'<tr><th scope="row">{CELLS[cell].name}</th>{cells}</tr>'
