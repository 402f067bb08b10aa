"""What happened at this click, in one plain sentence?

A sentence is a tuple of parts, so that a page can set item titles as text, colour the
quantity's name and make numbers stand out, and a test can read it. The words follow the
house rule: "carried" and "written at", never "caused by" or "the model thinks".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.retention import carried_shares, surviving_writes, units_holding
from gru_viz.trace import LayerTrace, Trace

NBSP = "\u00a0"  # keeps a number and its unit on one line

# Upper end of the mean update gate → what the model does with the click.
WRITING = (
    (0.15, "barely writes"),
    (0.35, "writes a little and keeps most of what it had"),
    (0.65, "mixes old and new"),
    (0.85, "writes most of its memory anew"),
    (1.01, "replaces nearly all of its memory"),
)


@dataclass(frozen=True)
class Part:
    """A piece of a sentence. `kind` is "text", "item", "number" or a quantity ("z", "r", …)."""

    text: str
    kind: str = "text"


Sentence = tuple[Part, ...]


def plain(sentence: Sentence) -> str:
    """The sentence as one text."""
    return "".join(part.text for part in sentence)


def step_sentence(trace: Trace, step: int, layer: int = -1, convention: str = "writes") -> Sentence:
    """What the layer did at click `step` (0-based) and what the model now favours.

    convention: "writes" gives z as in the equations, "keeps" gives 1 - z, as PyTorch does.
    """
    recorded = trace.layers[layer]
    parts = [
        *_writing(trace, recorded, step, convention),
        *(_carrying(trace, recorded, step) if step > 0 else ()),
        *_favouring(trace, step),
    ]
    return tuple(parts)


def _writing(trace: Trace, layer: LayerTrace, step: int, convention: str) -> Sentence:
    mean = float(layer.z[step].mean())
    does = next(words for limit, words in WRITING if mean < limit)
    gate = f"{mean if convention == 'writes' else 1 - mean:.2f}"
    if step == 0:
        return (
            Part("After the first click, "),
            _item(trace, step),
            Part(", all that is in memory was written now ("),
            Part("update gate", "z"),
            Part(" "),
            Part(gate, "number"),
            Part(" on average). "),
        )
    return (
        Part("At "),
        _item(trace, step),
        Part(" the "),
        Part("update gate", "z"),
        Part(" averages "),
        Part(gate, "number"),
        Part(f": the model {does}. "),
    )


def _carrying(trace: Trace, layer: LayerTrace, step: int) -> Sentence:
    """The earlier click that makes up most of the memory, and how much of it is left."""
    left = np.abs(surviving_writes(layer, step)).sum(axis=1)
    earlier = int(np.argmax(left[:-1]))
    share = float(carried_shares(layer, step)[earlier])
    if np.isnan(share):
        return (Part("Nothing written before is carried. "),)
    holding = units_holding(layer, earlier, step)
    return (
        Part(f"{holding} of {layer.units}", "number"),
        Part(f" units still carry at least half of what they wrote at click {earlier + 1}, "),
        _item(trace, earlier),
        Part(" ("),
        Part(percent(share), "number"),
        Part(" of all that was written there). "),
    )


def _favouring(trace: Trace, step: int) -> Sentence:
    best = trace.ranking(step, 1)[0]
    share = department_probability(trace, step)
    if share is None:
        probability = float(trace.probability(np.array([best]), step)[0])
        return (
            Part("Next it favours "),
            Part(trace.catalog.titles[best], "item"),
            Part(" ("),
            Part(percent(probability), "number"),
            Part(")."),
        )
    department, probability = share
    return (
        Part("Next it favours "),
        Part(department, "item"),
        Part(" ("),
        Part(percent(probability), "number"),
        Part("), first "),
        Part(trace.catalog.titles[best], "item"),
        Part("."),
    )


def department_probability(trace: Trace, step: int) -> tuple[str, float] | None:
    """The category with the largest probability after click `step`, and that probability.

    None where the catalogue has no categories or only part of the scores was kept.
    """
    names, codes = trace.catalog.departments
    if trace.scored is not None or len(names) < 2:
        return None
    probability = trace.probability(np.arange(len(codes)), step)
    totals = np.bincount(codes, weights=probability, minlength=len(names))
    totals[[name == "" for name in names]] = 0
    best = int(np.argmax(totals))
    return names[best], float(totals[best])


def percent(share: float) -> str:
    """A share in [0, 1] as whole percent, never rounding something to nothing or to all."""
    if 0 < share < 0.01:
        return f"under 1{NBSP}%"
    if 0.99 < share < 1:
        return f"over 99{NBSP}%"
    return f"{share:.0%}".replace("%", f"{NBSP}%")


def _item(trace: Trace, step: int) -> Part:
    return Part(trace.catalog.titles[trace.items[step]], "item")
