"""What does the browser need to know to step through one session in three cells at once?

Traces in, one JSON-able dictionary out, which holds no step; no Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gru_viz.explain.arithmetic import arithmetic
from gru_viz.explain.beside import beside_sentence
from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import plural
from gru_viz.figures import palette
from gru_viz.trace import Trace
from gru_viz.ui.stepper.payload import described, encode, walk_payload
from gru_viz.weights import LayerWeights, Weights

TOP = 5
SLOW = 8  # of the slowest eighth, the unit that holds most is opened first


@dataclass(frozen=True, eq=False)
class Shown:
    """What stands on one board.

    called: how sentences call it; of: the file or training it is from, nothing where that is clear
    """

    called: str
    trace: Trace
    weights: Weights
    of: str = ""


def beside_payload(shown: Sequence[Shown]) -> dict[str, Any]:
    """Everything that is drawn of these recordings of the same clicks, a kind of cell each; at least one."""
    first = shown[0].trace
    boards = [_board(one) for one in shown]
    listed = [item for board in boards for top in board["tops"] for item in top["items"]]
    called = {one.called: one.trace for one in shown}
    return {
        **walk_payload(first),
        "items": described(first, [*first.items.tolist(), *listed]),
        "boards": boards,
        "sentences": [
            [[part.kind, part.text] for part in beside_sentence(called, step)] for step in range(len(first))
        ],
    }


def _board(shown: Shown) -> dict[str, Any]:
    """The top layer's, which the scores are read from."""
    trace, weights = shown.trace, shown.weights.layers[-1]
    layer, anatomy, cell = trace.layers[-1], weights.anatomy, weights.cell
    lives = half_lives(layer)
    # the slowest unit on top; a vanilla RNN's all forget at once, and stand by their number
    order = np.argsort(-lives, kind="stable")
    slowest = order[: max(1, len(order) // SLOW)]
    return {
        "cell": cell,
        "plan": _plan(weights),
        "name": anatomy.name,
        "gates": _gates(weights),
        "of": shown.of,
        "units": layer.units,
        "state": anatomy.state,
        "quantities": list(layer.quantities()),
        "symbols": {
            name: "c̃" if (cell, name) == ("lstm", "candidate") else palette.QUANTITIES[name].symbol
            for name in layer.quantities()
        },
        "captions": palette.captions(cell),
        "values": {
            **{name: encode(values) for name, values in layer.quantities().items()},
            **_pulled(shown),
        },
        "order": order.tolist(),
        "unit": int(slowest[np.abs(layer.state[:, slowest]).mean(axis=0).argmax()]),
        "tops": [_top(trace, step) for step in range(len(trace))],
    }


def _plan(weights: LayerWeights) -> str:
    """Which diagram it is: where a GRU's reset acts decides how its wires run."""
    return "gru_after" if weights.cell == "gru" and weights.reset == "after" else weights.cell


def _gates(weights: LayerWeights) -> str:
    gates = weights.anatomy.gates
    counted = plural(len(gates), "gate") if gates else "no gate"
    return f"{counted}, reset {weights.reset}" if "r" in gates else counted


def _pulled(shown: Shown) -> dict[str, str]:
    """With reset after, r ⊙ (U h + c): what memory adds to the candidate, on a wire of its own."""
    if _plan(shown.weights.layers[-1]) != "gru_after":
        return {}
    return {"pulled": encode(arithmetic(shown.trace, shown.weights, -1).recurrent[:, -1])}


def _top(trace: Trace, step: int) -> dict[str, Any]:
    items = trace.ranking(step, TOP)
    top: dict[str, Any] = {
        "items": items.tolist(),
        "probabilities": [float(p) for p in trace.probability(items, step)],
    }
    if step + 1 < len(trace):
        clicked = trace.items[step + 1 : step + 2]
        top["clicked"] = int(clicked[0])
        top["rank"] = trace.rank(int(clicked[0]), step)
        top["probability"] = float(np.nan_to_num(trace.probability(clicked, step)[0]))
    return top
