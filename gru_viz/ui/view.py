"""What is this person looking at, and which link shows exactly that?

A View is a frozen value; every change is a pure function from one View to the next.
It is mirrored in the address with named parameters, each one checked on the way in:
an address is user input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote

from gru_viz.anatomy import QUANTITIES
from gru_viz.compare.names import NAMES
from gru_viz.errors import InputError
from gru_viz.interventions import from_text, to_text

STORY, LOG, NOTHING = "story", "log", "items"
SORTS = ("half-life", "index", "activity", "contribution")
PANELS = ("carried", "remembers", "forgets", "lens", "reset", "gradient", "log")
QUESTIONS = ("units", "flip")
LOOKS = ("where", "data", "claims")
LISTS = ("loaded", *NAMES)
DEEPER = ("exploding", "equations", "conventions", "both_ways")
OF_NO_MODEL = (
    *("keeps", "gates", "size", "after", "clip", "deeper"),
    *("sort", "panel", "compared", "look", "lists"),
)
MOST_VARIANTS = 3  # beside the session as it is
LONGEST_SESSION = 500  # clicks the stepper takes; beyond that the columns are thinner than a pixel
MAX_ID = 200  # characters of an id in a link


@dataclass(frozen=True)
class SessionRef:
    """Which session: where it comes from, how much of it is kept, what the person added.

    kind, name: a story's key, a log's session id, or ("items", "") for one started from nothing
    keep:       how many of its own clicks are kept before the added ones; None for all
    added:      item ids the person chose
    """

    kind: str = STORY
    name: str = "detour"
    keep: int | None = None
    added: tuple[str, ...] = ()


@dataclass(frozen=True)
class Variant:
    """What if: other clicks, or something forced.

    items:  item ids, at least one
    forced: interventions as `gru_viz.interventions.to_text` writes them
    """

    items: tuple[str, ...]
    forced: str = ""


@dataclass(frozen=True)
class View:
    """Everything that a link restores.

    model: which loaded model ("sample", "given", or the digest of an upload)
    step:  1-based click; None where nobody chose one, and each page begins where it likes
    layer: 0-based from the input side; None for the top one
    unit:  the unit whose arithmetic is open, or None
    keeps: show z as PyTorch does, 1 − z
    gates: show the gates of the Cells page's boards
    size:  how many units the shop's cells have there; None for as many as its own model
    after: is the GRU there the one with reset after?
    clip:  is the training with clipping the one in full where the gradient explodes?
    deeper: which of that page's further questions are open
    item:  id of the item whose score is explained; None for the first recommended
    against: id of the item it is compared with, or None
    panel: which further question of the Memory page is open, or None
    click: 1-based, the click whose forgetting is shown; None for the one that matters most
    variants: what the What-if page sets beside the session; ui/variants.py changes them
    shown:  which one is edited there, 0 the session itself
    pinned: which one it is compared with, 0 the session itself
    at:     1-based click of the pinned one after which they are compared; None for the last one
    question: which further question of the What-if page is open, or None
    differ: of which quantity the What-if page draws the differences; None for the state's
    job:   which training the Train page shows, or "new"; None for the newest
    epoch: 1-based, the epoch of it that is replayed, or None
    compared: whose results the Models page shows: a comparison's id, "shop" or "file"; None for those
           that go with what is loaded
    look:  which further question of that page is open, or None
    lists: the models whose lists stand side by side there, "loaded" or a name; None for a few of them
    """

    model: str = "sample"
    session: SessionRef = SessionRef()
    step: int | None = None
    layer: int | None = None
    unit: int | None = None
    keeps: bool = False
    gates: bool = False
    size: int | None = None
    after: bool = False
    clip: bool = False
    deeper: tuple[str, ...] = ()
    sort: str = SORTS[0]
    item: str | None = None
    against: str | None = None
    panel: str | None = None
    click: int | None = None
    variants: tuple[Variant, ...] = ()
    shown: int = 0
    pinned: int = 0
    at: int | None = None
    question: str | None = None
    differ: str | None = None
    job: str | None = None
    epoch: int | None = None
    compared: str | None = None
    look: str | None = None
    lists: tuple[str, ...] | None = None


def choose_model(view: View, model: str, session: SessionRef) -> View:
    """Another model; what belonged to the old one's session and units is gone, OF_NO_MODEL stays."""
    stays = {name: getattr(view, name) for name in OF_NO_MODEL}
    return View(model=model, session=session, **stays)


