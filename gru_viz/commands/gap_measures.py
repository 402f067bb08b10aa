"""How many of the shop's hidden clicks does a model find that reads both ways, beside its GRU?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gru_viz.baselines.both_ways import LearnedBothWays
from gru_viz.both_ways import gap_scores
from gru_viz.explain.gap_study import CUTOFFS, PLACES, WAYS, Found, GapStudy
from gru_viz.explain.score_tables import conservative_ranks
from gru_viz.learn.evaluation import ModelScorer, ranked
from gru_viz.learn.intervals import intervals_of, resampled
from gru_viz.learn.paired import margin
from gru_viz.learn.quality import Quality, Ranked, predicted_clicks

if TYPE_CHECKING:
    from gru_viz.both_ways import BothWays
    from gru_viz.model import GRU4Rec
    from gru_viz.sessions import ClickLog

SIDE_BY_SIDE = 500  # sessions


def gap_study(gru: GRU4Rec, both: BothWays, log: ClickLog, digests: dict[str, str]) -> GapStudy:
    """Every click of these sessions but the first, hidden in turn, with paired intervals."""
    asked = {
        "before": ranked(ModelScorer(gru), log),
        "both": gap_ranked(both, log),
        "live": ranked(LearnedBothWays.of(both), log),
    }
    place = asked["before"].position == asked["before"].length - 1
    where = {"inside": ~place, "last": place}
    found = {}
    for name in PLACES:
        ways = {way: _Resampled.of(asked[way].where(where[name])) for way in WAYS[name]}
        for way, one in ways.items():
            for cutoff in CUTOFFS:
                found[name, way, cutoff] = _found(one, ways["before"], cutoff, way)
    clicks = {name: int(where[name].sum()) for name in PLACES}
    return GapStudy(digests, len(log), clicks, found)


def gap_ranked(model: BothWays, log: ClickLog) -> Ranked:
    """The conservative rank of every click but the sessions' first ones when it alone is hidden."""
    sessions = [session.items for session in log]
    ranks = np.concatenate(
        [
            conservative_ranks(gap_scores(model, part), np.concatenate(part))
            for first in range(0, len(sessions), SIDE_BY_SIDE)
            for part in [sessions[first : first + SIDE_BY_SIDE]]
        ]
    )
    return Ranked.of(log, ranks[predicted_clicks(log)])


@dataclass(frozen=True, eq=False)
class _Resampled:
    """Quality of some predictions, and on the resamples of their sessions: (R, 2, K)."""

    quality: Quality
    drawn: np.ndarray

    @staticmethod
    def of(ranks: Ranked) -> _Resampled:
        return _Resampled(ranks.quality(CUTOFFS), resampled(ranks, CUTOFFS))


def _found(one: _Resampled, before: _Resampled, cutoff: int, way: str) -> Found:
    interval = intervals_of(one.drawn, CUTOFFS).recall[cutoff]
    if way == "before":
        return Found(one.quality.recall[cutoff], interval)
    column = [CUTOFFS.index(cutoff)]
    draws = one.drawn[:, :, column], before.drawn[:, :, column]
    more = margin((one.quality, before.quality), draws, cutoff)
    return Found(one.quality.recall[cutoff], interval, more.recall, more.recall_interval)
