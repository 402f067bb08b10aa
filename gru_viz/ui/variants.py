"""How does a view change when a click is changed or a gate is forced?

Pure functions from one View to the next. The session itself is number 0 and is never changed:
whoever edits it gets a new variant. A variant that is edited is replaced by what it became.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gru_viz.anatomy import QUANTITIES
from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.interventions import Intervention, Interventions, check, from_text, to_text, within, words
from gru_viz.ui.view import LONGEST_SESSION, MOST_VARIANTS, NOTHING, SessionRef, Variant, View

Items = tuple[str, ...]


def sessions(view: View, own: Items) -> tuple[Variant, ...]:
    """The session itself, whose item ids are `own`, and its variants, by number."""
    return (Variant(own), *view.variants)


def name(number: int) -> str:
    return "Session" if number == 0 else f"Variant {number}"


def edited(view: View, own: Items, items: Items) -> View:
    """These clicks in the one shown. What is forced at clicks that are no longer there goes.

    Raises InputError for a session that is too long, or a variant too many; here and below.
    """
    before = sessions(view, own)[view.shown]
    if items == before.items:
        return view
    if not 0 < len(items) <= LONGEST_SESSION:
        raise InputError(f"a session here has 1 to {LONGEST_SESSION} clicks")
    forced = to_text(within(from_text(before.forced), len(items)))
    return _changed(view, Variant(items, forced))


def forced(view: View, own: Items, interventions: Interventions) -> View:
    """These interventions, and no others, in the one shown."""
    before = sessions(view, own)[view.shown]
    text = to_text(interventions)
    return view if text == before.forced else _changed(view, Variant(before.items, text))


def duplicated(view: View, own: Items, number: int) -> View:
    """A copy of one of them, to be edited."""
    return _added(view, sessions(view, own)[number])


def dropped(view: View, number: int) -> View:
    """Without one variant; what pointed to it points to the session."""

    def left(pointer: int) -> int:
        return 0 if pointer == number else pointer - (pointer > number)

    others = view.variants[: number - 1] + view.variants[number:]
    at = None if view.pinned == number else view.at
    return replace(view, variants=others, shown=left(view.shown), pinned=left(view.pinned), at=at)


def show(view: View, number: int) -> View:
    return replace(view, shown=number)


def differing(view: View, quantity: object) -> View:
    """With the differences of this quantity drawn; as it was for what is none."""
    if quantity not in QUANTITIES:
        return view
    return replace(view, differ=None if quantity == "h" else str(quantity))


def pin(view: View, number: int) -> View:
    """Compare with this one, after its last click: a click of another one may be none of it."""
    return view if number == view.pinned else replace(view, pinned=number, at=None)


def _changed(view: View, variant: Variant) -> View:
    if view.shown == 0:
        return _added(view, variant)
    before, after = view.variants[: view.shown - 1], view.variants[view.shown :]
    return replace(view, variants=(*before, variant, *after))


def _added(view: View, variant: Variant) -> View:
    if len(view.variants) >= MOST_VARIANTS:
        raise InputError(f"there are {MOST_VARIANTS} variants already; drop one to make room")
    return replace(view, variants=(*view.variants, variant), shown=len(view.variants) + 1)


def carried_on(session: SessionRef, own: Items, items: Items) -> SessionRef:
    """`items` as this session with other clicks added: what it begins with stays its own.

    own: the clicks of `session`, added ones too
    """
    if items == own:
        return session
    original = own[: len(own) - len(session.added)]
    pairs = zip(original, items, strict=False)
    same = next((t for t, (a, b) in enumerate(pairs) if a != b), min(len(original), len(items)))
    if same == 0 or session.kind == NOTHING:
        return SessionRef(NOTHING, "", None, items)
    keep = session.keep if same == len(original) else same
    return replace(session, keep=keep, added=items[same:])


def fitted(
    view: View, catalog: Catalog, units: Sequence[int], clicks: int, cell: str = "gru"
) -> tuple[View, tuple[str, ...]]:
    """The view with variants that this model can run, and a note for what it cannot.

    units:  how many each layer has, of this kind of `cell`
    clicks: how many the session itself has
    """
    notes: list[str] = []
    for number in range(len(view.variants), 0, -1):
        variant = view.variants[number - 1]
        if all(item in catalog for item in variant.items):
            kept = _possible(variant, units, cell, notes)
            before, after = view.variants[: number - 1], view.variants[number:]
            view = replace(view, variants=(*before, replace(variant, forced=to_text(kept)), *after))
        else:
            notes.append(f"{name(number)} has items that are not in this model's catalogue; it was left out.")
            view = dropped(view, number)
    length = clicks if view.pinned == 0 else len(view.variants[view.pinned - 1].items)
    if view.at is not None and view.at > length:
        notes.append(f"There is no click {view.at} to compare after; the last one is taken.")
        view = replace(view, at=None)
    return view, tuple(notes)


def _possible(variant: Variant, units: Sequence[int], cell: str, notes: list[str]) -> Interventions:
    """What of the variant's interventions there is something for."""
    kept: list[Intervention] = []
    clicks = len(variant.items)
    for one in from_text(variant.forced):
        there = within([one], clicks)
        try:
            check(there, units, clicks, cell)
        except InputError as error:
            notes.append(f"{words(one)}: {error}; it was left out.")
            continue
        if there != (one,):
            notes.append(
                f"{words(one)}: there {'is only 1 click' if clicks == 1 else f'are only {clicks} clicks'}."
            )
        kept += there
    return tuple(kept)
