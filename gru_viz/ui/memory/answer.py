"""Which item is explained on this page, after which click, and what are the three answers?"""

from __future__ import annotations

from dataclasses import dataclass

from gru_viz.explain.trust import Trust, trust
from gru_viz.explain.why import Why, why
from gru_viz.trace import Trace
from gru_viz.ui.current import Current


@dataclass(frozen=True, eq=False)
class Answer:
    """What the Memory page speaks of.

    step: the click in view, 0-based
    why:  the three answers for the item chosen, else the first recommended
    trust: how exact all this is
    """

    now: Current
    trace: Trace
    step: int
    why: Why
    trust: Trust


def answered(now: Current, trace: Trace) -> Answer:
    """The answers for the view's item, or for its two items, after the view's click."""
    catalog, view, step = trace.catalog, now.view, now.view.step - 1
    first = int(trace.ranking(step, 1)[0])
    item = first if view.item is None else catalog.index(view.item)
    against = None if view.against is None else catalog.index(view.against)
    if against == item:
        against = None
    source = now.source
    answers = why(trace, source.weights, item, source.last_clicks, against, step)
    return Answer(now, trace, step, answers, trust(trace, source.weights, answers))
