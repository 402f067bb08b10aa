"""What did the experiments behind the textbook's sentences find?

Plain numbers, equal where their numbers are. A loss or a difference is in Recall at CUTOFF, and its
interval that of `gru_viz.compare.paired`: both sides on the same resamples of the sessions; but for
`AfterClick`, whose own docstring says how it was made.
"""

from __future__ import annotations

from dataclasses import dataclass

from gru_viz.learn.intervals import Interval

KINDS = ("gradients", "reset", "clipping", "sizes", "long", "waiting")  # in the order they are measured


@dataclass(frozen=True)
class Estimate:
    """A figure, and where it falls on resamples."""

    value: float
    low: float
    high: float

    @property
    def interval(self) -> Interval:
        return self.low, self.high


@dataclass(frozen=True)
class CellGradient:
    """How much gradient one trained cell passes back over d = 0, 1, … clicks: ‖∂s_T/∂s_{T−d}‖.

    low, median, high: quartiles over sessions, a number a distance, 1 at d = 0 (see `GradientDistance`)
    furthest:          the median at the last distance, on resamples of the sessions
    before:            the same before training
    """

    cell: str
    low: tuple[float, ...]
    median: tuple[float, ...]
    high: tuple[float, ...]
    furthest: Estimate
    before: float


@dataclass(frozen=True)
class Gradients:
    """Of so many held-out sessions, cell by cell."""

    sessions: int
    cells: tuple[CellGradient, ...]

    @property
    def distance(self) -> int:
        """The last one, in clicks."""
        return len(self.cells[0].median) - 1


@dataclass(frozen=True)
class AfterClick:
    """Recall after the n-th click of a session, from an empty state and from another session's.

    asked:     so many sessions go on
    low, high: 95 % interval of left − fresh: its mean ± 1.96 s / √n (`gru_viz.explain.leftover`)
    """

    asked: int
    fresh: float
    left: float
    low: float
    high: float


@dataclass(frozen=True)
class Reset:
    """GRU4Rec where every session goes on from the state that the one before left behind.

    That one began with a reset: one session is inherited, not all that came before.

    clicks:      after the 1st, 2nd, … click, as far as enough sessions go on
    fresh, left: Recall of all predictions, reset and not reset
    loss:        fresh − left
    """

    clicks: tuple[AfterClick, ...]
    fresh: float
    left: float
    loss: Estimate


@dataclass(frozen=True)
class Unclipped:
    """A cell trained once more, with no gradient shortened.

    clip:            what a gradient's norm was shortened to in the first training
    shortened:       share of that training's updates in which it was longer
    usual, largest:  median and largest norm there, before clipping
    usual_without, largest_without: the same where nothing is clipped, before a breakdown
    recall:          of the first training
    without:         of the other; None where its loss became no number, and nothing was left to measure
    loss:            recall − without; None with it
    """

    cell: str
    clip: float
    shortened: float
    usual: float
    largest: float
    usual_without: float
    largest_without: float
    recall: float
    without: float | None
    loss: Estimate | None


@dataclass(frozen=True)
class Size:
    """GRU4Rec with so many units, and an embedding as wide.

    loss:    Recall of the best size − its own; 0 for the best
    seconds: of the processor, to learn
    """

    units: int
    recall: float
    interval: Interval
    loss: Estimate
    parameters: int
    seconds: float


@dataclass(frozen=True)
class Lead:
    """By how much GRU4Rec is above one other model at a session's first predictions, and at late ones.

    shrinks: early − late, on the same resamples; above 0 the lead becomes smaller
    """

    other: str
    early: Estimate
    late: Estimate
    shrinks: Estimate


@dataclass(frozen=True)
class Long:
    """The leads over every other model.

    early:    the predictions 1 to this one
    late:     this prediction and all after it
    sessions: so many get that far; both leads are of these alone
    """

    early: int
    late: int
    sessions: int
    leads: tuple[Lead, ...]


@dataclass(frozen=True)
class Pace:
    """Time that one model takes to learn from the same number of clicks, cut into sessions of some length.

    slower: by length, time over that at the shortest; quartiles over repetitions around the median
    factor: at the longest, the median on resamples of the repetitions
    """

    name: str
    slower: tuple[Estimate, ...]
    factor: Estimate


@dataclass(frozen=True)
class Waiting:
    """What waiting for the click before costs: GRU4Rec and SASRec.

    clicks:  in each update
    lengths: of the sessions into which they are cut, rising
    """

    clicks: int
    lengths: tuple[int, ...]
    paces: tuple[Pace, ...]


@dataclass(frozen=True)
class Experiments:
    """What was measured so far; None where it was not.

    left_out: of KINDS, those that were tried and for which the held-out sessions are too few or too short
    """

    gradients: Gradients | None = None
    reset: Reset | None = None
    clipping: tuple[Unclipped, ...] = ()
    sizes: tuple[Size, ...] = ()
    long: Long | None = None
    waiting: Waiting | None = None
    left_out: tuple[str, ...] = ()
