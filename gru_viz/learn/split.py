"""Which sessions are kept back, to see how well the next ones are predicted?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.sessions import ClickLog

MIN_SESSION = 2  # clicks; nothing can be predicted from, or learned of, a shorter one


@dataclass(frozen=True, eq=False)
class Split:
    """A log in two parts over one catalogue: the items of the training part.

    train:            the earlier sessions
    test:             the last share of the sessions by time
    dropped_clicks:   test clicks on items that no training session has
    dropped_sessions: test sessions of which fewer than two clicks were left
    """

    train: ClickLog
    test: ClickLog
    dropped_clicks: int
    dropped_sessions: int


def split_by_time(log: ClickLog, share: float) -> Split:
    """The last `share` of the sessions, by their first click, apart from the others.

    A log without times is split in file order. Raises InputError where a part would
    be empty.
    """
    if not 0 < share < 1:
        raise InputError(f"the share held out must be above 0 and below 1, not {share}")
    cut = len(log) - max(1, round(len(log) * share))
    if cut < 1:
        raise InputError(f"{len(log)} session(s) are too few to hold some out; give a test log instead")
    train = seen_only(log.select(np.arange(cut)))
    later = log.select(np.arange(cut, len(log)))
    test = onto(later, train.catalog)
    if test is None:
        raise InputError("no held-out session has two clicks on items of the training sessions")
    trained = log.items[: log.offsets[cut]]
    unknown = np.count_nonzero(~np.isin(later.items, trained))
    return Split(train, test, int(unknown), len(later) - len(test))


def seen_only(log: ClickLog) -> ClickLog:
    """The same sessions over a catalogue of just the items they click, in the catalogue's order."""
    seen = np.unique(log.items)
    if len(seen) == len(log.catalog):
        return log
    ids, titles, categories = (
        tuple(column[i] for i in seen)
        for column in (log.catalog.ids, log.catalog.titles, log.catalog.categories)
    )
    items = np.searchsorted(seen, log.items)
    return ClickLog(Catalog(ids, titles, categories), items, log.offsets, log.session_ids, log.times)


def onto(log: ClickLog, catalog: Catalog) -> ClickLog | None:
    """The log over another catalogue: clicks on items it lacks leave, then sessions of one click.

    None if nothing is left.
    """
    new_index = np.array([catalog.index(i) if i in catalog else -1 for i in log.catalog.ids])
    items = new_index[log.items]
    known = items >= 0
    session = np.repeat(np.arange(len(log)), log.lengths)
    length = np.bincount(session[known], minlength=len(log))
    kept_sessions = np.flatnonzero(length >= MIN_SESSION)
    if len(kept_sessions) == 0:
        return None
    clicks = known & (length >= MIN_SESSION)[session]
    return ClickLog(
        catalog,
        items[clicks],
        np.concatenate([[0], np.cumsum(length[kept_sessions])]),
        tuple(log.session_ids[int(s)] for s in kept_sessions),
        None if log.times is None else log.times[clicks],
    )
