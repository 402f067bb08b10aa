"""How are all experiments made, one after another, with what the comparison has trained?"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from gru_viz.baselines.sasrec import SASRec
from gru_viz.compare.contenders import Learned, Step, as_part, told, training_of
from gru_viz.compare.experiments.clipping import unclipped
from gru_viz.compare.experiments.gradients import gradients
from gru_viz.compare.experiments.long import long
from gru_viz.compare.experiments.plan import planned
from gru_viz.compare.experiments.reset import reset
from gru_viz.compare.experiments.sizes import sizes
from gru_viz.compare.experiments.values import Experiments
from gru_viz.compare.experiments.waiting import waiting
from gru_viz.compare.names import GRU4REC
from gru_viz.learn.evaluation import ModelScorer
from gru_viz.learn.quality import Ranked
from gru_viz.learn.start import new_model
from gru_viz.model import GRU4Rec
from gru_viz.sessions import ClickLog

CLIPPED = ("gru", "rnn")
REUSED = (*GRU4REC, "sasrec")  # what must be kept until the experiments


@dataclass(frozen=True)
class Trying:
    """What is being tried: one of KINDS, and the share of it that is done."""

    kind: str
    done: float
    events_per_s: float


@dataclass(frozen=True, eq=False)
class Material:
    """What the comparison leaves to the experiments.

    learned: of REUSED, those that were asked for, trained on all of `train`
    ranks:   of every model that was asked for
    seconds: of the processor, that learning took
    """

    train: ClickLog
    test: ClickLog
    seed: int
    preset: str
    learned: Mapping[str, Learned]
    ranks: Mapping[str, Ranked]
    seconds: Mapping[str, float]

    def model(self, cell: str) -> GRU4Rec:
        scorer = self.learned[cell].scorer
        assert isinstance(scorer, ModelScorer)
        return scorer.model


def experiments(of: Material) -> Iterator[Trying | Experiments]:
    """A Trying now and then, and the Experiments so far after each one.

    To cancel, stop asking for more.
    """
    found = Experiments()
    for kind in planned(of.ranks):
        yield Trying(kind, 0.0, 0.0)
        found = yield from told(MAKE[kind](of, found), partial(_trying, kind))
        yield found


def _trying(kind: str, step: Step) -> Trying:
    return Trying(kind, step.done, step.events_per_s)


def _gradients(of: Material, so_far: Experiments) -> Generator[Step, None, Experiments]:
    yield Step(0.0, 0.0)
    models = {cell: (of.model(cell), _before(of, cell)) for cell in GRU4REC if cell in of.learned}
    return _or_left_out(so_far, "gradients", gradients(models, of.test))


def _before(of: Material, cell: str) -> GRU4Rec:
    """The same model as it was before its training."""
    shape, training = training_of(cell, len(of.train.catalog), of.seed, of.preset)
    return new_model(of.train, shape, training.start, training.seed)


def _reset(of: Material, so_far: Experiments) -> Generator[Step, None, Experiments]:
    yield Step(0.0, 0.0)
    if len(of.test) < 2:
        return _or_left_out(so_far, "reset", None)
    return replace(so_far, reset=reset(of.learned["gru"].scorer, of.test, of.ranks["gru"]))


def _clipping(of: Material, so_far: Experiments) -> Generator[Step, None, Experiments]:
    found = []
    cells = [cell for cell in CLIPPED if cell in of.learned]
    for place, cell in enumerate(cells):
        again = unclipped(cell, of.learned[cell], of.ranks[cell], of.train, of.test, of.seed, of.preset)
        found.append((yield from as_part(again, place, len(cells))))
    return replace(so_far, clipping=tuple(found))


def _sizes(of: Material, so_far: Experiments) -> Generator[Step, None, Experiments]:
    own = (of.learned["gru"], of.ranks["gru"], of.seconds["gru"])
    found = yield from sizes(*own, of.train, of.test, of.seed, of.preset)
    return replace(so_far, sizes=found)


def _long(of: Material, so_far: Experiments) -> Generator[Step, None, Experiments]:
    yield Step(0.0, 0.0)
    return _or_left_out(so_far, "long", long(of.ranks))


def _waiting(of: Material, so_far: Experiments) -> Generator[Step, None, Experiments]:
    yield Step(0.0, 0.0)
    sasrec = of.learned["sasrec"].scorer
    assert isinstance(sasrec, SASRec)
    return replace(so_far, waiting=waiting(of.model("gru"), sasrec))


def _or_left_out(so_far: Experiments, kind: str, value: object) -> Experiments:
    """With the value where there is one; else it is said that the log is too small."""
    if value is None:
        return replace(so_far, left_out=(*so_far.left_out, kind))
    changed: Experiments = replace(so_far, **{kind: value})  # type: ignore[arg-type]
    return changed


MAKE = {
    "gradients": _gradients,
    "reset": _reset,
    "clipping": _clipping,
    "sizes": _sizes,
    "long": _long,
    "waiting": _waiting,
}
