"""Does GRU4Rec's lead over the other models shrink as sessions grow long?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gru_viz.compare.experiments.estimates import estimate
from gru_viz.compare.experiments.values import Lead, Long
from gru_viz.compare.names import GRU4REC
from gru_viz.cutoffs import CUTOFF
from gru_viz.learn.breakdown import STARTS
from gru_viz.learn.intervals import resampled_sums
from gru_viz.learn.quality import Ranked

EARLY, LONG = 5, 10  # a session's first predictions; fewer than these make no long session
LATE = tuple(sorted((start for start in STARTS["position"] if start > LONG), reverse=True))
LEAST_SESSIONS = 100


def long(ranks: Mapping[str, Ranked]) -> Long | None:
    """GRU4Rec against each model but the other two cells; None where too few sessions are long.

    Late is what comes from the last of the places 21 and 11 on that LEAST_SESSIONS sessions reach.
    Early and late are of these sessions alone: short ones may be easier or harder at every place.

    ranks: by name, all of the same log, "gru" among them
    """
    own = ranks["gru"]
    reached = {start: len(np.unique(own.session[own.position >= start])) for start in LATE}
    late = next((start for start in LATE if reached[start] >= LEAST_SESSIONS), None)
    if late is None:
        return None
    reaches = np.isin(own.session, own.session[own.position >= late])
    own = own.where(reaches)
    leads = tuple(
        _lead(name, own, other.where(reaches), late) for name, other in ranks.items() if name not in GRU4REC
    )
    return Long(EARLY, late, reached[late], leads)


def _lead(name: str, own: Ranked, other: Ranked, late: int) -> Lead:
    """By session: what hits GRU4Rec has more, and how many predictions, early and late."""
    _, place = np.unique(own.session, return_inverse=True)
    more = (own.ranks <= CUTOFF).astype(np.float64) - (other.ranks <= CUTOFF)
    columns = []
    for part in (own.position <= EARLY, own.position >= late):
        columns += [np.bincount(place, more * part), np.bincount(place, part.astype(np.float64))]
    each = np.stack(columns, axis=1)
    early_lead, late_lead = _leads(each.sum(axis=0, keepdims=True))
    early_drawn, late_drawn = _leads(resampled_sums(each))
    return Lead(
        name,
        estimate(early_lead[0], early_drawn),
        estimate(late_lead[0], late_drawn),
        estimate(early_lead[0] - late_lead[0], early_drawn - late_drawn),
    )


def _leads(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(R,) early and late, from (R, 4) hits more and predictions of both."""
    return sums[:, 0] / sums[:, 1], sums[:, 2] / sums[:, 3]
