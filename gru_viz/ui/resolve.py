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

    items: item indices, possibly none (nothing chosen yet)
    title: what the session is called
    story: a sentence for someone who knows no equation, or ""
    watch: what to look for, or ""
    notes: what of the view could not be followed
    """

    items: tuple[int, ...]
    title: str
    story: str = ""
    watch: str = ""
    notes: tuple[str, ...] = ()


def resolve(
    session: SessionRef,
    catalog: Catalog,
    stories: Mapping[str, Scenario],
    find: Callable[[str], Iterable[int] | None],
) -> Resolved:
    """The clicks of `session`; `find` gives a log session's items by its id, or None."""
    own = _own(session, catalog, stories, find)
    items = own.items if session.keep is None else own.items[: session.keep]
    notes = own.notes
    known = [item for item in session.added if item in catalog]
    if len(known) < len(session.added):
        missing = len(session.added) - len(known)
        notes += (f"{missing} of the added items are not in this model's catalogue and were left out.",)
    items = (*items, *catalog.indices(known))
    if len(items) > LONGEST_SESSION:
        notes += (f"The session has {len(items):,} clicks; the first {LONGEST_SESSION} are shown.",)
        items = items[:LONGEST_SESSION]
    return replace(own, items=items, notes=notes)


def _own(
    session: SessionRef,
    catalog: Catalog,
    stories: Mapping[str, Scenario],
    find: Callable[[str], Iterable[int] | None],
) -> Resolved:
    """The session without what the person changed."""
    if session.kind == NOTHING:
        return Resolved((), "Your own session")
    if session.kind == STORY and session.name in stories:
        story = stories[session.name]
        return Resolved(tuple(catalog.indices(story.items)), story.name, story.story, story.watch)
    found = find(session.name) if session.kind == LOG else None
    if found is None:
        what = "story" if session.kind == STORY else "session"
        return Resolved((), "Choose a session", notes=(f"There is no {what} {session.name!r} here.",))
    return Resolved(tuple(int(item) for item in found), f"Session {session.name}")


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

    units: hidden units of each layer
    """
    notes: list[str] = []
    step = view.step
    if step > clicks > 0:
        notes.append(f"The session has {clicks} clicks, so click {step} became {clicks}.")
        step = clicks
    top = len(units) - 1
    layer = top if view.layer is None else view.layer
    if layer > top:
        notes.append(f"The model has no layer {layer + 1}; the top one is shown.")
        layer = top
    unit = view.unit
    if unit is not None and not 0 <= unit < units[layer]:
        notes.append(f"Layer {layer + 1} has units 0 to {units[layer] - 1}; no unit is opened.")
        unit = None
    return replace(view, step=step, layer=layer, unit=unit), tuple(notes)
