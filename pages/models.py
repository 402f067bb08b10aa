"""Which model predicts best, by how much, and what does each recommend?"""

from __future__ import annotations

from gru_viz.ui import state
from gru_viz.ui.chooser import chooser
from gru_viz.ui.current import current
from gru_viz.ui.frame import facts, frame, remarks
from gru_viz.ui.models.clicks import other_log
from gru_viz.ui.models.lists import lists
from gru_viz.ui.models.results import choose, of_the_shop, open_file
from gru_viz.ui.models.running import cancel
from gru_viz.ui.models.set_up import set_up
from gru_viz.ui.models.shown import results
from gru_viz.ui.train.owner import ask_visitor, visitor

source, head = frame("Which model predicts best?")
now = current(source, late=True)
person, other = visitor(), other_log(now)
with head:
    chooser(now)
    own = choose(person, other)
    if own is not None and own.run.active:
        cancel(own)
remarks([*now.notes, *state.take_remarks()])
if other is not None:
    set_up(now, person, of_the_shop(own))
results(own)
lists(now)
if other is None:
    set_up(now, person, of_the_shop=False)
open_file()
facts(source, now.loaded)
ask_visitor()
