"""What the editor reports: which view follows from it?

What comes from a browser is input: it is checked here, and what is odd changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.edits import Edit
from gru_viz.errors import InputError, quote
from gru_viz.interventions import (
    LARGEST_INDEX,
    Intervention,
    Interventions,
    ablate,
    check,
    forget,
    freeze,
    from_text,
    keep_everything,
    no_memory,
    reset_closed,
    reset_open,
)
from gru_viz.ui import variants
from gru_viz.ui.editor.scene import counterpart
from gru_viz.ui.variants import Items
from gru_viz.ui.view import View, explain

Event = Mapping[str, Any]
GATES = {"z0": keep_everything, "z1": no_memory, "r0": reset_closed, "r1": reset_open}
UNITS = {"ablate": ablate, "freeze": freeze}
LONGEST_TEXT = 200  # characters that name units


def acted(view: View, own: Items, catalog: Catalog, units: tuple[int, ...], event: Event) -> View:
    """The view after what a person did in the editor; the same for what is none of its events.

    own:   item ids of the session itself
    units: how many each layer has
    Raises InputError, in words for the person, for what cannot be done.
    """
    act = _ACTS.get(str(event.get("do")))
    return view if act is None else act(view, own, catalog, units, event)


def _edit(view: View, own: Items, catalog: Catalog, units: tuple[int, ...], event: Event) -> View:
    items = variants.sessions(view, own)[view.shown].items
    item = event.get("item")
    if item is not None and item not in catalog:
        raise InputError(f"item {quote(item)} is not in this model's catalogue")
    edit = Edit(
        str(event.get("action")),
        _whole(event, "click"),
        None if item is None else catalog.index(item),
        None if event.get("other") is None else _whole(event, "other"),
    )
    edited = edit.apply(catalog.indices(items))
    return variants.edited(view, own, tuple(catalog.ids[i] for i in edited))


def _force(view: View, own: Items, catalog: Catalog, units: tuple[int, ...], event: Event) -> View:
    shown = variants.sessions(view, own)[view.shown]
    given = from_text(shown.forced)
    wanted = preset(event, units, len(shown.items))
    return view if wanted in given else variants.forced(view, own, (*given, wanted))


def preset(event: Event, units: tuple[int, ...], clicks: int) -> Intervention:
    """What a preset asks for, of a session of so many clicks. Raises InputError."""
    name, layer = event.get("preset"), _whole(event, "layer")
    first, last = _whole(event, "first") - 1, _whole(event, "last") - 1
    if not 0 <= first <= last < clicks:
        raise InputError(f"clicks go from a first to a last one within 1 to {clicks}")
    if layer >= len(units):
        raise InputError(f"the model has no layer {layer + 1}")
    where = None if (first, last) == (0, clicks - 1) else (first, last)
    some = _units(event.get("units"))
    if name == "forget":
        return forget(first)
    if name in GATES:
        made = GATES[name](some, where)
    elif name in UNITS:
        if some is None:
            raise InputError(f"say which units to {name}, such as 3, 5-9")
        made = UNITS[name](some, where)
    else:
        raise InputError(f"unknown preset {quote(name)}")
    top = len(units) - 1
    return check([replace(made, layer=-1 if layer == top else layer)], units, clicks)[0]


def _units(text: object) -> tuple[int, ...] | None:
    """The units of "3, 5-9"; None for all."""
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise InputError("units are given as numbers, such as 3, 5-9")
    if text.strip().lower() in ("", "all"):
        return None
    found: set[int] = set()
    for part in re.split(r"[\s,;.]+", text.strip().strip(",;.")):
        ends = re.fullmatch(r"([0-9]{1,5})(?:[-–]([0-9]{1,5}))?", part)
        if ends is None:
            raise InputError(f"{quote(part)} is no unit; units are given as numbers, such as 3, 5-9")
        first, last = int(ends[1]), int(ends[2] or ends[1])
        if not first <= last <= LARGEST_INDEX:
            raise InputError(f"units {quote(part)} do not rise")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def _release(view: View, own: Items, catalog: Catalog, units: tuple[int, ...], event: Event) -> View:
    given = from_text(variants.sessions(view, own)[view.shown].forced)
    place = _whole(event, "place")
    left: Interventions = given[:place] + given[place + 1 :]
    return variants.forced(view, own, left)


def _numbered(change: Callable[[View, Items, int], View], least: int = 0) -> Act:
    """A change of one of the sessions, by its number."""

    def act(view: View, own: Items, catalog: Catalog, units: tuple[int, ...], event: Event) -> View:
        number = _whole(event, "number")
        return change(view, own, number) if least <= number <= len(view.variants) else view

    return act


def _follow(view: View, own: Items, catalog: Catalog, units: tuple[int, ...], event: Event) -> View:
    item = _whole(event, "item")
    return explain(view, catalog.ids[item], view.against) if item < len(catalog) else view


def _compare(view: View, own: Items, catalog: Catalog, units: tuple[int, ...], event: Event) -> View:
    """After this click of the one shown, so after its counterpart in the reference."""
    all_of_them = variants.sessions(view, own)
    shown, reference = (catalog.indices(all_of_them[n].items) for n in (view.shown, view.pinned))
    click = _whole(event, "click")
    if click >= len(shown):
        return view
    at = counterpart(np.array(shown), np.array(reference), click)
    return replace(view, at=None if at == len(reference) - 1 else at + 1)


def _whole(event: Event, name: str) -> int:
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputError(f"{name} must be a whole number")
    return value


Act = Callable[[View, Items, Catalog, tuple[int, ...], Event], View]
_ACTS: dict[str, Act] = {
    "edit": _edit,
    "force": _force,
    "release": _release,
    "show": _numbered(lambda view, own, number: variants.show(view, number)),
    "pin": _numbered(lambda view, own, number: variants.pin(view, number)),
    "drop": _numbered(lambda view, own, number: variants.dropped(view, number), least=1),
    "duplicate": _numbered(variants.duplicated),
    "follow": _follow,
    "compare": _compare,
}
