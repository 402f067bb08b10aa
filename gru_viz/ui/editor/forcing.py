"""What can be forced in this kind of cell, and how is it offered?

The presets and the quantities of the form, as JSON for force.js. z is named as the person reads
it; a preset's key always speaks of z as it writes.
"""

from __future__ import annotations

from typing import Any

from gru_viz.figures.palette import QUANTITIES
from gru_viz.interventions import GATES, allowed, quantities

# What a gate held at 0 or 1 does: in two or three words, and in a sentence.
_HELD = {
    ("z", 0): ("writes nothing", "Nothing new is written: the state stays as it is"),
    ("z", 1): ("no memory", "The candidate replaces the state"),
    ("r", 0): ("past unseen", "The candidate does not look at the state"),
    ("r", 1): ("past all seen", "The candidate looks at the whole state"),
    ("f", 0): ("drops the memory", "Nothing of the old memory is kept"),
    ("f", 1): ("keeps the memory", "All of the old memory is kept"),
    ("i", 0): ("writes nothing", "Nothing new is written into the memory"),
    ("i", 1): ("writes it all", "All of the candidate is written into the memory"),
    ("o", 0): ("shows nothing", "Nothing of the memory can be read"),
    ("o", 1): ("shows it all", "All of the memory can be read"),
}
_OTHERS = (
    {
        "key": "forget",
        "symbol": "forget",
        "words": "before the first click",
        "title": "The state before that click is 0 in every layer, as at the start of a session",
    },
    {
        "key": "ablate",
        "symbol": "ablate",
        "words": "these units",
        "title": "Nothing can be read from these units, neither by the next click nor by the output",
    },
    {
        "key": "freeze",
        "symbol": "freeze",
        "words": "these units",
        "title": "These units keep the state they had",
    },
)
_STATES = {
    "h": "the state after the click",
    "c": "the memory c after the click",
    "h_prev": "the state before the click",
}
# The gates, and their values, that make units keep what they have.
FREEZING = {"gru": (("z", 0),), "lstm": (("f", 1), ("i", 0))}


def offered(cell: str, keeps: bool) -> dict[str, Any]:
    """{keeps, presets, quantities} of one kind of cell; see force.js.

    keeps: whether z is read as 1 − z, as PyTorch does; None of a cell without z
    """
    there = quantities(cell)
    gates = [name for name in there if name in GATES]
    others = [other for other in _OTHERS if other["key"] != "freeze" or cell in FREEZING]
    return {
        "keeps": keeps if "z" in gates else None,
        "presets": [*(_preset(gate, value, keeps) for gate in gates for value in (0, 1)), *others],
        "quantities": [_quantity(name, keeps) for name in there],
    }


def _preset(gate: str, value: int, keeps: bool) -> dict[str, str]:
    shown = 1 - value if gate == "z" and keeps else value
    words, does = _HELD[gate, value]
    reading = "" if gate != "z" else " (z keeps)" if keeps else " (z writes)"
    title = f"The {QUANTITIES[gate].name.lower()} is held at {shown}{reading}. {does}"
    return {"key": f"{gate}{value}", "symbol": f"{gate} ≡ {shown}", "words": words, "title": title}


def _quantity(name: str, keeps: bool) -> dict[str, Any]:
    """Its name, and what each action says, takes and begins with.

    What scales z scales what is written, which is 1 − z where z keeps.
    """
    gate = name in GATES
    what = f"{name}, the {QUANTITIES[name].name.lower()}" if gate else _STATES[name]
    scaled = "1 − z, what is written" if name == "z" and keeps else what
    return {
        "name": name,
        "clamp": {"words": what, "range": allowed(name, "clamp"), "start": 0.5 if gate else 0},
        "scale": {"words": scaled, "range": allowed(name, "scale"), "start": 0.5},
    }
