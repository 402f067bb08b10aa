"""Which clicks does a view name, given what is loaded?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from gru_viz.catalog import Catalog
from gru_viz.data.shop import Scenario
from gru_viz.sessions import ClickLog
from gru_viz.ui.view import LOG, LONGEST_SESSION, NOTHING, STORY, SessionRef, View


@dataclass(frozen=True)
class Resolved:
    """The clicks to step through, and what to say about them.

    ref:   the session that was asked for, as far as it could be followed
    items: item indices, possibly none (nothing chosen yet); the last len(ref.added) are added
    title: what the session is called
    story: a sentence for someone who knows no equation, or ""
    watch: what to look for, or ""
    notes: what could not be followed
    set_aside: how many of its own clicks the person left out
    """

    ref: SessionRef
    items: tuple[int, ...]
    title: str
    story: str = ""
    watch: str = ""
    notes: tuple[str, ...] = ()
    set_aside: int = 0


def resolve(
    session: SessionRef,
    catalog: Catalog,
    stories: Mapping[str, Scenario],
    find: Callable[[str], Iterable[int] | None],
) -> Resolved:
    """The clicks of `session`; `find` gives a log session's items by its id, or None."""
    own = _own(session, catalog, stories, find)
    items = own.items if session.keep is None else own.items[: session.keep]
    notes: list[str] = []
    added = tuple(item for item in session.added if item in catalog)
    if len(added) < len(session.added):
        missing = len(session.added) - len(added)
        notes.append(f"{missing} of the added items are not in this model's catalogue and were left out.")
    added = added[:LONGEST_SESSION]
    if len(items) + len(added) > LONGEST_SESSION:
        notes.append(f"Of {len(items):,} clicks the first {LONGEST_SESSION - len(added)} are shown.")
        items = items[: LONGEST_SESSION - len(added)]
    return replace(
        own,
        ref=replace(session, added=added),
        items=(*items, *catalog.indices(added)),
        notes=tuple(notes),
        set_aside=0 if session.keep is None else max(len(own.items) - session.keep, 0),
    )


def _own(
    session: SessionRef,
    catalog: Catalog,
    stories: Mapping[str, Scenario],
    find: Callable[[str], Iterable[int] | None],
) -> Resolved:
    """The session without what the person changed; without clicks where there is none of that name."""
    if session.kind == STORY and session.name in stories:
        story = stories[session.name]
        return Resolved(session, tuple(catalog.indices(story.items)), story.name, story.story, story.watch)
    found = find(session.name) if session.kind == LOG else None
    if found is not None:
        return Resolved(session, tuple(int(item) for item in found), f"Session {session.name}")
    return Resolved(session, (), "Your own session" if session.kind == NOTHING else "Choose a session")


def exists(
    session: SessionRef, stories: Mapping[str, Scenario], find: Callable[[str], Iterable[int] | None]
) -> bool:
    """Is there such a session with this model and log?"""
    if session.kind == STORY:
        return session.name in stories
    return session.kind == NOTHING or find(session.name) is not None


def stories_for(catalog: Catalog, scenarios: Iterable[Scenario]) -> dict[str, Scenario]:
    """The named scenarios whose every item this model knows, by key."""
    return {s.key: s for s in scenarios if all(item in catalog for item in s.items)}


def first_session(stories: Mapping[str, Scenario], log: ClickLog | None) -> SessionRef:
    """What to show when nothing was chosen: the first story, else a readable session of the log."""
    if stories:
        return SessionRef(STORY, next(iter(stories)))
    if log is None:
        return SessionRef(NOTHING, "")
    early = log.lengths[:200]
    good = int(early.clip(max=12).argmax())  # long enough to tell something, short enough to read
    return SessionRef(LOG, log.session_ids[good])


def fitted(view: View, clicks: int, units: tuple[int, ...]) -> tuple[View, tuple[str, ...]]:
    """The view with step, layer and unit inside what there is, and a note for each that was not.

    units: hidden units of each layer. A layer that is left open stays open: it means the top one.
    """
    notes: list[str] = []
    step = view.step
    if step > clicks > 0:
        notes.append(f"The session has {clicks} clicks, so click {step} became {clicks}.")
        step = clicks
    layer, unit = view.layer, view.unit
    if layer is not None and layer >= len(units):
        notes.append(f"The model has no layer {layer + 1}; the top one is shown.")
        layer = None
    of_layer = units[-1 if layer is None else layer]
    if unit is not None and not 0 <= unit < of_layer:
        notes.append(f"This layer has units 0 to {of_layer - 1}; no unit is opened.")
        unit = None
    return replace(view, step=step, layer=layer, unit=unit), tuple(notes)


def known_items(view: View, catalog: Catalog) -> tuple[View, tuple[str, ...]]:
    """The view without items to explain that this model does not know, and a note where there were any."""
    known = [
        item_id if item_id is None or item_id in catalog else None for item_id in (view.item, view.against)
    ]
    if known == [view.item, view.against]:
        return view, ()
    left = replace(view, item=known[0], against=known[1])
    return left, ("An item that the address names is not in this model's catalogue.",)
