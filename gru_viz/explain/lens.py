"""What would the model recommend from its memory alone, from the click alone, from the blend?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.readout import decoded
from gru_viz.explain.words import Part, Sentence, in_top_layer, share, title
from gru_viz.explain.words import click as click_words
from gru_viz.frozen import FrozenArrays
from gru_viz.trace import LayerTrace, Trace
from gru_viz.weights import Weights

STATES = ("memory", "click", "blend")


def states_of(cell: str) -> tuple[str, ...]:
    """Which of STATES a cell has: what a click of a vanilla RNN proposes is its whole state."""
    return ("memory", "blend") if cell == "rnn" else STATES


@dataclass(frozen=True, eq=False)
class Lens(FrozenArrays):
    """Two or three states of the top layer at one click, each decoded through the output layer.

    items:       (S, K) item indices, best first; rows in the order of `states`
    probability: (S, K) softmax over the whole catalogue
    step:        the click, 0-based
    cell:        whose states these are, a key of `anatomy.CELLS`
    """

    items: np.ndarray
    probability: np.ndarray
    step: int
    cell: str = "gru"

    @property
    def states(self) -> tuple[str, ...]:
        return states_of(self.cell)


def lens(trace: Trace, weights: Weights, k: int = 5, step: int = -1) -> Lens:
    """The k best items from each of the states at click `step` (0-based).

    memory: h_{t-1}, which the click looks at
    click:  the candidate h̃_t of a GRU, the state if its z were 1; o_t ⊙ tanh(c̃_t) of an LSTM, what
            it would show if its f were 0 and its i 1. A vanilla RNN has none
    blend:  h_t

    The candidate has looked at the memory, so "the click alone" is not free of it; and the
    blend mixes the two unit by unit, so its list need not lie between.
    K is k, or fewer where the catalogue is smaller.
    """
    last = range(len(trace))[step]
    top = trace.layers[-1]
    held = {"memory": top.seen[last], "click": _alone(top, last), "blend": top.h[last]}
    rows = states_of(top.cell)
    lists = decoded(trace, weights, np.stack([held[name] for name in rows]))
    items = np.stack([lists.ranking(row, k) for row in range(len(rows))])
    probability = np.stack([lists.probability(items[row], row) for row in range(len(rows))])
    return Lens(items, probability, last, top.cell)


def _alone(layer: LayerTrace, step: int) -> np.ndarray:
    """(H,) what the click would have read out if nothing were kept and all of its candidate written."""
    candidate = layer.candidate[step]
    return layer.gates["o"][step] * np.tanh(candidate) if layer.cell == "lstm" else candidate


# --- words


def lens_sentence(trace: Trace, lens: Lens) -> Sentence:
    """What memory, click and blend each put first, and whether the blend's first is one of theirs."""
    if "click" not in lens.states:
        return _two_states(trace, lens)
    at = click_words(trace, lens.step)
    memory, click, blend = (_first(lens, row) for row in range(len(lens.states)))
    if blend is not None and memory == click == blend and not _empty(trace, lens):
        shares = [share(float(p)) for p in lens.probability[:, 0]]
        return (
            *(Part(f"{_memory(trace)}, "), *at, Part(", alone and their blend all put ")),
            *(title(trace, blend), Part(" first ("), shares[0], Part(", "), shares[1]),
            *(Part(" and "), shares[2], Part(").")),
        )
    alone = (Part("; the click alone"),) if _empty(trace, lens) else (Part("; "), *at, Part(", alone"))
    opening = (*_memory_puts(trace, lens), *alone, *_puts(trace, lens, 1))
    return (*opening, Part("; the blend"), *_puts(trace, lens, 2), Part(f"{_whose(memory, click, blend)}."))


def _two_states(trace: Trace, lens: Lens) -> Sentence:
    """Of a cell whose click proposes the whole state."""
    after = (Part("it"),) if _empty(trace, lens) else (*click_words(trace, lens.step), Part(","))
    return (
        *(*_memory_puts(trace, lens), Part("; the state after "), *after, *_puts(trace, lens, 1)),
        Part(". A vanilla RNN writes it anew: no list is the click's alone."),
    )


def _memory_puts(trace: Trace, lens: Lens) -> Sentence:
    """What is first before the click; an empty memory says nothing of this session."""
    if not _empty(trace, lens):
        return (Part(_memory(trace)), *_puts(trace, lens, 0))
    empty = Part(f", the memory{in_top_layer(trace)} is empty and")
    first = (Part("Before "), *click_words(trace, lens.step), empty, *_puts(trace, lens, 0))
    return (*first, Part(", in this session as in any"))


def _memory(trace: Trace) -> str:
    return f"Memory{in_top_layer(trace)} alone"


def _empty(trace: Trace, lens: Lens) -> bool:
    return not trace.layers[-1].seen[lens.step].any()


def lens_list(trace: Trace, lens: Lens, row: int) -> Sentence:
    """One of the lists in words: its items and their probabilities, best first; rows as in `states`."""
    blend = "their blend" if "click" in lens.states else "the state after the click"
    names = {"memory": "the memory alone", "click": "the click alone", "blend": blend}
    opening = Part(f"From {names[lens.states[row]]}: ")
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
