"""What is recorded of a session and its variants, and which two of them are compared, where?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gru_viz.explain.changes import Changes, changes, changes_sentence, same_clicks
from gru_viz.explain.words import Part, Sentence, share, title
from gru_viz.interventions import Interventions, from_text
from gru_viz.trace import Trace
from gru_viz.ui.variants import Items, name, sessions
from gru_viz.ui.view import View

Record = Callable[[tuple[int, ...], Interventions], Trace]


@dataclass(frozen=True, eq=False)
class Scene:
    """The session, number 0, and its variants, one trace each; one is edited, one is the reference.

    changes: the one shown against the reference, each after its compared click
    """

    traces: tuple[Trace, ...]
    shown: int
    pinned: int
    changes: Changes

    @property
    def reference(self) -> Trace:
        return self.traces[self.pinned]

    @property
    def variant(self) -> Trace:
        return self.traces[self.shown]

    @property
    def steps(self) -> tuple[int, int]:
        """The compared clicks, 0-based: of the reference, of the one shown."""
        return self.changes.steps


def scene(view: View, session: Trace, record: Record) -> Scene:
    """The scene of a view that fits; `session` is the trace of the session itself."""
    catalog = session.catalog
    own = tuple(catalog.ids[item] for item in session.items)
    variants = sessions(view, own)[1:]
    traces = (session, *(record(tuple(catalog.indices(v.items)), from_text(v.forced)) for v in variants))
    reference, variant = traces[view.pinned], traces[view.shown]
    at = len(reference) - 1 if view.at is None else view.at - 1
    item = None if view.item is None else catalog.index(view.item)
    steps = at, counterpart(reference.items, variant.items, at)
    return Scene(traces, view.shown, view.pinned, changes(reference, variant, steps, item=item))


def counterpart(reference: np.ndarray, variant: np.ndarray, click: int) -> int:
    """Which click of the variant stands for this one of the reference, 0-based.

    Where none does, the one with as many clicks after it, or else the first or last.
    """
    pairs = dict(same_clicks(reference, variant).tolist())
    return pairs.get(click, max(len(variant) - (len(reference) - click), 0))


def scene_sentence(scene: Scene) -> Sentence:
    """What is different, said of which two, after which click."""
    at, now = scene.steps
    last = (at, now) == (len(scene.reference) - 1, len(scene.variant) - 1)
    after = "after the last click" if last else f"after click {now + 1}"
    who = name(scene.shown) if scene.shown else "The session"
    if scene.shown == scene.pinned:
        best = int(scene.variant.ranking(now, 1)[0])
        probability = share(float(scene.variant.probability(np.array([best]), now)[0]))
        opening = (
            Part(f"{who}, {after}: "),
            title(scene.variant, best),
            Part(" comes first ("),
        )
        does = "This is the reference. " if scene.shown else ""
        return (
            *opening,
            probability,
            Part(f"). {does}Change a click or force a gate, and watch the list move."),
        )
    other = name(scene.pinned).lower() if scene.pinned else "the session"
    return (
        Part(f"{who} against {other}, {after}: "),
        *changes_sentence(scene.reference, scene.variant, scene.changes),
    )


def items_of(trace: Trace) -> Items:
    return tuple(trace.catalog.ids[item] for item in trace.items)
