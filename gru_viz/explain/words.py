"""What happened at this click, in one plain sentence?

A sentence is a tuple of parts, so that a page can set item titles as text, colour the
quantity's name and make numbers stand out, and a test can read it. The words follow the
house rule: "carried" and "written at", never "caused by" or "the model thinks".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gru_viz.anatomy import CELLS
from gru_viz.explain.remains import remains
from gru_viz.plain_text import shorten
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
# The gate that decides how much of the memory stays; a vanilla RNN has none.
KEEPS = {"gru": "z", "lstm": "f"}
LONGEST_TITLE = 60  # characters of a title in a sentence
RISE = 10  # a new first item that was behind this rank a click before is said to have risen


@dataclass(frozen=True)
class Part:
    """A piece of a sentence. `kind` is "text", "item", "number" or a quantity ("z", "r", …)."""

    text: str
    kind: str = "text"


Sentence = tuple[Part, ...]

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(value: float) -> str:
    """2 × 10⁻⁷, for what is too small or too large to be written out."""
    digit, power = f"{value:.0e}".split("e")
    return f"{digit}{NBSP}×{NBSP}10{str(int(power)).translate(_RAISED)}"


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
            title(trace, int(trace.items[0])),
            Part(". "),
        )
    else:
        opening = _carrying(trace, trace.layers[layer], step)
    return (*opening, *_favouring(trace, step))


def gate_sentence(trace: Trace, step: int, layer: int, convention: str) -> Sentence:
    """How far the gates that decide on the memory were open at click `step`."""
    kind = trace.layers[layer].cell
    if kind == "lstm":
        return _lstm_gates(trace.layers[layer].gates, step)
    if kind == "rnn":
        return (Part(" There is no gate: the whole state was written anew."),)
    mean = float(trace.layers[layer].z[step].mean())
    does = next(words for limit, words in WRITING if mean < limit)
    said: Sentence
    if convention == "writes":
        said = (Part(" averages "), Part(f"{mean:.2f}", "number"))
    else:
        said = (Part(" lets "), Part(f"{1 - mean:.2f}", "number"), Part(" of the old through on average"))
    return (Part(" The "), Part("update gate", "z"), *said, Part(f": {does}."))


def heatmaps_words(layer: LayerTrace) -> str:
    """How the heatmaps are read, for someone who has never seen a gate."""
    row = f"one of {layer.units} units of memory" if layer.units > 1 else "the memory's one unit"
    rows = f"A row is {row}, a column one click."
    if layer.cell not in KEEPS:
        return rows
    return f"{rows} A gate is a number from 0 to 1 for every unit: how much it lets through."


def _lstm_gates(gates: Mapping[str, np.ndarray], step: int) -> Sentence:
    f, i, o = (Part(f"{float(gates[name][step].mean()):.2f}", "number") for name in "fio")
    return (
        *(
            Part(" On average the "),
            Part("forget gate", "f"),
            Part(" keeps "),
            f,
            Part(" of the old memory, "),
        ),
        *(Part("the "), Part("input gate", "i"), Part(" writes "), i, Part(" of the candidate and ")),
        *(Part("the "), Part("output gate", "o"), Part(" shows "), o, Part(" of the memory.")),
    )


def _carrying(trace: Trace, layer: LayerTrace, step: int) -> Sentence:
    """How much is left of the earlier click that has most left in memory.

    Where there are older ones the click just before is left out: that it is still there
    tells nothing about memory.
    """
    now = remains(layer, step)
    left = np.abs(now.surviving).sum(axis=1)
    earlier = int(np.argmax(left[: max(step - 1, 1)]))
    carried = float(now.shares[earlier])
    at = (Part("At "), title(trace, int(trace.items[step])), Part(", "))
    if np.isnan(carried) or layer.cell not in KEEPS:
        return (*at, Part("nothing written before is carried as it was. "))
    return (
        *at,
        share(carried),
        Part(f" of what was written at click {earlier + 1}, "),
        title(trace, int(trace.items[earlier])),
        Part(", is still carried; "),
        Part(f"{now.holding(earlier)} of {layer.units}", "number"),
        Part(f" {'unit holds' if layer.units == 1 else 'units hold'} at least half of theirs. "),
    )


def _favouring(trace: Trace, step: int) -> Sentence:
    best = int(trace.ranking(step, 1)[0])
    item = title(trace, best)
    probability = share(float(trace.probability(np.array([best]), step)[0]))
    before = trace.rank(best, step - 1) if step > 0 else None
    rise = (Part(f", up from rank {before}"),) if before is not None and before > RISE else ()
    leading = department_probability(trace, step)
    if leading is None:
        return (Part("Next it favours "), item, Part(" ("), probability, Part(")"), *rise, Part("."))
    department, all_of_it = Part(shorten(leading[0], LONGEST_TITLE), "item"), share(leading[1])
    if leading[0] == trace.catalog.categories[best]:
        opening = (Part("Next it favours "), department, Part(" ("), all_of_it, Part("), first "))
        return (*opening, item, Part(" ("), probability, Part(")"), *rise, Part("."))
    return (
        *(Part("First comes "), item, Part(" ("), probability, Part(")"), *rise),
        *(Part("; as a department "), department, Part(" leads ("), all_of_it, Part(").")),
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


def percent(value: float) -> str:
    """A share in [0, 1] as whole percent, never rounding something to nothing or to all."""
    if 0 < value < 0.01:
        return f"under 1{NBSP}%"
    if 0.99 < value < 1:
        return f"over 99{NBSP}%"
    return f"{value:.0%}".replace("%", f"{NBSP}%")


def number(value: float, digits: int = 2) -> Part:
    """A number with a real minus, and never a minus before nothing."""
    return Part(f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−"), "number")


def share(value: float) -> Part:
    """A share in [0, 1] as whole percent."""
    return Part(percent(value), "number")


def title(trace: Trace, item: int) -> Part:
    """The title of an item index on one line, cut with …; its id where the title shows nothing."""
    catalog = trace.catalog
    shown = shorten(catalog.titles[item], LONGEST_TITLE) or shorten(catalog.ids[item], LONGEST_TITLE)
    return Part(shown, "item")


def in_top_layer(trace: Trace) -> str:
    """ " in the top layer" where there are others, else nothing."""
    return " in the top layer" if len(trace.layers) > 1 else ""


def says_little(k: int, n_items: int) -> bool:
    """Is a list of k items so much of the catalogue that any two share most of it?"""
    return 2 * k >= n_items


def plural(count: int, one: str) -> str:
    """ "1 item", "1,200 items" """
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def a_cell(cell: str) -> str:
    """ "a GRU", "an LSTM", "a vanilla RNN" """
    return f"a{'n' if cell == 'lstm' else ''} {CELLS[cell].name}"


def click(trace: Trace, step: int) -> Sentence:
    """A click (0-based) by its number and its item: "click 3, Mug"."""
    return (Part(f"click {step + 1}, "), title(trace, int(trace.items[step])))
