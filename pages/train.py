"""Train a model on a click log, watch it learn, and see how good it is."""

from __future__ import annotations

from gru_viz.ui import state
from gru_viz.ui.frame import facts, frame, remarks
from gru_viz.ui.sources import sessions_of
from gru_viz.ui.train.ended import ended
from gru_viz.ui.train.owner import owner
from gru_viz.ui.train.running import cancel, running
from gru_viz.ui.train.runs import choose_run, making_room
from gru_viz.ui.train.set_up import set_up

source, head = frame("Train on your own log")
person = owner()
with head:
    run = choose_run(person)
notes = state.take_remarks()
remarks(notes)
if run is None:
    set_up(person, notes)
    making_room(person)
elif run.active:
    with head:
        cancel(run.id, person)
    running(run, person)
else:
    ended(run, person)
facts(source, sessions_of(source))
