"""Memory or click: how much of each recommendation was carried, how much is new?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import readout, score_of
from gru_viz.explain.words import Part, Sentence, number, title
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class Split(FrozenArrays):
    """The scores of K items after a click, each as a sum of three parts; (K,) float64.

    items:  item indices, best first, then those asked for that are not among the best
    memory: keep ⊙ state_{t-1} read out, what was carried through this click
    click:  write read out, what this click added to the state
    bias:   what the item scores with an empty memory
    score:  as recorded; memory + click + bias, up to rounding
    rank:   1-based place of the item, NaN where it is behind all kept scores
    row:    which of the K the sentence speaks of

    "Click" is not all of the click's doing: its gates also decide how much is carried,
    and the candidate it writes has looked at the old state.
    """

    items: np.ndarray
    memory: np.ndarray
    click: np.ndarray
    bias: np.ndarray
    score: np.ndarray
    rank: np.ndarray
    row: int = 0

    def __len__(self) -> int:
        return len(self.items)

    @property
    def residual(self) -> np.ndarray:
        """(K,) recorded score minus the three parts; float32 leaves about 1e-6."""
        return self.score - (self.memory + self.click + self.bias)


def split(trace: Trace, weights: Weights, k: int = 10, step: int = -1, also: tuple[int, ...] = ()) -> Split:
    """The split of the k best items' scores after click `step` (0-based), and of those in `also`.

    The sentence speaks of the first of `also`, else of the best item. Exact for the top layer,
    however many there are; with stacked layers its write holds what lower layers carried, too.
    Raises ValueError where the top is not linear.
    """
    best = trace.ranking(step, k)
    more = [item for item in dict.fromkeys(also) if item not in best]
    items = np.array([*best, *more], dtype=np.int64)
    top = trace.layers[-1]
    head = readout(weights, items)
    shown = head.weight * top.shown[step]
    ranks = [trace.rank(item, step) for item in items.tolist()]
    return Split(
        items,
        shown @ (top.keep[step] * top.state_prev[step]),
        shown @ top.write[step],
        head.bias,
        np.array([score_of(trace, item, None, step, weights) for item in items.tolist()]),
        np.array([np.nan if rank is None else rank for rank in ranks], dtype=np.float64),
        items.tolist().index(also[0]) if also else 0,
    )


def split_sentence(trace: Trace, split: Split) -> Sentence:
    """The three parts of one item's score, and for how many of the items the click is the larger part."""
    row = split.row
    if trace.layers[-1].cell == "rnn":
        return _all_anew(trace, split)
    score, memory, click, bias = (
        number(float(values[row])) for values in (split.score, split.memory, split.click, split.bias)
    )
    looked = ", which had looked at the memory" if split.memory.any() else ""
    return (
        *(Part("Of "), title(trace, int(split.items[row])), Part("'s score of "), score, Part(", ")),
        *(memory, Part(" was carried in memory and "), click),
        *(Part(f" was written at this click{looked}; "), bias, Part(" is the item's bias.")),
        *_larger(split),
    )


def _all_anew(trace: Trace, split: Split) -> Sentence:
    """Of a vanilla RNN, where the sum is the same whatever the session: it keeps nothing as it was."""
    score, click, bias = (number(float(part[split.row])) for part in (split.score, split.click, split.bias))
    return (
        *(Part("Of "), title(trace, int(split.items[split.row])), Part("'s score of "), score, Part(", ")),
        *(click, Part(" was written at this click, "), bias, Part(" is the item's bias.")),
        Part(" A vanilla RNN writes all of its state anew, memory included: it cannot be told apart here."),
    )


def _larger(split: Split) -> Sentence:
    more, items = int((split.click > split.memory).sum()), len(split)
    if items == 1:
        return (Part(f" This click wrote {'more' if more else 'no more'} than was carried for it."),)
    count = f"{more} of {items}" if 0 < more < items else f"{'all' if more else 'none of the'} {items}"
    return (Part(" This click wrote more than was carried for "), Part(count, "number"), Part(" items."))
