"""How do all models learn from the same clicks and get measured on the same others?"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

import numpy as np

from gru_viz.compare.contenders import Learned, learned, told
from gru_viz.compare.experiments.run import REUSED, Material, experiments
from gru_viz.compare.experiments.values import Experiments
from gru_viz.compare.paired import difference
from gru_viz.compare.values import About, Compared, Comparison, Cost, Difference, Round
from gru_viz.compare.work import Doing as Doing
from gru_viz.compare.work import Work
from gru_viz.cutoffs import CUTOFF
from gru_viz.learn.breakdown import breakdown
from gru_viz.learn.evaluation import Scorer, ranked
from gru_viz.learn.intervals import intervals, resampled
from gru_viz.learn.quality import Ranked
from gru_viz.sessions import ClickLog

LEARNING = 0.9  # share of a model's time that learning takes, measuring the rest; for the time left


def compare(
    train: ClickLog,
    test: ClickLog,
    about: About,
    names: Sequence[str],
    shares: Sequence[float] = (1.0,),
    claims: bool = False,
) -> Iterator[Doing | Comparison]:
    """A Doing now and then, and after each model or experiment that is finished the Comparison so far.

    train, test: over one catalogue
    names:       keys of `gru_viz.compare.names.NAMES`
    shares:      of the training sessions to learn from, the whole (1) first
    claims:      make the experiments for the textbook's claims, too

    The last Comparison alone is complete. To cancel, stop asking for more. Raises InputError where
    there is nothing to learn or to predict.
    """
    work = Work(names, shares, about.settings, claims)
    rounds: tuple[Round, ...] = ()
    found: Comparison | None = None
    kept = Material(train, test, about.seed, about.settings, {}, {}, {})
    for share in shares:
        some = spread(train, share)
        so_far = Round(share, len(some), (), ())
        drawn: dict[str, np.ndarray] = {}
        for name in names:
            model, ranks, cost = yield from _measured(name, some, test, about, work, share)
            if claims and share == 1:
                kept = _with_material(kept, name, model, ranks, cost)
            drawn[name] = resampled(ranks, (CUTOFF,))
            one = _compared(name, ranks, cost, whole=share == 1)
            so_far = _with(so_far, one, drawn)
            work.finished(name, share)
            found = Comparison(about, (*rounds, so_far))
            yield found
        rounds = (*rounds, so_far)
    if found is not None:
        if claims:
            found = yield from _experiments(found, kept, work)
        yield found.finished()


def _measured(
    name: str, train: ClickLog, test: ClickLog, about: About, work: Work, share: float
) -> Generator[Doing, None, tuple[Learned, Ranked, Cost]]:
    """The model after learning, its ranks of the held-out clicks, and what both took."""
    yield work.doing(name, share, 0.0, 0.0)
    began = time.process_time()
    steps = learned(name, train, about.seed, about.settings)
    model = yield from told(
        steps, lambda step: work.doing(name, share, LEARNING * step.done, step.events_per_s)
    )
    seconds = time.process_time() - began
    yield work.doing(name, share, LEARNING, 0.0)
    ranks, each = _ranked(model.scorer, test)
    return model, ranks, Cost(model.parameters, seconds, each)


def _with_material(kept: Material, name: str, model: Learned, ranks: Ranked, cost: Cost) -> Material:
    """What the experiments need of this model; not the model itself, where none uses it again."""
    reused = {name: model} if name in REUSED else {}
    return replace(
        kept,
        learned={**kept.learned, **reused},
        ranks={**kept.ranks, name: ranks},
        seconds={**kept.seconds, name: cost.fit_seconds},
    )


def _experiments(
    found: Comparison, kept: Material, work: Work
) -> Generator[Doing | Comparison, None, Comparison]:
    kind = ""
    for event in experiments(kept):
        if isinstance(event, Experiments):
            work.finished(kind, 1.0)
            found = replace(found, experiments=event)
            yield found
        else:
            kind = event.kind
            yield work.doing(kind, 1.0, event.done, event.events_per_s)
    return found


def spread(log: ClickLog, share: float) -> ClickLog:
    """This share of the sessions, at least one, spread evenly over the time; the same catalogue."""
    if share == 1:
        return log
    return log.select(np.linspace(0, len(log) - 1, max(1, round(share * len(log)))).astype(np.int64))


class _Timed:
    """A scorer that counts the processor's seconds it takes, without what is done with its scores."""

    def __init__(self, scorer: Scorer) -> None:
        self.scorer, self.seconds = scorer, 0.0

    def predictions(self, log: ClickLog) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        blocks = iter(self.scorer.predictions(log))
        while True:
            began = time.process_time()
            block = next(blocks, None)
            self.seconds += time.process_time() - began
            if block is None:
                return
            yield block


def _ranked(scorer: Scorer, test: ClickLog) -> tuple[Ranked, float]:
    """The ranks of the held-out clicks, and the processor's seconds a prediction took."""
    timed = _Timed(scorer)
    ranks = ranked(timed, test)
    return ranks, timed.seconds / max(len(ranks.ranks), 1)


def _compared(name: str, ranks: Ranked, cost: Cost, whole: bool) -> Compared:
    cutoffs = (CUTOFF,)
    by = (breakdown(ranks, "position", cutoffs), breakdown(ranks, "length", cutoffs)) if whole else ()
    return Compared(name, ranks.quality(cutoffs), intervals(ranks, cutoffs), cost, by)


def _with(so_far: Round, one: Compared, drawn: dict[str, np.ndarray]) -> Round:
    """The round with one model more, and its differences from each one before."""
    new: list[Difference] = [
        difference(one.name, other.name, (one.quality, other.quality), (drawn[one.name], drawn[other.name]))
        for other in so_far.models
    ]
    return Round(so_far.share, so_far.sessions, (*so_far.models, one), (*so_far.differences, *new))
