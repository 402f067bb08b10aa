"""Step through a session click by click: what is remembered, and what comes next?"""

from __future__ import annotations

from gru_viz.explain.verify import largest_error
from gru_viz.ui.export import export
from gru_viz.ui.frame import facts
from gru_viz.ui.opening import opening
from gru_viz.ui.session_view import session_view

page = opening("Step through a session", watch=True)
now, trace = page.now, page.trace
with page.buttons:
    export(now, trace)
session_view(now, trace)
facts(now.source, now.loaded, largest_error(trace, now.source.weights))
