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

from gru_viz.explain.readout import standing
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

    Holding a unit at 0 moves the scores of all items, most of which no list shows. What a reader
    of the list sees is `drop`, as of a deleted click: see `Deletion`.

    units:              which unit each row is about
    drop:               by how much the item falls without the unit, in nats: one item's
                        log-probability; of two items their difference of scores, which is their
                        log-odds. Positive where it falls, so that the unit speaks for the item (for A)
    score, probability: with all units; for two items A's minus B's
    score_drop, probability_drop: the same minus its value without the unit
    rank, rank_without: 1-based place of the item (of A), with all units and without the unit
    item, against:      A and B; B is None for one item
    layer, step:        0-based, from the input side and from the first click

    Rows are sorted by the size of drop, ties by unit. A rank is None or NaN where the
    item is behind all kept scores.
    """

    units: np.ndarray
    drop: np.ndarray
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

    whole = standing(trace, item, against, last, weights)
    left = np.array([standing(one, item, against, -1, weights) for one in without], dtype=np.float64)
    score, log_probability, probability, rank = left.T
    score_drop = whole.score - score
    drop = score_drop if against is not None else whole.log_probability - log_probability
    order = np.argsort(-np.abs(drop), kind="stable")  # NaN comes last
    return Ablation(
        order,
        drop[order],
        whole.score,
        score_drop[order],
        whole.probability,
        (whole.probability - probability)[order],
        whole.rank,
        rank[order],
        item,
        against,
        layer,
        last,
    )


def ablation_sentence(trace: Trace, ablation: Ablation) -> Sentence:
    """Which unit matters most, how much, and whether it is alone in that."""
    alone = ablation.against is None
    what: Sentence = (title(trace, ablation.item),)
    if ablation.against is not None:
        what = (*what, Part(" against "), title(trace, ablation.against))
    most = float(ablation.drop[0])
    if np.isnan(most):
        return (Part("The scores of these items were not kept: they are behind the best ones."),)
    if most == 0:
        return (Part("Holding any one unit at 0 leaves "), *what, Part(" as it is."))
    unit = Part(f"unit {ablation.units[0]}", "number")
    moves = "lowers" if most > 0 else "raises"
    opening = (Part("Holding "), unit, Part(f" at 0 {moves} "), *what, Part(" most, "))
    moved = (*opening, *(_probabilities(ablation) if alone else _scores(ablation)))
    if len(ablation) == 1:
        return (*moved, Part("; there is no other unit."))
    half = int((np.abs(ablation.drop) >= abs(most) / 2).sum())
    others = Part(f"{half - 1} of {len(ablation) - 1}", "number")
    return (*moved, Part("; "), others, Part(" other units move it at least half as much."))


def _probabilities(ablation: Ablation) -> Sentence:
    """ "from 42 % to 9 % (by 1.51 nats)", of the first row; or "by 0.04 nats, at under 1 %"."""
    before = ablation.probability
    after = min(max(before - float(ablation.probability_drop[0]), 0.0), 1.0)
    by = number(abs(float(ablation.drop[0])))
    if share(before) == share(after):
        return (Part("by "), by, Part(" nats, at "), share(before))
    return (Part("from "), share(before), Part(" to "), share(after), Part(" (by "), by, Part(" nats)"))


def _scores(ablation: Ablation) -> Sentence:
    """ "from 0.25 to −1.00 in score", of the first row."""
    after = number(ablation.score - float(ablation.drop[0]))
    return (Part("from "), number(ablation.score), Part(" to "), after, Part(" in score"))
