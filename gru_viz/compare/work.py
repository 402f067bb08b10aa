"""How much of a comparison's work is done, and how long will the rest take?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from gru_viz.compare.contenders import COUNTING_LASTS, LASTS
from gru_viz.compare.experiments.plan import lasts, planned


@dataclass(frozen=True)
class Doing:
    """What a comparison is at: this model, with this share of the data, or an experiment.

    name: a key of `gru_viz.compare.names.NAMES` or of `EXPERIMENTS` there
    done: share of all the work, in [0, 1]
    """

    name: str
    share: float
    done: float
    events_per_s: float
    seconds_left: float


class Work:
    """As far as one can tell beforehand: seconds as they were measured on one log, by name.

    claims: are the experiments that these models allow made, too?
    """

    def __init__(self, names: Sequence[str], shares: Sequence[float], claims: bool) -> None:
        self.seconds = {name: LASTS.get(name, COUNTING_LASTS) for name in names}
        self.all = sum(share * seconds for share in shares for seconds in self.seconds.values())
        if claims:
            tried = {kind: lasts(kind, names) for kind in planned(names)}
            self.seconds |= tried
            self.all += sum(tried.values())
        self.before = 0.0
        self.began = time.monotonic()

    def doing(self, name: str, share: float, done: float, events_per_s: float) -> Doing:
        """done: share of this one model or experiment"""
        part = min((self.before + done * share * self.seconds[name]) / self.all, 1.0)
        spent = time.monotonic() - self.began
        return Doing(name, share, part, events_per_s, spent * (1 - part) / part if part else 0.0)

    def finished(self, name: str, share: float) -> None:
        self.before += share * self.seconds[name]
