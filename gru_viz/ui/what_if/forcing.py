"""Which interventions does a person ask for?

A preset, or a quantity with a value of its own, and where it acts. What comes from a browser is
input: all of it is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gru_viz.errors import InputError, quote
from gru_viz.interventions import (
    GATES,
    LARGEST_INDEX,
    Intervention,
    Interventions,
    ablate,
    check,
    forget,
)
from gru_viz.ui.editor.forcing import FREEZING

LONGEST_TEXT = 200  # characters that name units
_TOP = re.compile(r"top\s*([0-9]{1,5})")

Event = Mapping[str, Any]
Matter = Callable[[int, int], tuple[int, ...]]  # layer, how many → the units that matter most


@dataclass(frozen=True)
class Forceable:
    """Where something can be forced.

    cell:   a key of `anatomy.CELLS`
    units:  how many each layer has
    clicks: how many the session has
    matter: finds the units that matter most of a layer
    """

    cell: str
    units: tuple[int, ...]
    clicks: int
    matter: Matter


def asked(event: Event, there: Forceable) -> Interventions:
    """{preset} or {quantity, action, value, keeps}, and {first, last, units, layer}. Raises InputError.

    value, keeps: as the person reads z, which is 1 − z where z keeps
    """
    layer = whole(event, "layer")
    first, last = whole(event, "first") - 1, whole(event, "last") - 1
    if not 0 <= first <= last < there.clicks:
        raise InputError(f"clicks go from a first to a last one within 1 to {there.clicks}")
    if layer >= len(there.units):
        raise InputError(f"the model has no layer {layer + 1}")
    if event.get("preset") == "forget":
        return (forget(first),)
    where = None if (first, last) == (0, there.clicks - 1) else (first, last)
    some = _units(event.get("units"), layer, there)
    named = -1 if layer == len(there.units) - 1 else layer
    made = tuple(
        Intervention(quantity, action, value, some, where, named)
        for quantity, action, value in _what(event, some, there.cell)
    )
    return check(made, there.units, there.clicks, there.cell)


def _what(event: Event, some: tuple[int, ...] | None, cell: str) -> list[tuple[str, str, Any]]:
    """Quantities, and what is done with each."""
    name = event.get("preset")
    if name is None:
        return [_any_value(event)]
    if name in ("ablate", "freeze") and some is None:
        raise InputError(f"say which units to {name}, such as 3, 5-9")
    if name == "ablate":
        one = ablate([0])
        return [(one.quantity, one.action, one.value)]
    if name == "freeze" and cell in FREEZING:
        return [(gate, "clamp", value) for gate, value in FREEZING[cell]]
    held = re.fullmatch(r"([a-z])([01])", name) if isinstance(name, str) else None
    if held is None or held[1] not in GATES:
        raise InputError(f"unknown preset {quote(name)}")
    return [(held[1], "clamp", int(held[2]))]


def _any_value(event: Event) -> tuple[str, str, Any]:
    quantity, action, value = (event.get(key) for key in ("quantity", "action", "value"))
    if not isinstance(quantity, str) or not isinstance(action, str):
        raise InputError("say what to force, and how")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError("give a number to hold it at, or to scale it by")
    if quantity == "z" and action == "clamp" and event.get("keeps") is True:
        value = round(1 - value, 9)  # 1 − 0.7 is 0.3, also in a link
    return quantity, action, value


def _units(text: object, layer: int, there: Forceable) -> tuple[int, ...] | None:
    """The units of "3, 5-9" or "top 5"; None for all."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise InputError("units are given as numbers, such as 3, 5-9")
    text = text.strip().lower()
    if text in ("", "all"):
        return None
    if (top := _TOP.fullmatch(text)) is not None:
        if not 0 < int(top[1]) <= there.units[layer]:
            raise InputError(
                f"of {there.units[layer]} units, top 1 to top {there.units[layer]} can be asked for"
            )
        return there.matter(layer, int(top[1]))
    found: set[int] = set()
    for part in re.split(r"[\s,;.]+", text.strip(",;.")):
        ends = re.fullmatch(r"([0-9]{1,5})(?:[-–]([0-9]{1,5}))?", part)
        if ends is None:
            raise InputError(f"{quote(part)} is no unit; units are given as numbers, such as 3, 5-9")
        first, last = int(ends[1]), int(ends[2] or ends[1])
        if not first <= last <= LARGEST_INDEX:
            raise InputError(f"units {quote(part)} do not rise")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def whole(event: Event, name: str) -> int:
    """A number of an event, 0 or above. Raises InputError."""
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputError(f"{name} must be a whole number")
    return value
