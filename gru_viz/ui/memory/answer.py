"""Which item is explained on this page, after which click, and what are the three answers?"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from gru_viz.explain.trust import Trust, trust
from gru_viz.explain.why import Why, why
from gru_viz.trace import Trace
from gru_viz.ui.current import Current
from gru_viz.ui.sources import Source

KEPT = 64  # answers kept on the server, by the content they were worked out from


@dataclass(frozen=True, eq=False)
class Answer:
    """What the Memory page speaks of.

    step:  the click in view, 0-based
    why:   the three answers for the item chosen, else the first recommended
    trust: how exact all this is
    """

    now: Current
    trace: Trace
    step: int
    why: Why
    trust: Trust

    def about(self, *what: Hashable) -> Hashable:
        """The key of something worked out from this answer."""
        now = self.now
        return (*what, now.source.digest, now.session.items, self.step, self.why.item, self.why.against)


def answered(now: Current, trace: Trace) -> Answer:
    """The answers for the view's item, or for its two items, after the view's click."""
    catalog, view, step = trace.catalog, now.view, now.view.step - 1
    item = int(trace.ranking(step, 1)[0]) if view.item is None else catalog.index(view.item)
    against = None if view.against is None else catalog.index(view.against)
    if against == item:
        against = None
    source = now.source
    answers = _answers(source, trace, source.digest, now.session.items, step, item, against)
    return Answer(now, trace, step, *answers)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _answers(
    _source: Source,
    _trace: Trace,
    digest: str,
    items: tuple[int, ...],
    step: int,
    item: int,
    against: int | None,
) -> tuple[Why, Trust]:
    del digest, items  # part of the cache's key only
    answers = why(_trace, _source.weights, item, _source.last_clicks, against, step)
    return answers, trust(_trace, _source.weights, answers)
