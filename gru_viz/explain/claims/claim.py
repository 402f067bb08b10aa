"""What is a textbook's sentence once it has been put to the test, and what does its chart need?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gru_viz.compare.values import Comparison
from gru_viz.explain.words import Sentence
from gru_viz.learn.intervals import Interval

Verdict = Literal["holds", "does not hold", "cannot tell"]


@dataclass(frozen=True)
class Bar:
    """One row of a chart: a name, a bar from 0 with its interval, and the number as it is written.

    who: whose colour it has, a key of `gru_viz.compare.names.NAMES`
    """

    who: str
    name: str
    value: float
    text: str
    interval: Interval | None = None


@dataclass(frozen=True)
class Bars:
    """Rows under a title.

    mark: where a dotted line stands, the margin that decides say; None for none
    """

    title: str
    rows: tuple[Bar, ...]
    mark: float | None = None


@dataclass(frozen=True)
class Line:
    """A curve and the band round it, (N,) each; who: as in `Bar`."""

    who: str
    name: str
    x: tuple[int, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Lines:
    """Curves under a title.

    below:  what runs from left to right
    ticks:  what is written there, and where
    powers: is the upright axis logarithmic?
    mark:   where a dotted line lies; None for none
    """

    title: str
    below: str
    lines: tuple[Line, ...]
    ticks: tuple[tuple[int, str], ...]
    powers: bool = False
    mark: float | None = None


@dataclass(frozen=True)
class Claim:
    """A textbook's sentence put to the test.

    claim:      the sentence
    experiment: what was done, in one line
    rule:       when it holds, in plain words
    figures:    what came out, with its interval where there is one
    chart:      None where nothing could be measured
    """

    claim: str
    experiment: str
    rule: str
    figures: Sentence
    verdict: Verdict
    chart: Bars | Lines | None = None


@dataclass(frozen=True)
class Probe:
    """How a sentence is put to the test.

    needs: what `python -m gru_viz compare` must have been asked for
    find:  the Claim; None where what it needs was not asked for
    """

    claim: str
    needs: str
    find: Callable[[Comparison], Claim | None]
