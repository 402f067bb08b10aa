"""How often, and how high, did the next click stand among the recommended?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gru_viz.cutoffs import CUTOFFS
from gru_viz.errors import InputError
from gru_viz.frozen import FrozenArrays
from gru_viz.sessions import ClickLog


@dataclass(frozen=True)
class Quality:
    """How often, and how high, the next click stood among the recommended.

    recall:      by cutoff k, share of predictions whose rank is at most k
    mrr:         by cutoff k, mean of 1 / rank, 0 beyond k
    predictions: how many clicks were predicted
    ranks:       how ties count; "conservative": against the prediction
    """

    recall: Mapping[int, float]
    mrr: Mapping[int, float]
    predictions: int
    ranks: str = "conservative"

    @classmethod
    def of(cls, ranks: np.ndarray, cutoffs: tuple[int, ...] = CUTOFFS, ties: str = "conservative") -> Quality:
        """From (P,) ranks: one mean over all predictions, however they were grouped."""
        if len(ranks) == 0:
            raise InputError("nothing to predict: no session has a second click on a known item")
        hits, reciprocal = found(ranks, cutoffs).mean(axis=0)
        return cls(_by(cutoffs, hits), _by(cutoffs, reciprocal), len(ranks), ties)

    def to_dict(self, *cutoffs: int) -> dict[str, float]:
        """{"recall@20": .., "mrr@20": ..} at these cutoffs, or at all."""
        wanted = cutoffs or tuple(self.recall)
        return {f"recall@{k}": self.recall[k] for k in wanted} | {f"mrr@{k}": self.mrr[k] for k in wanted}


def found(ranks: np.ndarray, cutoffs: tuple[int, ...]) -> np.ndarray:
    """(P, 2, K): is the rank at most k, and the reciprocal rank if it is, else 0."""
    hit = ranks[:, None] <= np.array(cutoffs)
    return np.stack([hit, hit / ranks[:, None]], axis=1)


def _by(cutoffs: tuple[int, ...], values: np.ndarray) -> dict[int, float]:
    return dict(zip(cutoffs, values.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Ranked(FrozenArrays):
    """The rank of every predicted click of a log, in the order of the log.

    ranks:    (P,) from 1; halves are possible where `ties` is "median"
    session:  (P,) which session, from 0; also those of one click, which predict nothing, are counted
    position: (P,) which prediction of its session, from 1: the session's second click has position 1
    length:   (P,) clicks of its session
    ties:     "conservative", "standard" or "median"
    """

    ranks: np.ndarray
    session: np.ndarray
    position: np.ndarray
    length: np.ndarray
    ties: str = "conservative"

    @classmethod
    def of(cls, log: ClickLog, ranks: np.ndarray, ties: str = "conservative") -> Ranked:
        """ranks (P,), one for every click but the sessions' first ones, in the order of the log."""
        clicks = predicted_clicks(log)
        session = np.searchsorted(log.offsets, clicks, side="right") - 1
        return cls(ranks, session, clicks - log.offsets[session], log.lengths[session], ties)

    def quality(self, cutoffs: tuple[int, ...] = CUTOFFS) -> Quality:
        """Over all predictions. Raises InputError where there are none."""
        return Quality.of(self.ranks, cutoffs, self.ties)

    def where(self, chosen: np.ndarray) -> Ranked:
        """Just these predictions: (P,) bool."""
        return Ranked(
            self.ranks[chosen], self.session[chosen], self.position[chosen], self.length[chosen], self.ties
        )


def predicted_clicks(log: ClickLog) -> np.ndarray:
    """(P,) positions in ``log.items`` of every click but the sessions' first ones."""
    first = np.zeros(log.n_clicks, dtype=bool)
    first[log.offsets[:-1]] = True
    return np.flatnonzero(~first)
