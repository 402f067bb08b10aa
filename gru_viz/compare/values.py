"""What did a comparison of models find?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gru_viz.compare.experiments.values import Experiments
from gru_viz.cutoffs import CUTOFF
from gru_viz.learn.breakdown import Breakdown
from gru_viz.learn.intervals import Interval, Intervals
from gru_viz.learn.quality import Quality as Quality


@dataclass(frozen=True)
class Cost:
    """What a model takes.

    parameters:      numbers learned by gradient; None for one that counts
    fit_seconds:     of the processor, to learn
    predict_seconds: of the processor, to score all items after one click; many were scored side by side
    """

    parameters: int | None
    fit_seconds: float
    predict_seconds: float


@dataclass(frozen=True)
class Compared:
    """One model on the held-out clicks.

    name:       a key of `gru_viz.compare.names.NAMES`
    breakdowns: by position and by length; none where only a share of the data was learned from
    """

    name: str
    quality: Quality
    intervals: Intervals
    cost: Cost
    breakdowns: tuple[Breakdown, ...] = ()

    @property
    def recall(self) -> float:
        return self.quality.recall[CUTOFF]


@dataclass(frozen=True)
class Difference:
    """By how much `first` is above `second` on the same predictions; below 0: it is below.

    recall, mrr:                     at CUTOFF, in [-1, 1]
    recall_interval, mrr_interval:   of the difference, both on the same resamples of the sessions;
                                     narrower than two intervals set side by side would suggest
    """

    first: str
    second: str
    recall: float
    recall_interval: Interval
    mrr: float
    mrr_interval: Interval

    @property
    def turned(self) -> Difference:
        """The same, of `second` against `first`."""
        return Difference(
            self.second,
            self.first,
            -self.recall,
            (-self.recall_interval[1], -self.recall_interval[0]),
            -self.mrr,
            (-self.mrr_interval[1], -self.mrr_interval[0]),
        )


@dataclass(frozen=True)
class Round:
    """All models after learning from the same share of the training sessions.

    share:       in (0, 1]
    sessions:    so many, spread evenly over the time
    models:      in the order in which they were measured
    differences: of every two of them
    """

    share: float
    sessions: int
    models: tuple[Compared, ...]
    differences: tuple[Difference, ...]

    @property
    def ranked(self) -> tuple[Compared, ...]:
        """Best Recall first; of equally good ones the better MRR, then the one measured first."""
        return tuple(sorted(self.models, key=lambda model: (-model.recall, -model.quality.mrr[CUTOFF])))

    def find(self, name: str) -> Compared | None:
        return next((model for model in self.models if model.name == name), None)

    def difference(self, first: str, second: str) -> Difference | None:
        """Of `first` against `second`; None unless both were measured."""
        for found in self.differences:
            if (found.first, found.second) == (first, second):
                return found
            if (found.first, found.second) == (second, first):
                return found.turned
        return None


@dataclass(frozen=True)
class About:
    """On what the models were compared.

    log, test:   what to call the clicks that were learned from, and those predicted, for people
    items:       in the catalogue
    test_sessions, predictions: of the held-out part
    seed:        of every model
    settings:    which preset the three GRU4Recs were trained with
    limit:       what the process that made the log itself reaches; None where there is no such process
    """

    log: str
    test: str
    items: int
    test_sessions: int
    predictions: int
    seed: int = 0
    settings: str = "best"
    limit: Quality | None = None


@dataclass(frozen=True)
class Comparison:
    """Several models on the same clicks.

    rounds:      the whole log first, then smaller shares of it
    complete:    False where it was stopped before all was measured
    experiments: what else was measured of the models of the whole log; None where nobody asked
    """

    about: About
    rounds: tuple[Round, ...]
    complete: bool = False
    experiments: Experiments | None = None

    @property
    def whole(self) -> Round:
        return self.rounds[0]

    def finished(self) -> Comparison:
        return replace(self, complete=True)
