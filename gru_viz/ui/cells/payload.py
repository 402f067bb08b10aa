"""What does the browser need to know to step through one session in three cells at once?

Traces in, one JSON-able dictionary out, which holds no step; no Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gru_viz.anatomy import CELLS
from gru_viz.explain.beside import beside_sentence
from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import plural
from gru_viz.figures import palette
from gru_viz.trace import Trace
from gru_viz.ui.stepper.payload import described, encode, walk_payload

TOP = 5
SLOW = 8  # of the slowest eighth, the unit that holds most is opened first


def beside_payload(traces: Mapping[str, Trace], named: Mapping[str, str]) -> dict[str, Any]:
    """Everything that is drawn of these traces of the same clicks, one a cell.

    named: how sentences call each of them
    """
    first = next(iter(traces.values()))
    boards = [_board(cell, trace) for cell, trace in traces.items()]
    shown = [item for board in boards for top in board["tops"] for item in top["items"]]
    called = {named[cell]: trace for cell, trace in traces.items()}
    return {
        **walk_payload(first),
        "items": described(first, [*first.items.tolist(), *shown]),
        "boards": boards,
        "sentences": [
            [[part.kind, part.text] for part in beside_sentence(called, step)] for step in range(len(first))
        ],
    }


def _board(cell: str, trace: Trace) -> dict[str, Any]:
    layer, anatomy = trace.layers[-1], CELLS[cell]
    lives = half_lives(layer)
    # the slowest unit on top; a vanilla RNN's all forget at once, and stand by their number
    order = np.argsort(-lives, kind="stable")
    slowest = order[: max(1, len(order) // SLOW)]
    gates = plural(len(anatomy.gates), "gate") if anatomy.gates else "no gate"
    return {
        "cell": cell,
        "name": anatomy.name,
        "gates": gates,
        "units": layer.units,
        "state": anatomy.state,
        "quantities": list(layer.quantities()),
        "symbols": {
            name: "c̃" if (cell, name) == ("lstm", "candidate") else palette.QUANTITIES[name].symbol
            for name in layer.quantities()
        },
        "captions": palette.captions(cell),
        "values": {name: encode(values) for name, values in layer.quantities().items()},
        "order": order.tolist(),
        "unit": int(slowest[np.abs(layer.state[:, slowest]).mean(axis=0).argmax()]),
        "tops": [_top(trace, step) for step in range(len(trace))],
    }


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
