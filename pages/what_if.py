"""What would it recommend if a click were another, or a gate were held?"""

from __future__ import annotations

from gru_viz.ui.frame import facts
from gru_viz.ui.opening import opening
from gru_viz.ui.what_if.demonstration import demonstrations
from gru_viz.ui.what_if.editing import editing

page = opening("What if a click were another, or a gate held?")
with page.buttons:
    demonstrations(page.now)
facts(page.now.source, page.now.loaded)
editing(page.now, page.trace)
