"""What did each epoch's model make of the same session?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import Part, Sentence, percent, title
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace


@dataclass(frozen=True, eq=False)
class Glimpse(FrozenArrays):
    """A few numbers of one epoch's trace, small enough to keep for every epoch.

    ranks:         (T − 1,) rank of the item really clicked next, after each click but the last;
                   0 where only part of the scores was kept and it is not among them
    probabilities: (T − 1,) its probability, 0 there
    update_gate:   (T,) mean z of the top layer at each click; of 1 − keep where a cell has no z
    half_life:     median over the units of the top layer, in clicks, in [0, ∞]
    """

    epoch: int
    ranks: np.ndarray
    probabilities: np.ndarray
    update_gate: np.ndarray
    half_life: float


def glimpse(trace: Trace, epoch: int) -> Glimpse:
    """The numbers of this trace."""
    following = trace.items[1:].tolist()
    ranks = [trace.rank(item, step) or 0 for step, item in enumerate(following)]
    probabilities = [
        float(trace.probability(np.array([item]), step)[0]) if ranks[step] else 0.0
        for step, item in enumerate(following)
    ]
    top = trace.layers[-1]
    return Glimpse(
        epoch,
        np.array(ranks, dtype=np.int64),
        np.array(probabilities, dtype=np.float64),
        (1 - top.keep).mean(axis=1),
        float(np.median(half_lives(top))),
    )


def replay_sentence(trace: Trace, step: int, now: Glimpse, first: Glimpse, best: Glimpse) -> Sentence:
    """Where the really next item stands after click `step` (0-based): now, at first, in the kept epoch."""
    gate = Part(f"{now.update_gate[step]:.2f}", "number")
    if trace.layers[-1].cell == "gru":
        writes: Sentence = (Part(" The "), Part("update gate", "z"), Part(" averages "), gate)
    else:
        writes = (Part(" What is written, 1 − keep, averages "), gate)
    if first.epoch != now.epoch:
        writes += (Part(f", {first.update_gate[step]:.2f} after epoch {first.epoch}"),)
    if step >= len(now.ranks):
        return (Part("After the last click there is no next one to compare with."), *writes, Part("."))
    opening = (
        Part("After epoch "),
        Part(str(now.epoch), "number"),
        Part(", "),
        title(trace, int(trace.items[step + 1])),
        Part(", really clicked next, "),
    )
    stands: Sentence = (Part("stands "), *_stands(now, step))
    others = {other.epoch: other for other in (first, best) if other.epoch != now.epoch}.values()
    beside = tuple(
        part
        for other in others
        for part in (Part("; after epoch "), Part(str(other.epoch)), Part(" "), *_stands(other, step))
    )
    return (*opening, *stands, *beside, Part("."), *writes, Part("."))


def _stands(of: Glimpse, step: int) -> Sentence:
    if not of.ranks[step]:
        return (Part("far down"),)
    chance = percent(float(of.probabilities[step]))
    return (Part("at rank "), Part(f"{of.ranks[step]:,}", "number"), Part(f" ({chance})"))
