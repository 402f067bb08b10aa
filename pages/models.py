"""Which model predicts best, by how much, and what does each recommend?"""

from __future__ import annotations

from gru_viz.compare.words import lead
from gru_viz.ui.chooser import chooser
from gru_viz.ui.current import current
from gru_viz.ui.frame import facts, frame, remarks
from gru_viz.ui.models.deeper import deeper
from gru_viz.ui.models.leaderboard import leaderboard
from gru_viz.ui.models.lists import lists
from gru_viz.ui.models.results import open_another, result
from gru_viz.ui.said import said

source, head = frame("Which model predicts best?")
now = current(source, late=True)
with head:
    chooser(now)
remarks(now.notes)
shown = result()
if shown is not None:
    said(lead(shown.comparison), kind="lead")
    leaderboard(shown)
    deeper(shown.comparison)
lists(now)
open_another(source, now.loaded)
facts(source, now.loaded)
