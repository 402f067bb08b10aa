"""Two pages tell of other trainings of the same cells: which training is each, and what did the other find?

A claim about training holds of the trainings it was measured on. So each page names its own, and says in
a line what the other page's came to.
"""

from __future__ import annotations

from gru_viz.anatomy import CELLS
from gru_viz.compare.values import Comparison
from gru_viz.cutoffs import CUTOFF
from gru_viz.explain.cell_studies import SIZES, CellStudies
from gru_viz.explain.cell_study import CellStudy
from gru_viz.explain.claims.memory import CURE, ILL_FIRST
from gru_viz.explain.claims.parts import STARTS, estimated, trained
from gru_viz.explain.claims.training import CLIP
from gru_viz.explain.explosion import Explosion
from gru_viz.explain.gradient_distance import LOST, size
from gru_viz.explain.words import Part, Sentence, plural, share

FROM_RANDOM = STARTS["random"]  # as gru_viz.learn.presets.SHOP_TRAINING has it, which needs torch


# --- for the Models page: what the Cells page found


def on_cells(studies: CellStudies | None, explosion: Explosion | None) -> dict[str, Sentence]:
    """By claim, what the shop's other trainings came to; nothing of what is not there."""
    found: dict[str, Sentence] = {}
    if studies is not None:
        found[CURE] = _cells_gradients(SIZES[0], studies.by_size[SIZES[0]])
    if explosion is not None:
        found[CLIP] = _cells_clipping(explosion)
    return found


def cells_training(units: int, study: CellStudy) -> str:
    """ "64 units, 16 epochs, begun from random numbers" """
    epochs = sorted({facts.epochs for facts in study.facts.values()})
    return f"{plural(units, 'unit')}, {' or '.join(map(str, epochs))} epochs, {FROM_RANDOM}"


def _cells_gradients(units: int, study: CellStudy) -> Sentence:
    medians = {cell: study.trained[cell].median for cell in ILL_FIRST}
    furthest = min(map(len, medians.values())) - 1
    return (
        Part(f"The Cells page has other trainings ({cells_training(units, study)}): "),
        Part(f"over {plural(furthest, 'click')} the median there is "),
        *_by_cell({cell: float(median[furthest]) for cell, median in medians.items()}),
        Part("."),
    )


def _cells_clipping(found: Explosion) -> Sentence:
    setting, pair = found.setting, found.pairs["rnn"]
    return (
        Part(
            "The Cells page has a training that is made to explode (a vanilla RNN of "
            f"{plural(setting.units, 'unit')}, its recurrent weights times {setting.scale:g} at the start, "
            f"plain gradient descent at a rate of {setting.rate:g}): "
        ),
        share(pair.clipped.recall),
        Part(f" of the limit in Recall@10 with a clip of {setting.clip:g}, "),
        share(pair.free.recall),
        Part(" without."),
    )


# --- for the Cells page: what the Models page found


def gradients_on_models(found: Comparison) -> Sentence | None:
    """What is left of the gradient in the leaderboard's trainings; None where that was not measured."""
    measured = None if found.experiments is None else found.experiments.gradients
    if measured is None:
        return None
    cells = {one.cell: one.furthest.value for one in measured.cells}
    return (
        Part(f"{_leaderboards(found)}: over {plural(measured.distance, 'click')} the median there is "),
        *_by_cell({cell: cells[cell] for cell in ILL_FIRST if cell in cells}),
        Part("."),
    )


def clipping_on_models(found: Comparison) -> Sentence | None:
    """What is lost without the clip in the leaderboard's trainings; None where that was not measured."""
    tried = {} if found.experiments is None else {one.cell: one for one in found.experiments.clipping}
    parts: list[Part] = []
    for cell in ILL_FIRST:
        if cell in tried:
            loss = tried[cell].loss
            parts.append(Part(", " if parts else ""))
            parts += [Part("all")] if loss is None else estimated(loss)
            parts.append(Part(f" with the {CELLS[cell].name}"))
    if not parts:
        return None
    clip = next(iter(tried.values())).clip
    return (
        Part(f"{_leaderboards(found)}: without its clip of {clip:g} the loss in Recall@{CUTOFF} is "),
        *parts,
        Part("."),
    )


def _leaderboards(found: Comparison) -> str:
    how = trained(found)
    return f"The Models page, “Do the textbooks hold?”, has other trainings{f' ({how})' if how else ''}"


# --- for both


def _by_cell(left: dict[str, float]) -> Sentence:
    """ "0.56 in the GRU, 3 × 10⁻⁸ in the vanilla RNN: lost" """
    parts: list[Part] = []
    for cell, value in left.items():
        parts += [
            Part(", " if parts else ""),
            Part(size(value), "number"),
            Part(f" in the {CELLS[cell].name}{': lost' if value < LOST else ''}"),
        ]
    return tuple(parts)
