"""Which model predicts best, by how much, and what does each recommend?"""

from __future__ import annotations

from gru_viz.ui import state
from gru_viz.ui.current import current
from gru_viz.ui.frame import facts, frame, remarks
from gru_viz.ui.models.clicks import other_log
from gru_viz.ui.models.lists import lists
from gru_viz.ui.models.not_yet import folded, not_yet
from gru_viz.ui.models.results import choose, of_somebody, open_file
from gru_viz.ui.models.running import cancel
from gru_viz.ui.models.set_up import set_up
from gru_viz.ui.models.shown import results
from gru_viz.ui.train.owner import ask_visitor, owner, visitor

source, head = frame("Which model predicts best?")
now = current(source, late=True)
person = owner() if of_somebody() else visitor()
with head:
    own = choose(person, other_log(now))
    if own is not None and own.run.active:
        cancel(own)
remarks([*now.notes, *state.take_remarks()])
missing = not_yet(now, own, known=person is not None)
if missing:
    set_up(now, person, at_once=True)
if folded(now, own):
    lists(now)
    results(own, fold=True)
else:
    results(own)
    lists(now)
if not missing:
    set_up(now, person)
open_file()
facts(source, now.loaded)
ask_visitor()
