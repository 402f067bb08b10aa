"""Which units matter for this item, measured by taking each one away?

The state of one unit after another is held at 0 at every click and the session is recorded
again: nothing can be read from that unit, neither by the next click nor by the output layer.
An ablation says what changes without the unit in this session, not what the unit stands for;
units that stand in for each other may each look idle alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import outcome
from gru_viz.explain.words import Part, Sentence, number, share, title
from gru_viz.frozen import FrozenArrays
from gru_viz.interventions import Interventions, ablate, within
from gru_viz.trace import Trace
from gru_viz.weights import Weights

# Item indices of several sessions and what is forced in each in, their traces out, in the same
# order: `rerun.last_clicks` or `record_batch` of a model.
ForcedRerun = Callable[[list[np.ndarray], list[Interventions]], list[Trace]]


@dataclass(frozen=True, eq=False)
class Ablation(FrozenArrays):
    """An item with all units, and with one unit of a layer held at 0; (H,) arrays, largest effect first.

    units:              which unit each row is about
    score, probability: with all units; for two items A's minus B's
    score_drop, probability_drop: the same minus its value without the unit; positive where it
                        falls, so that the unit speaks for the item (for A)
    rank, rank_without: 1-based place of the item (of A), with all units and without the unit
    item, against:      A and B; B is None for one item's score
    layer, step:        0-based, from the input side and from the first click

    Rows are sorted by the size of score_drop, ties by unit. A rank is None or NaN where the
    item is behind all kept scores.
    """

    units: np.ndarray
    score: float
    score_drop: np.ndarray
    probability: float
    probability_drop: np.ndarray
    rank: int | None
    rank_without: np.ndarray
    item: int
    against: int | None
    layer: int
    step: int

    def __len__(self) -> int:
        return len(self.units)


def ablation(
    trace: Trace,
    item: int,
    rerun: ForcedRerun,
    against: int | None = None,
    step: int = -1,
    layer: int = -1,
    weights: Weights | None = None,
) -> Ablation:
    """What ablating each unit of `layer` changes for `item` after click `step` (0-based).

    With `against`, for `item` minus `against`. What was forced in the recording stays forced.

    rerun:   called once, with as many sessions as the layer has units; only the last click of
             each trace that comes back is looked at
    weights: finds the score of an item that is behind all kept scores; else that is NaN
    """
    last = range(len(trace))[step]
    layer = range(len(trace.layers))[layer]
    H = trace.layers[layer].units
    given = within(trace.interventions, last + 1)
    sessions = [trace.items[: last + 1]] * H
    without = rerun(sessions, [(*given, ablate([unit], layer=layer)) for unit in range(H)])

    score, probability, rank = outcome(trace, item, against, last, weights)
    left = np.array([outcome(one, item, against, -1, weights) for one in without], dtype=np.float64)
    units = np.argsort(-np.abs(score - left[:, 0]), kind="stable")  # NaN comes last
    left = left[units]
    return Ablation(
        units,
        score,
        score - left[:, 0],
        probability,
        probability - left[:, 1],
        rank,
        left[:, 2],
        item,
        against,
        layer,
        last,
    )


def ablation_sentence(trace: Trace, ablation: Ablation) -> Sentence:
    """Which unit matters most, how much, and whether it is alone in that."""
    what: Sentence = (title(trace, ablation.item),)
    if ablation.against is not None:
        what = (*what, Part(" minus "), title(trace, ablation.against))
    most = float(ablation.score_drop[0])
    if np.isnan(most):
        return (Part("The scores of these items were not kept: they are behind the best ones."),)
    if most == 0:
        return (Part("Holding any one unit at 0 leaves the score of "), *what, Part(" as it is."))
    unit = Part(f"unit {ablation.units[0]}", "number")
    moves = "lowers" if most > 0 else "raises"
    opening = (Part("Holding "), unit, Part(f" at 0 {moves} the score of "), *what, Part(" most, from "))
    scores: Sentence = (number(ablation.score), Part(" to "), number(ablation.score - most))
    if ablation.against is None:
        before = ablation.probability
        after = max(before - float(ablation.probability_drop[0]), 0.0)
        scores = (*scores, Part(" (probability "), share(before), Part(" to "), share(after), Part(")"))
    if len(ablation) == 1:
        return (*opening, *scores, Part("; there is no other unit."))
    half = int((np.abs(ablation.score_drop) >= abs(most) / 2).sum())
    others = Part(f"{half - 1} of {len(ablation) - 1}", "number")
    return (*opening, *scores, Part("; "), others, Part(" other units move it at least half as much."))
