"""What would the model recommend from its memory alone, from the click alone, from the blend?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import decoded
from gru_viz.explain.words import Part, Sentence, in_top_layer, share, title
from gru_viz.explain.words import click as click_words
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import Trace
from gru_viz.weights import Weights

STATES = ("memory", "click", "blend")  # the state that the click looks at, the candidate h̃_t, h_t


@dataclass(frozen=True, eq=False)
class Lens(FrozenArrays):
    """Three states of the top layer at one click, each decoded through the output layer.

    items:       (3, K) item indices, best first; rows in the order of STATES
    probability: (3, K) softmax over the whole catalogue
    step:        the click, 0-based
    """

    items: np.ndarray
    probability: np.ndarray
    step: int


def lens(trace: Trace, weights: Weights, k: int = 5, step: int = -1) -> Lens:
    """The k best items from each of the three states at click `step` (0-based).

    The candidate has looked at the memory through the reset gate, so "the click alone" is
    not free of it; and the blend mixes the two unit by unit, so its list need not lie between.
    K is k, or fewer where the catalogue is smaller.
    """
    last = range(len(trace))[step]
    top = trace.layers[-1]
    states = np.stack([top.seen[last], top.candidate[last], top.h[last]])
    lists = decoded(trace, weights, states)
    items = np.stack([lists.ranking(row, k) for row in range(len(STATES))])
    probability = np.stack([lists.probability(items[row], row) for row in range(len(STATES))])
    return Lens(items, probability, last)


# --- words


def lens_sentence(trace: Trace, lens: Lens) -> Sentence:
    """What memory, click and blend each put first, and whether the blend's first is one of theirs."""
    at = click_words(trace, lens.step)
    memory_words = f"Memory{in_top_layer(trace)} alone"
    empty = not trace.layers[-1].seen[lens.step].any()
    memory, click, blend = (_first(lens, row) for row in range(len(STATES)))
    if blend is not None and memory == click == blend and not empty:
        shares = [share(float(p)) for p in lens.probability[:, 0]]
        return (
            *(Part(f"{memory_words}, "), *at, Part(", alone and their blend all put "), title(trace, blend)),
            *(Part(" first ("), shares[0], Part(", "), shares[1], Part(" and "), shares[2], Part(").")),
        )
    if empty:
        before = (
            Part("Before "),
            *at,
            Part(f", the memory{in_top_layer(trace)} is empty and"),
            *_puts(trace, lens, 0),
        )
        opening = (*before, Part(", in this session as in any; the click alone"))
    else:
        opening = (Part(memory_words), *_puts(trace, lens, 0), Part("; "), *at, Part(", alone"))
    blended = (Part("; the blend"), *_puts(trace, lens, 2), Part(f"{_whose(memory, click, blend)}."))
    return (*opening, *_puts(trace, lens, 1), *blended)


def lens_list(trace: Trace, lens: Lens, row: int) -> Sentence:
    """One of the lists in words: its items and their probabilities, best first; rows as in STATES."""
    opening = Part(("From the memory alone: ", "From the click alone: ", "From their blend: ")[row])
    said = [
        part
        for item, probability in zip(lens.items[row].tolist(), lens.probability[row].tolist(), strict=True)
        for part in (title(trace, item), Part(" ("), share(probability), Part("), "))
    ]
    return (opening, *said[:-1], Part(")."))


def _first(lens: Lens, row: int) -> int | None:
    """The item that is first on its own; None where the second has the same probability."""
    tied = lens.items.shape[1] > 1 and lens.probability[row, 0] == lens.probability[row, 1]
    return None if tied else int(lens.items[row, 0])


def _puts(trace: Trace, lens: Lens, row: int) -> Sentence:
    first = _first(lens, row)
    if first is None:
        return (Part(" puts no single item first"),)
    probability = share(float(lens.probability[row, 0]))
    return (Part(" puts "), title(trace, first), Part(" ("), probability, Part(") first"))


def _whose(memory: int | None, click: int | None, blend: int | None) -> str:
    if blend is None:
        return ""
    if memory == click == blend:
        return ", as both do"
    return {memory: ", as memory does", click: ", as the click does"}.get(blend, ", which neither does")