def choose_session(view: View, session: SessionRef) -> View:
    """Another session, from its beginning; unit, order and convention stay, items and variants do not."""
    kept = replace(view, variants=(), shown=0, pinned=0, at=None)
    return replace(kept, session=session, step=None, item=None, against=None, click=None)


def explain(view: View, item: str | None, against: str | None = None) -> View:
    """Another item to explain (None: the first recommended), or two to compare."""
    return replace(view, item=item, against=against if against != item else None)


def append(view: View, item_id: str, step: int, clicks: int) -> View:
    """Continue from click `step` of `clicks` with this item; what came after it is set aside."""
    session = view.session
    own = clicks - len(session.added)  # clicks that are not the person's
    if step <= own:
        keep = None if step == own and session.keep is None else step
        added: tuple[str, ...] = (item_id,)
    else:
        keep, added = session.keep, (*session.added[: step - own], item_id)
    return replace(view, session=replace(session, keep=keep, added=added), step=step + 1)


def undo(view: View, clicks: int) -> View:
    """Take the last added click back; with none left the whole session is there again."""
    session = view.session
    if not session.added:
        return view
    added = session.added[:-1]
    restored = replace(session, added=added, keep=session.keep if added else None)
    return replace(view, session=restored, step=max(clicks - 1, 1))


def reset(view: View, clicks: int) -> View:
    """The session as it was before anything was added, at the click where the person left it."""
    own = clicks - len(view.session.added)
    return replace(view, session=replace(view.session, keep=None, added=()), step=max(own, 1))


def look(view: View, reported: Mapping[str, Any]) -> View:
    """What the stepper reports: step, unit, keeps, gates, sort and layer; anything odd is left out."""
    changes: dict[str, Any] = {}
    for name, low in (("step", 1), ("layer", 0)):
        if _whole(reported.get(name)) and reported[name] >= low:
            changes[name] = reported[name]
    if "unit" in reported and (reported["unit"] is None or _whole(reported["unit"])):
        changes["unit"] = reported["unit"]
    for name in ("keeps", "gates"):
        if isinstance(reported.get(name), bool):
            changes[name] = reported[name]
    if reported.get("sort") in SORTS:
        changes["sort"] = reported["sort"]
    return replace(view, **changes)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def to_query(view: View, default_model: str = "sample") -> dict[str, str]:
    """The view as address parameters; what stands at its default is left out."""
    session = view.session
    base = session.kind if session.kind == NOTHING else f"{session.kind}:{session.name}"
    values: dict[str, str | None] = {
        "model": view.model if view.model != default_model else None,
        "session": base,
        "keep": None if session.keep is None else str(session.keep),
        "add": _listed(session.added) or None,
        "step": None if view.step is None else str(view.step),
        "layer": None if view.layer is None else str(view.layer + 1),
        "unit": None if view.unit is None else str(view.unit),
        "z": "keeps" if view.keeps else None,
        "gates": "shown" if view.gates else None,
        "size": None if view.size is None else str(view.size),
        "reset": "after" if view.after else None,
        "clip": "on" if view.clip else None,
        "deeper": ",".join(view.deeper) or None,
        "sort": view.sort if view.sort != SORTS[0] else None,
        "item": view.item,
        "against": view.against,
        "panel": view.panel,
        "click": None if view.click is None else str(view.click),
        **{f"v{n}": _variant_text(variant) for n, variant in enumerate(view.variants, 1)},
        "edit": str(view.shown) if view.shown else None,
        "pin": str(view.pinned) if view.pinned else None,
        "at": None if view.at is None else str(view.at),
        "question": view.question,
        "differ": view.differ,
        "job": view.job,
        "epoch": None if view.epoch is None else str(view.epoch),
        "compared": view.compared,
        "look": view.look,
        "lists": None if view.lists is None else ",".join(view.lists) or "none",
    }
    return {name: value for name, value in values.items() if value is not None}


