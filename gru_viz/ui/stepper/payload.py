"""What does the browser need to know to step through this trace on its own?

A trace (for the stepper the model's weights, too) in, one JSON-able dictionary out; no
Streamlit. Big arrays travel as base64 of little-endian float32, so what the browser shows
is what was recorded, digit for digit. Neither dictionary holds a step: the same trace gives
the same bytes, which Streamlit then sends only once.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import numpy as np

from gru_viz.explain.arithmetic import arithmetic
from gru_viz.explain.push import Pushes
from gru_viz.explain.retention import half_lives
from gru_viz.explain.words import Sentence, gate_sentence, heatmaps_words, step_lead
from gru_viz.figures import palette
from gru_viz.trace import Trace
from gru_viz.ui.stepper.digits import digits
from gru_viz.weights import Weights

TOP = 10


def walk_payload(trace: Trace) -> dict[str, Any]:
    """What the walk draws of a trace: its clicks, their items, the colours; no recorded array."""
    return {
        "clicks": trace.items.tolist(),
        "items": described(trace, trace.items.tolist()),
        "legend": legend(trace.layers[-1].cell),
    }


def payload(trace: Trace, weights: Weights, layer: int, pushes: Pushes | None) -> dict[str, Any]:
    """Everything the stepper draws for one layer of a trace.

    pushes: which items a unit of the top layer pushes, `explain.push.pushes(weights)`
    """
    recorded = trace.layers[layer]
    sums = arithmetic(trace, weights, layer)
    if layer < len(trace.layers) - 1:
        pushes = None  # only the top layer reaches the scores directly
    tops = [_next_items(trace, step) for step in range(len(trace))]
    firsts = _distinct(step["items"][0] for step in tops)
    named = [*trace.items.tolist(), *(i for step in tops for i in step["items"])]
    if pushes is not None:
        named += [*pushes.up.ravel().tolist(), *pushes.down.ravel().tolist()]
    return {
        "clicks": trace.items.tolist(),
        "units": recorded.units,
        "layer": layer,
        "layers": len(trace.layers),
        "reset": sums.reset,
        "cell": recorded.cell,
        "blocks": recorded.anatomy.blocks,
        "quantities": list(recorded.quantities()),
        "items": described(trace, named),
        "tops": tops,
        "sentences": {
            "lead": [_spoken(step_lead(trace, step, layer)) for step in range(len(trace))],
            **{
                convention: [
                    _spoken(gate_sentence(trace, step, layer, convention)) for step in range(len(trace))
                ]
                for convention in ("writes", "keeps")
            },
        },
        "reading": heatmaps_words(recorded),
        "values": {name: encode(values) for name, values in recorded.quantities().items()},
        "input": encode(sums.input),
        "recurrent": encode(sums.recurrent),
        "bias": encode(sums.bias),
        "digits": {name: encode_bytes(counts) for name, counts in vars(digits(recorded, sums)).items()},
        "half_lives": [None if np.isinf(v) else round(float(v), 2) for v in half_lives(recorded)],
        "readout": pushes
        and {"items": firsts, "rows": encode(weights.readout(np.array(firsts, dtype=np.int64)))},
        "pushes": pushes and {"up": pushes.up.tolist(), "down": pushes.down.tolist()},
        "legend": legend(recorded.cell),
    }


def _next_items(trace: Trace, step: int) -> dict[str, Any]:
    """The recommendations after one click, each with its rank one click before, and the real next click."""
    items = trace.ranking(step, TOP)
    before = [trace.rank(int(i), step - 1) for i in items] if step > 0 else [None] * len(items)
    result: dict[str, Any] = {
        "items": items.tolist(),
        "probabilities": [float(p) for p in trace.probability(items, step)],
        "before": before,
    }
    if step + 1 < len(trace):
        item = int(trace.items[step + 1])
        result["clicked"] = {
            "item": item,
            "rank": trace.rank(item, step),
            "before": trace.rank(item, step - 1) if step > 0 else None,
        }
        if result["clicked"]["rank"] is not None:
            result["clicked"]["probability"] = float(trace.probability(np.array([item]), step)[0])
    return result


def _spoken(sentence: Sentence) -> list[list[str]]:
    return [[part.kind, part.text] for part in sentence]


def described(trace: Trace, indices: Iterable[int]) -> dict[str, dict[str, Any]]:
    """Id, title and department of each of these items, by its index."""
    catalog = trace.catalog
    _, departments = catalog.departments
    return {
        str(i): {
            "id": catalog.ids[i],
            "title": catalog.titles[i],
            "category": catalog.categories[i],
            "colour": int(departments[i]),
        }
        for i in _distinct(indices)
    }


def legend(cell: str = "gru") -> dict[str, Any]:
    """Names, captions, colours and ranges, so that the palette has one home."""
    captions = palette.captions(cell)
    return {
        "quantities": {
            name: {
                "symbol": q.symbol,
                "name": q.name,
                "caption": captions[name],
                "light": q.light,
                "dark": q.dark,
                "low": q.low,
                "high": q.high,
            }
            for name, q in palette.QUANTITIES.items()
        },
        "keeps_caption": palette.Z_KEEPS_CAPTION,
        "diverging": palette.DIVERGING,
        "clicked": palette.CLICKED,
        "categories": palette.CATEGORIES,
    }


def _distinct(values: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(values))


def encode(array: np.ndarray) -> str:
    """An array as base64 of little-endian float32."""
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode("ascii")


def encode_bytes(array: np.ndarray) -> str:
    """An array of numbers below 256 as base64, a byte each."""
    return base64.b64encode(np.ascontiguousarray(array, dtype=np.uint8).tobytes()).decode("ascii")
