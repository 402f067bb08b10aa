"""Which column plays which role?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gru_viz.data.reading.findings import Findings, UnclearColumnError
from gru_viz.errors import InputError, quote

# Names seen in public click logs (RSC15, RetailRocket, Diginetica, REES46, OTTO, RecBole, …),
# folded by `fold`; where a file has several of one role, the first in this order is taken.
NAMES: dict[str, tuple[str, ...]] = {
    "session": ("sessionid", "session", "sid", "sessid", "usersession", "sessionkey"),
    "user": ("userid", "user", "uid", "visitorid", "visitor", "customerid", "customer"),
    "item": ("itemid", "item", "productid", "product", "iid", "sku", "aid", "articleid", "article", "id"),
    "time": ("timestamp", "ts", "datetime", "eventtime", "eventtimestamp", "time", "date"),
    "title": ("title", "name", "producttitle", "productname", "itemtitle", "itemname"),
    "category": ("category", "categoryid", "department", "productcategory", "categoryname", "categorycode"),
}
# What to call a column so that it is recognised, as messages say it.
PLAIN = {
    "session": "SessionId",
    "user": "UserId",
    "item": "ItemId",
    "time": "Time",
    "title": "Title",
    "category": "Category",
}
# A message that lists more columns than this is no longer one line.
LISTED = 12

_NUMBER_OR_TIME = re.compile(r"\s*[+-]?\d[\d.,:/TZ+\- ]*")
_ISO = re.compile(r"\d{4}-\d\d?-\d\d?([T ].*)?")


@dataclass(frozen=True)
class Wanted:
    """The roles a file must and may have.

    required: each entry is a group of which one role must be there, the first best
    """

    required: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...]

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(role for group in self.required for role in group) + self.optional


CLICKS = Wanted(required=(("session", "user"), ("item",)), optional=("time", "title", "category"))
ITEMS = Wanted(required=(("item",),), optional=("title", "category"))


def fold(name: str) -> str:
    """A column name without case, spaces, punctuation and RecBole's ':token' suffix."""
    return re.sub(r"[\W_]+", "", re.sub(r":(token|float)(_seq)?\s*$", "", name)).casefold()


def check_mapping(columns: Mapping[str, str] | None) -> dict[str, str]:
    """The caller's role → column name, its roles checked."""
    mapping = dict(columns or {})
    for role in mapping:
        if role not in NAMES:
            raise InputError(f"columns: there is no role {quote(role)}; the roles are {', '.join(NAMES)}")
    return mapping


def recognised(names: Sequence[str], wanted: Wanted, mapping: Mapping[str, str]) -> int:
    """How many roles these would fill if they were column names."""
    folded = {fold(name) for name in names}
    stripped = {name.strip() for name in names}
    return sum(
        mapping[role].strip() in stripped if role in mapping else not folded.isdisjoint(NAMES[role])
        for role in wanted.roles
    )


def resolve(
    names: Sequence[str], wanted: Wanted, mapping: Mapping[str, str], findings: Findings
) -> dict[str, int]:
    """Role → column index. Raises InputError for duplicate or missing columns."""
    _refuse_duplicates(names, findings)
    found = {role: _mapped(name, names, findings) for role, name in mapping.items() if role in wanted.roles}
    if len(set(found.values())) < len(found):
        raise findings.error("one column is mapped to two roles", "give each role a column of its own")
    for group in wanted.required:
        if not any(role in found for role in group):
            found.update(_first_of(group, names, found, findings))
    for role in wanted.optional:
        if role not in found:
            found.update(_detected(role, names, found, findings))
    return {role: found[role] for role in NAMES if role in found}


def guess_by_position(sample: Sequence[Sequence[str]], wanted: Wanted) -> dict[str, int] | None:
    """Role → column index for a file without a header, from its first rows; None if it has too few.

    The first column that holds only times is the time; the others are taken in
    the order session, item (item, title, category in a file of items).
    """
    width = min(len(row) for row in sample)
    times = [i for i in range(width) if all(_is_time(row[i]) for row in sample)]
    guess = {"time": times[0]} if times and "time" in wanted.optional and width > 2 else {}
    rest = [i for i in range(width) if i not in guess.values()]
    order = [group[0] for group in wanted.required]
    if "session" not in order:
        order += wanted.optional
    if len(rest) < len(wanted.required):
        return None
    guess |= dict(zip(order, rest, strict=False))
    return {role: guess[role] for role in NAMES if role in guess}


def looks_like_data(row: Sequence[str], later: Sequence[Sequence[str]]) -> bool:
    """Is this a row of clicks rather than a header: numbers, times, or cells that come again below?"""
    if any(_NUMBER_OR_TIME.fullmatch(cell) for cell in row):
        return True
    return any(
        cell.strip() and cell == other for below in later for cell, other in zip(row, below, strict=False)
    )


def listed(names: Sequence[str]) -> str:
    """Column names as a message shows them."""
    shown = ", ".join(quote(name) for name in names[:LISTED])
    return shown + (f" and {len(names) - LISTED} more" if len(names) > LISTED else "")


def _is_time(cell: str) -> bool:
    # 9 to 19 digits starting as the years 1990 to 2100 do in s, ms, µs or ns
    return bool(_ISO.fullmatch(cell) or re.fullmatch(r"[6-9]\d{8}(\d{3}){0,3}|[1-4]\d{9}(\d{3}){0,3}", cell))


def _refuse_duplicates(names: Sequence[str], findings: Findings) -> None:
    seen: set[str] = set()
    for name in names:
        if name and name in seen:
            raise findings.error("two columns have this name", "rename one of them", column=name)
        seen.add(name)


def _mapped(name: str, names: Sequence[str], findings: Findings) -> int:
    exact = [i for i, own in enumerate(names) if own.strip() == name.strip()]
    hits = exact or [i for i, own in enumerate(names) if fold(own) == fold(name)]
    if len(hits) != 1:
        raise findings.error(f"no column {quote(name)}", f"the columns are {listed(names)}")
    return hits[0]


def _first_of(
    group: Sequence[str], names: Sequence[str], taken: Mapping[str, int], findings: Findings
) -> dict[str, int]:
    for role in group:
        if hit := _detected(role, names, taken, findings):
            return hit
    raise findings.error(
        f"no {group[0]} column among {listed(names)}",
        f"rename the right one to {PLAIN[group[0]]}",
        kind=UnclearColumnError,
    )


def _detected(
    role: str, names: Sequence[str], taken: Mapping[str, int], findings: Findings
) -> dict[str, int]:
    folded = ["" if i in taken.values() else fold(name) for i, name in enumerate(names)]
    hits = [i for known in NAMES[role] for i, name in enumerate(folded) if name == known]
    if not hits:
        return {}
    first, others = hits[0], hits[1:]
    if any(folded[i] == folded[first] for i in others):
        raise findings.error(
            f"columns {listed([names[i] for i in hits])} could each be the {role}",
            f"keep the right one, rename it to {PLAIN[role]} and remove or rename the others",
            kind=UnclearColumnError,
        )
    if others:
        also = listed([names[i] for i in others])
        findings.note(f"column {quote(names[first])} was taken as the {role} (not {also})")
    return {role: first}
