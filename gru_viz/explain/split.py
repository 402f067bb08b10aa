"""Memory or click: how much of each recommendation was carried, how much is new?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import readout
from gru_viz.explain.words import Part, Sentence, number, title
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights


@dataclass(frozen=True, eq=False)
class Split(FrozenArrays):
    """The scores of the K best items after a click, each as a sum of three parts; (K,) float64.

    items:  item indices, best first
    memory: keep ⊙ h_{t-1} read out, what was carried through this click
    click:  write read out, what this click added to the state
    bias:   what the item scores with an empty memory
    score:  as recorded; memory + click + bias, up to rounding

    "Click" is not all of the click's doing: its gates also decide how much is carried,
    and the candidate it writes has looked at the old state.
    """

    items: np.ndarray
    memory: np.ndarray
    click: np.ndarray
    bias: np.ndarray
    score: np.ndarray

    def __len__(self) -> int:
        return len(self.items)

    @property
    def residual(self) -> np.ndarray:
        """(K,) recorded score minus the three parts; float32 leaves about 1e-6."""
        return self.score - (self.memory + self.click + self.bias)


def split(trace: Trace, weights: Weights, k: int = 10, step: int = -1) -> Split:
    """The split of the k best items' scores after click `step` (0-based).

    Exact for the top layer, however many there are; with stacked layers its write holds
    what lower layers carried, too. Raises ValueError where the top is not linear.
    """
    items = trace.ranking(step, k)
    top = trace.layers[-1]
    head = readout(weights, items)
    columns = [trace.column(item, step) for item in items]
    return Split(
        items,
        head.weight @ (top.keep[step] * top.h_prev[step]),
        head.weight @ top.write[step],
        head.bias,
        trace.scores[step][columns].astype(np.float64),
    )


def split_sentence(trace: Trace, split: Split) -> Sentence:
    """The three parts of the first item's score, and for how many of the items memory is the larger part."""
    more = int((split.memory > split.click).sum())
    return (
        *(title(trace, int(split.items[0])), Part(" scores "), number(float(split.score[0])), Part(": ")),
        *(number(float(split.memory[0])), Part(" read out of memory, "), number(float(split.click[0]))),
        *(
            Part(" out of what this click wrote, "),
            number(float(split.bias[0])),
            Part(" its bias. Memory adds "),
        ),
        *(Part("more than the click for "), Part(f"{more} of {len(split)}", "number"), Part(" items.")),
    )
