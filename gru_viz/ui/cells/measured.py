"""What was measured of the shop's cells: four charts and a table of figures."""

from __future__ import annotations

from html import escape

import streamlit as st

from gru_viz.anatomy import CELLS
from gru_viz.explain.cell_sizes import by_size, sizes_sentence
from gru_viz.explain.cell_studies import CellStudies
from gru_viz.explain.cell_study import OTHERS, CellFacts, CellStudy, kind
from gru_viz.explain.cell_words import cell_name, named
from gru_viz.explain.claims.elsewhere import cells_training, gradients_on_models
from gru_viz.explain.detours import detours_claim, detours_sentence
from gru_viz.explain.gradient_distance import gradient_distance_sentence
from gru_viz.explain.leftover import leftover_sentence
from gru_viz.explain.words import NBSP, Part
from gru_viz.figures.palette import QUANTITIES
from gru_viz.ui.cells.loaded import Choice
from gru_viz.ui.charts import chart, theme
from gru_viz.ui.models.elsewhere import of_the_leaderboard
from gru_viz.ui.said import said
from gru_viz.ui.scrolling import scrolling

ONE_TRAINING = "each once and from one seed: another training may differ by more than these intervals."


def measured(studies: CellStudies | None, choice: Choice) -> None:
    """Four charts, each under its sentence, and the table: of the chosen size and reset."""
    if studies is None or choice.units not in studies.by_size:
        return
    study, cells = studies.by_size[choice.units], choice.cells[::-1]
    with st.container(key="gru_viz_first"):
        upper, lower = st.columns(2, gap="large"), st.columns(2, gap="large")
    with upper[0]:
        _detours(study, cells)
    with upper[1]:
        _gradients(study, cells, choice.units)
    with lower[0]:
        _sizes(studies, cells)
    with lower[1]:
        _leftover(study, cells)
    st.markdown("### What does each cost, and what does it reach?")
    st.html(_table(study, choice.cells))
    st.caption(
        f"Cells of {choice.units} units. Time of one click of one session, measured on {study.machine}. "
        "Recall@10 is on the last tenth of the shop's sessions, as a share of what the process itself "
        f"allows, with its 95 % interval over resampled sessions. {_trained(study, cells)}, {ONE_TRAINING}"
    )


def _detours(study: CellStudy, cells: tuple[str, ...]) -> None:
    from gru_viz.figures.detours import detours_figure

    st.markdown("### Which cell remembers the camera?")
    curves = {name: study.detours[name] for name in (*cells, *OTHERS)}
    by_name = {named(name): curve for name, curve in curves.items()}
    claim, figures = detours_claim(by_name, study.chance), detours_sentence(by_name, study.chance)
    said(claim)
    said(figures, "trust")
    chart(detours_figure(curves, study.chance, theme()), (*claim, Part(" "), *figures))


def _gradients(study: CellStudy, cells: tuple[str, ...], units: int) -> None:
    from gru_viz.figures.gradient_distance import gradient_distance_figure

    st.markdown("### How far back does learning reach?")
    trained = {cell: study.trained[cell] for cell in cells}
    words = gradient_distance_sentence({named(cell): one for cell, one in trained.items()})
    said(words)
    untrained = {cell: study.untrained[cell] for cell in cells}
    chart(gradient_distance_figure(untrained, trained, theme()), words)
    here = Part(f"These cells: {cells_training(units, study)}. ")
    said((here, *of_the_leaderboard(gradients_on_models)), "trust")


def _sizes(studies: CellStudies, cells: tuple[str, ...]) -> None:
    from gru_viz.figures.cell_sizes import cell_sizes_figure

    st.markdown("### How many units does memory take?")
    found = {cell: by_size(studies, cell) for cell in cells}
    guessed = next(iter(studies.by_size.values())).chance
    words = sizes_sentence({named(cell): one for cell, one in found.items()}, guessed)
    said(words)
    chart(cell_sizes_figure(found, guessed, theme()), words)


def _trained(study: CellStudy, cells: tuple[str, ...]) -> str:
    epochs = {cell: study.facts[cell].epochs for cell in cells}
    if len(set(epochs.values())) == 1:
        return f"Each was trained alike, for {epochs[cells[0]]} epochs"
    return f"Trained for {', '.join(f'{n} ({cell_name(cell)})' for cell, n in epochs.items())} epochs"


def _leftover(study: CellStudy, cells: tuple[str, ...]) -> None:
    from gru_viz.figures.leftover import leftover_figure

    st.markdown("### What if the state were not reset between sessions?")
    leftovers = {cell: study.leftover[cell] for cell in cells}
    words = leftover_sentence({named(cell): one for cell, one in leftovers.items()})
    said(words)
    chart(leftover_figure(leftovers, theme()), words)


_HEAD = ("", "Recall@10 of the limit", "Parameters of the cell", "of the model", "Time a click", "Gates")
_NUMBER, _WORDS = 'style="text-align:right"', 'style="text-align:left"'


def _table(study: CellStudy, cells: tuple[str, ...]) -> str:
    head = "".join(f'<th scope="col" {_aligned(place)}>{name}</th>' for place, name in enumerate(_HEAD))
    rows = "".join(_row(cell, study.facts[cell]) for cell in cells)
    return scrolling(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>", "gv-table")


def _aligned(place: int) -> str:
    return _NUMBER if 0 < place < len(_HEAD) - 1 else _WORDS


def _row(cell: str, facts: CellFacts) -> str:
    gates = ", ".join(QUANTITIES[name].name.lower() for name in CELLS[kind(cell)].gates) or "none"
    recall = f"{100 * facts.recall:.1f}{NBSP}% ({100 * facts.low:.1f} to {100 * facts.high:.1f})"
    values = (
        recall,
        f"{facts.recurrent:,}",
        f"{facts.parameters:,}",
        f"{1e6 * facts.step_seconds:.0f}{NBSP}µs",
        gates,
    )
    cells = "".join(f"<td {_aligned(place)}>{escape(value)}</td>" for place, value in enumerate(values, 1))
    return f'<tr><th scope="row">{cell_name(cell)}</th>{cells}</tr>'