def from_query(query: Mapping[str, str], default_model: str = "sample") -> tuple[View, tuple[str, ...]]:
    """The view that an address names, and a note for each parameter that did not fit.

    What does not fit is ignored; nothing here raises.
    """
    notes: list[str] = []

    def whole(name: str, low: int, high: int) -> int | None:
        if name not in query:
            return None
        text = query[name]
        if text.isascii() and text.isdigit() and len(text) <= 6 and low <= int(text) <= high:
            return int(text)
        notes.append(f"{name} must be a whole number from {low} to {high}")
        return None

    def one_of(name: str, allowed: tuple[str, ...]) -> str | None:
        value = query.get(name)
        if value is None or value in allowed:
            return value
        notes.append(f"{name} must be {' or '.join(allowed)}")
        return None

    def some_of(name: str, allowed: tuple[str, ...], nothing: str | None = None) -> tuple[str, ...]:
        asked = query.get(name, "").split(",")
        if name in query and not set(asked) <= {*allowed, nothing}:
            notes.append(f"{name} may name {', '.join(allowed)}")
        return tuple(one for one in allowed if one in asked)

    def short_id(name: str, what: str = "an item's id") -> str | None:
        value = query.get(name)
        if value is None or 0 < len(value) <= MAX_ID:
            return value
        notes.append(f"{name} must be {what}")
        return None

    layer = whole("layer", 1, 99)
    variants = _variants(query, notes)
    view = View(
        model=query.get("model", default_model)[:MAX_ID],
        session=_session(query, whole("keep", 1, LONGEST_SESSION), notes),
        step=whole("step", 1, LONGEST_SESSION),
        layer=None if layer is None else layer - 1,
        unit=whole("unit", 0, 99_999),
        keeps=one_of("z", ("keeps", "writes")) == "keeps",
        gates=one_of("gates", ("shown", "hidden")) == "shown",
        size=whole("size", 1, 9_999),
        after=one_of("reset", ("before", "after")) == "after",
        clip=one_of("clip", ("on", "off")) == "on",
        deeper=some_of("deeper", DEEPER),
        sort=one_of("sort", SORTS) or SORTS[0],
        item=short_id("item"),
        against=short_id("against"),
        panel=one_of("panel", PANELS),
        click=whole("click", 1, LONGEST_SESSION),
        variants=variants,
        shown=whole("edit", 0, len(variants)) or 0,
        pinned=whole("pin", 0, len(variants)) or 0,
        at=whole("at", 1, LONGEST_SESSION),
        question=one_of("question", QUESTIONS),
        differ=one_of("differ", QUANTITIES),
        job=short_id("job", "a training's id"),
        epoch=whole("epoch", 1, 99_999),
        compared=short_id("compared", "a comparison's id"),
        look=one_of("look", LOOKS),
        lists=None if "lists" not in query else some_of("lists", LISTS, "none"),
    )
    return view, tuple(notes)


def _session(query: Mapping[str, str], keep: int | None, notes: list[str]) -> SessionRef:
    added = _ids(query.get("add", ""))
    if added is None:
        notes.append(f"add may name at most {LONGEST_SESSION} items of at most {MAX_ID} characters")
        added = ()
    kind, _, name = query.get("session", "").partition(":")
    if kind == NOTHING:
        return SessionRef(NOTHING, "", None, added)
    if kind in (STORY, LOG) and 0 < len(name) <= MAX_ID:
        return SessionRef(kind, name, keep, added)
    if "session" in query:
        notes.append("session must be story:NAME, log:ID or items")
    return SessionRef(keep=keep, added=added)


def _listed(items: tuple[str, ...]) -> str:
    return ",".join(quote(item, safe="") for item in items)


def _ids(text: str) -> tuple[str, ...] | None:
    """The ids that `_listed` wrote; None for more or longer ones than a link may hold."""
    items = tuple(unquote(item) for item in text.split(",") if item)
    fits = len(items) <= LONGEST_SESSION and all(len(item) <= MAX_ID for item in items)
    return items if fits else None


def _variant_text(variant: Variant) -> str:
    return _listed(variant.items) + (f"!{variant.forced}" if variant.forced else "")


def _variants(query: Mapping[str, str], notes: list[str]) -> tuple[Variant, ...]:
    """Those of v1, v2, v3 that are sound, in order."""
    found = []
    for name in (f"v{n}" for n in range(1, MOST_VARIANTS + 1)):
        if name not in query:
            continue
        listed, _, forced = query[name].partition("!")
        items = _ids(listed)
        if not items:
            notes.append(f"{name} must name 1 to {LONGEST_SESSION} items of at most {MAX_ID} characters")
            continue
        try:
            found.append(Variant(items, to_text(from_text(forced))))
        except InputError as error:
            notes.append(f"{name}: {error}")
            found.append(Variant(items))
    return tuple(found)
