"""What does the browser need to draw the variants of a session and what changed?

A scene in, one JSON-able dictionary out; no Streamlit. All that is drawn comes from here, so
that one edit is one event, one run of the page and one picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gru_viz.explain.changes import distance_sentence, held_differences, same_clicks
from gru_viz.explain.words import plain
from gru_viz.figures import palette
from gru_viz.interventions import words
from gru_viz.trace import Trace
from gru_viz.ui.editor.forcing import offered
from gru_viz.ui.editor.scene import Scene, scene_sentence
from gru_viz.ui.stepper.payload import described, encode
from gru_viz.ui.variants import name
from gru_viz.ui.view import MOST_VARIANTS


def payload(scene: Scene, layer: int, convention: str = "writes", quantity: str = "h") -> dict[str, Any]:
    """Everything the editor draws.

    layer, quantity: whose differences are drawn; the state's where the cell has no such quantity
    """
    changes = scene.changes
    clicks = [item for trace in scene.traces for item in trace.items.tolist()]
    return {
        "items": described(scene.variant, [*clicks, *changes.items.tolist(), changes.item]),
        "variants": [_variant(scene, number, convention) for number in range(len(scene.traces))],
        "shown": scene.shown,
        "pinned": scene.pinned,
        "full": len(scene.traces) > MOST_VARIANTS,
        "steps": list(scene.steps),
        "list": _list(scene),
        "followed": changes.item,
        "courses": [_course(trace, changes.item) for trace in scene.traces],
        "held": _held(scene, layer, convention, quantity),
        "offered": offered(scene.variant.layers[layer].cell, convention == "keeps"),
        "units": [held.units for held in scene.variant.layers],
        "layer": layer,
        "distance": plain(distance_sentence(changes)),
        "spoken": plain(scene_sentence(scene)),
        "legend": {
            "variants": palette.VARIANTS,
            "categories": palette.CATEGORIES,
            "diverging": palette.DIVERGING,
            "clicked": palette.CLICKED,
            "fallen": {
                "light": palette.QUANTITIES["candidate"].light,
                "dark": palette.QUANTITIES["candidate"].dark,
            },
        },
    }


def _variant(scene: Scene, number: int, convention: str) -> dict[str, Any]:
    """One row of cards: its clicks, which of them the reference has, too, and what is forced where."""
    trace, T = scene.traces[number], len(scene.traces[number])
    same = set(same_clicks(scene.reference.items, trace.items)[:, 1].tolist())
    touched = np.zeros(T, dtype=bool)
    for one in trace.interventions:
        first, last = (0, T - 1) if one.clicks is None else one.clicks
        touched[first : last + 1] = True
    return {
        "name": name(number),
        "clicks": trace.items.tolist(),
        "changed": [t not in same for t in range(T)],
        "touched": touched.tolist(),
        "forced": [words(one, convention) for one in trace.interventions],
    }


def _list(scene: Scene) -> dict[str, Any]:
    """The best items of both, with their ranks and probabilities: of the reference, of the one shown."""
    changes = scene.changes
    return {
        "k": changes.k,
        "items": changes.items.tolist(),
        "ranks": [[_number(rank) for rank in row] for row in changes.rank.tolist()],
        "probabilities": [[_number(p) for p in row] for row in changes.probability.tolist()],
    }


def _course(trace: Trace, item: int) -> list[float | None]:
    """The probability of the item after every click; None where its score was not kept."""
    asked = np.array([item])
    return [_number(float(trace.probability(asked, step)[0])) for step in range(len(trace))]


def _held(scene: Scene, layer: int, convention: str, quantity: str) -> dict[str, Any]:
    """What a gate or state of the one shown is above or below the reference's, up to the compared clicks."""
    ours, theirs = (
        trace.prefix(step + 1)
        for trace, step in zip((scene.reference, scene.variant), scene.steps, strict=True)
    )
    differences = held_differences(ours, theirs, layer)
    chosen = quantity if quantity in differences.values else "h"
    values = differences.values[chosen]
    keeps = chosen == "z" and convention == "keeps"
    return {
        "clicks": differences.clicks[:, 1].tolist(),
        "values": encode(-values if keeps else values),  # 1 − z differs by as much the other way
        "units": theirs.layers[layer].units,
        "quantity": chosen,
        "keeps": keeps,
        "choices": [
            {"name": name, "symbol": palette.QUANTITIES[name].symbol, "title": palette.QUANTITIES[name].name}
            for name in differences.values
        ],
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
