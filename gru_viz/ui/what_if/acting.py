"""What the editor reports: which view follows from it?

What comes from a browser is input: it is checked here, and what is odd changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.edits import Edit
from gru_viz.errors import InputError, quote
from gru_viz.interventions import from_text
from gru_viz.ui import variants
from gru_viz.ui.editor.scene import counterpart
from gru_viz.ui.variants import Items
from gru_viz.ui.view import View, explain
from gru_viz.ui.what_if.forcing import Event, Forceable, Matter, asked, whole


@dataclass(frozen=True)
class Setting:
    """What an event is about.

    own:    item ids of the session itself
    cell:   a key of `anatomy.CELLS`
    units:  how many each layer has
    matter: finds the units of the one shown that matter most
    """

    own: Items
    catalog: Catalog
    cell: str
    units: tuple[int, ...]
    matter: Matter


def acted(view: View, setting: Setting, event: Event) -> View:
    """The view after what a person did in the editor; the same for what is none of its events.

    Raises InputError, in words for the person, for what cannot be done.
    """
    act = _ACTS.get(str(event.get("do")))
    return view if act is None else act(view, setting, event)


def _edit(view: View, setting: Setting, event: Event) -> View:
    catalog, item = setting.catalog, event.get("item")
    if item is not None and item not in catalog:
        raise InputError(f"item {quote(item)} is not in this model's catalogue")
    edit = Edit(
        str(event.get("action")),
        whole(event, "click"),
        None if item is None else catalog.index(item),
        None if event.get("other") is None else whole(event, "other"),
    )
    items = variants.sessions(view, setting.own)[view.shown].items
    edited = edit.apply(catalog.indices(items))
    return variants.edited(view, setting.own, tuple(catalog.ids[i] for i in edited))


def _force(view: View, setting: Setting, event: Event) -> View:
    shown = variants.sessions(view, setting.own)[view.shown]
    given = from_text(shown.forced)
    there = Forceable(setting.cell, setting.units, len(shown.items), setting.matter)
    new = tuple(one for one in asked(event, there) if one not in given)
    return variants.forced(view, setting.own, (*given, *new)) if new else view


def _release(view: View, setting: Setting, event: Event) -> View:
    given = from_text(variants.sessions(view, setting.own)[view.shown].forced)
    place = whole(event, "place")
    return variants.forced(view, setting.own, given[:place] + given[place + 1 :])


def _numbered(change: Callable[[View, Items, int], View], least: int = 0) -> Act:
    """A change of one of the sessions, by its number."""

    def act(view: View, setting: Setting, event: Event) -> View:
        number = whole(event, "number")
        return change(view, setting.own, number) if least <= number <= len(view.variants) else view

    return act


def _follow(view: View, setting: Setting, event: Event) -> View:
    item, ids = whole(event, "item"), setting.catalog.ids
    return explain(view, ids[item], view.against) if item < len(ids) else view


def _compare(view: View, setting: Setting, event: Event) -> View:
    """After this click of the one shown, so after its counterpart in the reference."""
    all_of_them = variants.sessions(view, setting.own)
    shown, reference = (setting.catalog.indices(all_of_them[n].items) for n in (view.shown, view.pinned))
    click = whole(event, "click")
    if click >= len(shown):
        return view
    at = counterpart(np.array(shown), np.array(reference), click)
    return replace(view, at=None if at == len(reference) - 1 else at + 1)


def _read(view: View, setting: Setting, event: Event) -> View:
    """z as the share that is written, or as the share that is kept."""
    keeps = event.get("keeps")
    return replace(view, keeps=keeps) if isinstance(keeps, bool) else view


Act = Callable[[View, Setting, Event], View]
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
    "read": _read,
}
