"""Whose are the GRU4Recs in the lists, how were they trained, and did they learn from the session shown?"""

from __future__ import annotations

from collections.abc import Sequence

from gru_viz.explain.cell_studies import SIZES
from gru_viz.explain.claims.elsewhere import cells_training
from gru_viz.ui.cells.loaded import Cells
from gru_viz.ui.current import Current
from gru_viz.ui.models.clicks import is_its_own, of_the_shop, place_in_log
from gru_viz.ui.sources import SAMPLE

NEITHER = "not the leaderboard's"


def whose_words(now: Current, others: Cells, names: Sequence[str]) -> str:
    """Plain text.

    others: what stands beside the model in view; names: how all of them are called
    """
    if now.source.key != SAMPLE:
        return f"{names[0]} is the model in view, {NEITHER}.{_learned(now, 'It')}"
    study = None if others.studies is None else others.studies.by_size.get(SIZES[0])
    how = "" if study is None else f": {cells_training(SIZES[0], study)}"
    one = len(names) == 1
    listed = names[0] if one else f"{', '.join(names[:-1])} and {names[-1]}"
    are = "is the Cells page's" if one else "are the Cells page's"
    return f"{listed} {are}, {NEITHER}{how}.{_learned(now, 'It' if one else 'They')}"


def _learned(now: Current, who: str) -> str:
    """Of a session from the log; the clicks of a story or of one's own are in none."""
    place = place_in_log(now)
    if place is None:
        return ""
    if is_its_own(now):
        return f" {who} did not learn from the session shown."
    trained = now.source.about.get("training") if of_the_shop(now) else None
    learned = trained.get("sessions") if isinstance(trained, dict) else None  # so many, the earliest ones
    if type(learned) is int:
        did = "learned from the session shown, too" if place < learned else "did not learn from the one shown"
        return f" {who} {did}."
    return f" Whether {who.lower()} learned from the session shown is not known here."
