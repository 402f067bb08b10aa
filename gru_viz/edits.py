"""Which session do I get when one click is changed?

Clicks are item indices in a tuple; an edit never changes the one it is given. Steps are
0-based here and 1-based in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gru_viz.errors import InputError, quote

Clicks = tuple[int, ...]
ACTIONS = ("delete", "insert", "replace", "swap", "repeat", "move")
WITH_ITEM = ("insert", "replace")
WITH_OTHER = ("swap", "move")


def delete(clicks: Iterable[int], click: int) -> Clicks:
    """Without click `click`. Raises InputError for the only one."""
    clicks = _clicks(clicks)
    place = _place(clicks, click)
    if len(clicks) == 1:
        raise InputError("the only click cannot be deleted; a session needs at least one")
    return clicks[:place] + clicks[place + 1 :]


def insert(clicks: Iterable[int], click: int, item: int) -> Clicks:
    """With a click on `item` as the new click `click`; the number of clicks puts it at the end."""
    clicks = _clicks(clicks)
    place = _place(clicks, click, len(clicks))
    return (*clicks[:place], _item(item), *clicks[place:])


def replace(clicks: Iterable[int], click: int, item: int) -> Clicks:
    """With click `click` on `item` instead."""
    clicks = _clicks(clicks)
    place = _place(clicks, click)
    return (*clicks[:place], _item(item), *clicks[place + 1 :])


def swap(clicks: Iterable[int], click: int, other: int) -> Clicks:
    """With these two clicks in each other's place."""
    clicks = _clicks(clicks)
    swapped = list(clicks)
    a, b = _place(clicks, click), _place(clicks, other)
    swapped[a], swapped[b] = swapped[b], swapped[a]
    return tuple(swapped)


def repeat(clicks: Iterable[int], click: int) -> Clicks:
    """With click `click` twice in a row."""
    clicks = _clicks(clicks)
    place = _place(clicks, click)
    return clicks[: place + 1] + clicks[place:]


def move(clicks: Iterable[int], click: int, other: int) -> Clicks:
    """With click `click` taken out and put back as click `other`; the clicks between close up."""
    clicks = _clicks(clicks)
    place, target = _place(clicks, click), _place(clicks, other)
    rest = clicks[:place] + clicks[place + 1 :]
    return (*rest[:target], clicks[place], *rest[target:])


@dataclass(frozen=True)
class Edit:
    """One change to a session, which can be applied, told and undone by keeping what it was applied to.

    action: one of ACTIONS
    click:  which click, 0-based
    item:   the item to insert or to replace by; None for other actions
    other:  the other click of a swap, or where a moved click goes; None for other actions

    Raises InputError for an item or another click that is missing or superfluous.
    """

    action: str
    click: int
    item: int | None = None
    other: int | None = None

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise InputError(f"unknown edit {quote(self.action)}; use {', '.join(ACTIONS)}")
        if (self.item is not None) != (self.action in WITH_ITEM):
            raise InputError(f"{self.action} takes {'an' if self.item is None else 'no'} item")
        if (self.other is not None) != (self.action in WITH_OTHER):
            raise InputError(f"{self.action} takes {'another' if self.other is None else 'no other'} click")

    def apply(self, clicks: Iterable[int]) -> Clicks:
        """The session after this edit. Raises InputError for clicks that are not there."""
        if self.action == "insert" and self.item is not None:
            return insert(clicks, self.click, self.item)
        if self.action == "replace" and self.item is not None:
            return replace(clicks, self.click, self.item)
        if self.action == "swap" and self.other is not None:
            return swap(clicks, self.click, self.other)
        if self.action == "move" and self.other is not None:
            return move(clicks, self.click, self.other)
        return repeat(clicks, self.click) if self.action == "repeat" else delete(clicks, self.click)

    @property
    def words(self) -> str:
        """A plain phrase without titles: "click 3 deleted"."""
        click = f"click {self.click + 1}"
        if self.action == "swap" and self.other is not None:
            first, last = sorted((self.click, self.other))
            return f"clicks {first + 1} and {last + 1} swapped"
        if self.action == "move" and self.other is not None:
            return f"{click} moved to place {self.other + 1}"
        if self.action == "insert":
            return f"another item inserted as {click}"
        if self.action == "replace":
            return f"{click} replaced by another item"
        return f"{click} {'deleted' if self.action == 'delete' else 'repeated'}"


def apply(edits: Iterable[Edit], clicks: Iterable[int]) -> Clicks:
    """The session after all of these edits, one after the other; each counts the clicks it finds."""
    edited = _clicks(clicks)
    for edit in edits:
        edited = edit.apply(edited)
    return edited


def _clicks(clicks: Iterable[int]) -> Clicks:
    found = tuple(_item(item) for item in clicks)
    if not found:
        raise InputError("a session needs at least one click")
    return found


def _item(item: int) -> int:
    return _whole("item index", item)


def _place(clicks: Clicks, click: int, last: int | None = None) -> int:
    place = _whole("click", click)
    last = len(clicks) - 1 if last is None else last
    if place > last:
        raise InputError(f"click {place} is outside 0..{last}")
    return place


def _whole(what: str, value: object) -> int:
    try:
        number = int(value.__index__())  # type: ignore[attr-defined]
    except (AttributeError, TypeError):
        raise InputError(f"{what} {quote(value)} is not a whole number") from None
    if number < 0:
        raise InputError(f"{what} {quote(number)} is below 0")
    return number
