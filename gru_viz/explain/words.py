"""What happened at this click, in one plain sentence?

A sentence is a tuple of parts, so that a page can set item titles as text, colour the
quantity's name and make numbers stand out, and a test can read it. The words follow the
house rule: "carried" and "written at", never "caused by" or "the model thinks".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.explain.retention import remains
from gru_viz.trace import LayerTrace, Trace

NBSP = "\u00a0"  # keeps a number and its unit on one line

# Upper end of the mean update gate → what happens to the memory.
WRITING = (
    (0.15, "almost nothing is written"),
    (0.35, "a little is written, most is kept"),
    (0.65, "old and new are mixed"),
    (0.85, "most of the memory is written anew"),
    (1.01, "nearly all of the memory is written anew"),
)
RISE = 10  # a new first item that was behind this rank a click before is said to have risen


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
    """What is carried after click `step` (0-based), what the model favours next, how much was written.

    convention: "writes" gives z as in the equations, "keeps" gives 1 - z, as PyTorch does.
    """
    return (*step_lead(trace, step, layer), *gate_sentence(trace, step, layer, convention))


def step_lead(trace: Trace, step: int, layer: int = -1) -> Sentence:
    """The part of `step_sentence` that is the same in both conventions."""
    opening: Sentence
    if step == 0:
        opening = (
            Part("All that is in memory now was written at the first click, "),
            _item(trace, 0),
            Part(". "),
        )
    else:
        opening = _carrying(trace, trace.layers[layer], step)
    return (*opening, *_favouring(trace, step))


def gate_sentence(trace: Trace, step: int, layer: int, convention: str) -> Sentence:
    """How far the update gate was open at click `step`."""
    mean = float(trace.layers[layer].z[step].mean())
    does = next(words for limit, words in WRITING if mean < limit)
    said: Sentence
    if convention == "writes":
        said = (Part(" averages "), Part(f"{mean:.2f}", "number"))
    else:
        said = (Part(" lets "), Part(f"{1 - mean:.2f}", "number"), Part(" of the old through on average"))
    return (Part(" The "), Part("update gate", "z"), *said, Part(f": {does}."))


def _carrying(trace: Trace, layer: LayerTrace, step: int) -> Sentence:
    """How much is left of the earlier click that has most left in memory.

    Where there are older ones the click just before is left out: that it is still there
    tells nothing about memory.
    """
    now = remains(layer, step)
    left = np.abs(now.surviving).sum(axis=1)
    earlier = int(np.argmax(left[: max(step - 1, 1)]))
    share = float(now.shares[earlier])
    at = Part("At ")
    if np.isnan(share):
        return (at, _item(trace, step), Part(", nothing written before is carried. "))
    return (
        at,
        _item(trace, step),
        Part(", "),
        Part(percent(share), "number"),
        Part(f" of what was written at click {earlier + 1}, "),
        _item(trace, earlier),
        Part(", is still carried; "),
        Part(f"{now.holding(earlier)} of {layer.units}", "number"),
        Part(" units hold at least half of theirs. "),
    )


def _favouring(trace: Trace, step: int) -> Sentence:
    best = int(trace.ranking(step, 1)[0])
    item = Part(trace.catalog.titles[best], "item")
    probability = Part(percent(float(trace.probability(np.array([best]), step)[0])), "number")
    before = trace.rank(best, step - 1) if step > 0 else None
    rise = (Part(f", up from rank {before}"),) if before is not None and before > RISE else ()
    leading = department_probability(trace, step)
    if leading is None:
        return (Part("Next it favours "), item, Part(" ("), probability, Part(")"), *rise, Part("."))
    department, share = Part(leading[0], "item"), Part(percent(leading[1]), "number")
    if leading[0] == trace.catalog.categories[best]:
        opening = (Part("Next it favours "), department, Part(" ("), share, Part("), first "))
        return (*opening, item, Part(" ("), probability, Part(")"), *rise, Part("."))
    return (
        *(Part("First comes "), item, Part(" ("), probability, Part(")"), *rise),
        *(Part("; as a department "), department, Part(" leads ("), share, Part(").")),
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
