"""What is the least that would have to change for another item to come first?

Four kinds of change, each tried by running the model: clicks deleted, two clicks swapped, one
click replaced, units held at 0. Sizes are tried from the smallest up, every set of a size,
while that is about a second's work; beyond that clicks or units are added in the order of
their single effects and left out again where they are not needed, and the answer says that
it may not be the smallest.

A flip is a fact about this model and this session. That one click's deletion flips the list
does not make the click the reason for it: others may do the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np

from gru_viz.edits import Edit, apply
from gru_viz.explain.ablation import ForcedRerun
from gru_viz.explain.deletion import Rerun
from gru_viz.interventions import ablate, within
from gru_viz.trace import Trace

KINDS = ("deletion", "swap", "replacement", "units")
# Multiplications that take about a second on one core, and what a session costs beside its clicks.
ABOUT_A_SECOND = 3e9
A_SESSION = 2e5
SCORES_AT_ONCE = 10_000_000  # of one call of a rerun: 40 MB in float32


@dataclass(frozen=True)
class Flip:
    """The smallest change of one kind after which another item comes first.

    kind:       one of KINDS
    before:     item index that comes first as it is
    after:      the item that comes first then, or None where no change that was tried moves `before`
    edits:      the change to the session, to be applied in this order; empty for "units"
    units:      the units to hold at 0, rising; empty for the other kinds
    margin:     score of `after` minus score of `before` then, at least 0; NaN where there is no flip,
                a lower bound where the score of `before` was not kept
    ways:       how many of the changes of this size that were tried flip; the one given has the
                largest margin
    tried:      how many of this size were tried
    size:       clicks deleted or units held; for a swap how many places apart the two are
    exhaustive: whether every smaller change was tried, and where none was found every change at all
    layer:      whose units, 0-based; None for the other kinds
    step:       after which click, 0-based
    """

    kind: str
    before: int
    after: int | None
    edits: tuple[Edit, ...]
    units: tuple[int, ...]
    margin: float
    ways: int
    tried: int
    size: int
    exhaustive: bool
    layer: int | None
    step: int


def smallest_deletion(trace: Trace, rerun: Rerun, step: int = -1, work: float = ABOUT_A_SECOND) -> Flip:
    """The fewest clicks whose deletion changes what comes first after click `step` (0-based).

    Raises ValueError for a recording with interventions, here and for the other edits: which
    clicks they would act on after an edit is not said.
    """
    first = _after_edits(trace, step, rerun, _deletions)
    T = first.last + 1
    found = _smallest_set(T, T - 1, first, lambda size: first.work(T - size), work)
    return _flip("deletion", first, found, _deletions(found.change))


def smallest_swap(trace: Trace, rerun: Rerun, step: int = -1, work: float = ABOUT_A_SECOND) -> Flip:
    """The two clicks closest to each other whose swap changes what comes first after click `step`."""
    first = _after_edits(trace, step, rerun, _swaps)
    clicks, T = trace.items, first.last + 1
    found = _Found()
    for apart in range(1, T):
        pairs = [(a, a + apart) for a in range(T - apart) if clicks[a] != clicks[a + apart]]
        if not pairs:
            continue
        work -= len(pairs) * first.work(T)
        if found.tried and work < 0:
            found = replace(found, exhaustive=False)
            break
        found = first.best(pairs, apart)
        if found.after is not None:
            break
    return _flip("swap", first, found, _swaps(found.change))


def smallest_replacement(
    trace: Trace, rerun: Rerun, candidates: Iterable[int], step: int = -1, work: float = ABOUT_A_SECOND
) -> Flip:
    """The click whose replacement by one of `candidates` changes what comes first after click `step`.

    Of more candidates than a second allows the first ones are tried.
    """
    first = _after_edits(trace, step, rerun, _replacements)
    clicks = trace.items[: first.last + 1]
    items = list(dict.fromkeys(map(int, candidates)))
    affordable = max(1, int(work / (len(clicks) * first.work(len(clicks)))))
    changes = [(a, item) for a in range(len(clicks)) for item in items[:affordable] if item != clicks[a]]
    found = first.best(changes, 1)
    if found.after is None:
        found = replace(found, exhaustive=affordable >= len(items))
    return _flip("replacement", first, found, _replacements(found.change))


def smallest_ablation(
    trace: Trace, rerun: ForcedRerun, step: int = -1, layer: int = -1, work: float = ABOUT_A_SECOND
) -> Flip:
    """The fewest units of `layer` that, held at 0 at every click, change what comes first after `step`.

    What was forced in the recording stays forced.
    """
    last = range(len(trace))[step]
    layer = range(len(trace.layers))[layer]
    clicks, given = trace.items[: last + 1], within(trace.interventions, last + 1)

    def run(sets: Sequence[Change]) -> list[Trace]:
        return rerun([clicks] * len(sets), [(*given, ablate(units, layer=layer)) for units in sets])

    first = _First(trace, last, run)
    H = trace.layers[layer].units
    found = _smallest_set(H, H, first, lambda size: first.work(len(clicks)), work)
    return _flip("units", first, found, units=found.change, layer=layer)


# --- the search

Change = tuple[int, ...]  # deleted clicks, ablated units, two swapped clicks, or a click and its new item
Edits = tuple[Edit, ...]


def _deletions(change: Change) -> Edits:
    # from the last one on, so that each is still in its place
    return tuple(Edit("delete", click) for click in reversed(change))


def _swaps(change: Change) -> Edits:
    return (Edit("swap", change[0], other=change[1]),) if change else ()


def _replacements(change: Change) -> Edits:
    return (Edit("replace", change[0], change[1]),) if change else ()


@dataclass(frozen=True)
class _Outcome:
    """What comes first after a change, and how far ahead of the item that came first before."""

    change: Change
    top: int
    margin: float


@dataclass(frozen=True)
class _Found:
    """The best of the changes of one size; see Flip."""

    change: Change = ()
    after: int | None = None
    margin: float = float("nan")
    ways: int = 0
    tried: int = 0
    size: int = 0
    exhaustive: bool = True


def _after_edits(trace: Trace, step: int, rerun: Rerun, edits: Callable[[Change], Edits]) -> _First:
    """Raises ValueError where anything was forced."""
    trace.require_no_interventions("a smallest edit")
    last = range(len(trace))[step]
    clicks = trace.items[: last + 1].tolist()

    def run(changes: Sequence[Change]) -> list[Trace]:
        return rerun([np.array(apply(edits(change), clicks)) for change in changes])

    return _First(trace, last, run)


class _First:
    """Which item comes first, as it is and after each of many changes."""

    def __init__(self, trace: Trace, last: int, run: Callable[[Sequence[Change]], list[Trace]]) -> None:
        self.before = int(trace.ranking(last, 1)[0])
        self.last = last
        self._run = run
        self._at_once = max(1, SCORES_AT_ONCE // len(trace.catalog))
        units = [layer.units for layer in trace.layers]
        # a click is three products with the input and three with the state, a session is read out once
        self._click = sum(3 * H * (H + below) for H, below in zip(units, [units[0], *units], strict=False))
        self._session = A_SESSION + units[-1] * len(trace.catalog)

    def work(self, clicks: int) -> float:
        """Multiplications for one session of so many clicks."""
        return clicks * self._click + self._session

    def outcomes(self, changes: Sequence[Change]) -> list[_Outcome]:
        found = []
        for start in range(0, len(changes), self._at_once):
            part = changes[start : start + self._at_once]
            found += [self._outcome(c, trace) for c, trace in zip(part, self._run(part), strict=True)]
        return found

    def best(self, changes: Sequence[Change], size: int) -> _Found:
        """The change with the largest margin of those that flip, if one does."""
        return self.best_of(self.outcomes(changes), size)

    def best_of(self, outcomes: Sequence[_Outcome], size: int) -> _Found:
        flips = [outcome for outcome in outcomes if outcome.top != self.before]
        if not flips:
            return _Found(tried=len(outcomes), size=size)
        best = max(flips, key=lambda outcome: outcome.margin)
        return _Found(best.change, best.top, best.margin, len(flips), len(outcomes), size)

    def _outcome(self, change: Change, trace: Trace) -> _Outcome:
        scores = trace.scores[-1]
        ranking = trace.ranking(-1, 2)
        top = int(ranking[0])
        if top == self.before:
            second = trace.column(int(ranking[1])) if len(ranking) > 1 else None
            other = -np.inf if second is None else float(scores[second])
            return _Outcome(change, top, other - float(scores[trace.column(top)]))
        column = trace.column(self.before)
        held = float(scores.min()) if column is None else float(scores[column])
        return _Outcome(change, top, float(scores[trace.column(top)]) - held)


def _smallest_set(
    n: int, largest: int, first: _First, work_of: Callable[[int], float], work: float
) -> _Found:
    """The smallest set of 0 … n − 1, of at most `largest` members, that flips.

    work_of: what one set of a size costs
    """
    found = _Found()
    singles: list[_Outcome] = []
    for size in range(1, largest + 1):
        work -= comb(n, size) * work_of(size)
        if size > 1 and work < 0:
            return _greedy(first, singles, found, largest)
        outcomes = first.outcomes(list(combinations(range(n), size)))
        singles = singles or outcomes
        found = first.best_of(outcomes, size)
        if found.after is not None:
            return found
    return found


def _greedy(first: _First, singles: Sequence[_Outcome], searched: _Found, largest: int) -> _Found:
    """Members added in the order of their single effects until it flips, then those not needed left out.

    searched: every set up to its size was tried, and none flips
    """
    order = [o.change[0] for o in sorted(singles, key=lambda outcome: -outcome.margin)]
    sizes = range(searched.size + 1, largest + 1)
    grown = first.outcomes([tuple(sorted(order[:size])) for size in sizes])
    best = next((outcome for outcome in grown if outcome.top != first.before), None)
    if best is None:
        return replace(searched, exhaustive=False)
    ways = tried = 1
    while len(best.change) > searched.size + 1:
        fewer = first.outcomes(list(combinations(best.change, len(best.change) - 1)))
        left = first.best_of(fewer, len(best.change) - 1)
        if left.after is None:
            break
        best = _Outcome(left.change, left.after, left.margin)
        ways, tried = left.ways, left.tried
    size = len(best.change)
    return _Found(best.change, best.top, best.margin, ways, tried, size, size == searched.size + 1)


def _flip(
    kind: str,
    first: _First,
    found: _Found,
    edits: tuple[Edit, ...] = (),
    units: tuple[int, ...] = (),
    layer: int | None = None,
) -> Flip:
    return Flip(
        kind,
        first.before,
        found.after,
        edits,
        units,
        found.margin,
        found.ways,
        found.tried,
        found.size,
        found.exhaustive,
        layer,
        first.last,
    )
