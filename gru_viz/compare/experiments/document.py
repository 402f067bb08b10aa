"""How are the experiments kept in a result file, and read again from one that anyone may have written?

{"left_out": [kinds], "gradients": {"sessions", "cells": [{"cell", "low": [..], "median": [..],
   "high": [..], "furthest": {"value", "low", "high"}, "before"}, ..]} or null,
 "reset": {"clicks": [{"asked", "fresh", "left", "low", "high"}, ..], "fresh", "left", "loss"} or null,
 "clipping": [{"cell", "clip", "shortened", "usual", "largest", "usual_without", "largest_without",
   "recall", "without": .. or null, "loss": .. or null}, ..],
 "sizes": [{"units", "recall", "interval": [low, high], "loss", "parameters", "seconds"}, ..],
 "long": {"early", "late", "sessions", "leads": [{"other", "early", "late", "shrinks"}, ..]} or null,
 "waiting": {"clicks", "lengths": [..], "paces": [{"name", "slower": [..], "factor"}, ..]} or null}
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise
from typing import Any, TypeVar

from gru_viz.compare.experiments.values import (
    KINDS,
    AfterClick,
    CellGradient,
    Estimate,
    Experiments,
    Gradients,
    Lead,
    Long,
    Pace,
    Reset,
    Size,
    Unclipped,
    Waiting,
)
from gru_viz.compare.names import GRU4REC, NAMES
from gru_viz.compare.strict import Json
from gru_viz.learn.breakdown import STARTS

MOST = 200  # distances, clicks, sizes or lengths: more than any experiment has
OTHERS = tuple(name for name in NAMES if name not in GRU4REC)

Value = TypeVar("Value")


def to_document(found: Experiments) -> dict[str, Any]:
    """As the module's docstring has it; tuples become lists in JSON."""
    return asdict(found)


def read(of: Json) -> Experiments:
    """Raises InputError, one line with the place, for anything else."""
    return Experiments(
        _or_none(of["gradients"], _gradients),
        _or_none(of["reset"], _reset),
        tuple(_unclipped(one) for one in of["clipping"].each(0, len(GRU4REC))),
        _sizes(of["sizes"]),
        _or_none(of["long"], _long),
        _or_none(of["waiting"], _waiting),
        tuple(one.one_of(*KINDS) for one in of["left_out"].each(0, len(KINDS))),
    )


def _or_none(of: Json, read_it: Callable[[Json], Value]) -> Value | None:
    return None if of.value is None else read_it(of)


def _estimate(of: Json, low: float = -1.0, high: float = 1.0) -> Estimate:
    """With an interval that is none the wrong way round."""
    ends = (of["low"].number(low, high), of["high"].number(low, high))
    if ends[0] > ends[1]:
        raise of.wrong("a figure with an interval, the smaller end first")
    return Estimate(of["value"].number(low, high), *ends)


def _numbers(of: Json, count: int | None = None) -> tuple[float, ...]:
    return tuple(one.number(0) for one in of.each(count or 1, count or MOST))


def _gradients(of: Json) -> Gradients:
    cells = tuple(_cell_gradient(one) for one in of["cells"].each(1, len(GRU4REC)))
    if len({len(one.median) for one in cells}) > 1:
        raise of["cells"].wrong("over the same distances")
    _each_once(of["cells"], [one.cell for one in cells])
    return Gradients(of["sessions"].whole(1), cells)


def _cell_gradient(of: Json) -> CellGradient:
    low = _numbers(of["low"])
    median, high = (_numbers(of[name], len(low)) for name in ("median", "high"))
    furthest = _estimate(of["furthest"], 0.0, math.inf)
    return CellGradient(of["cell"].one_of(*GRU4REC), low, median, high, furthest, of["before"].number(0))


def _reset(of: Json) -> Reset:
    clicks = tuple(_after_click(one) for one in of["clicks"].each(1, MOST))
    return Reset(clicks, of["fresh"].number(0, 1), of["left"].number(0, 1), _estimate(of["loss"]))


def _after_click(of: Json) -> AfterClick:
    fresh, left = (of[name].number(0, 1) for name in ("fresh", "left"))
    # a mean ± 1.96 standard errors, which may lie beyond any mean
    low, high = (of[name].number(-4, 4) for name in ("low", "high"))
    if low > high:
        raise of.wrong("an interval, the smaller end first")
    return AfterClick(of["asked"].whole(1), fresh, left, low, high)


def _unclipped(of: Json) -> Unclipped:
    found = Unclipped(
        of["cell"].one_of(*GRU4REC),
        of["clip"].number(0),
        of["shortened"].number(0, 1),
        of["usual"].number(0),
        of["largest"].number(0),
        of["usual_without"].number(0),
        of["largest_without"].number(0),
        of["recall"].number(0, 1),
        _or_none(of["without"], lambda one: one.number(0, 1)),
        _or_none(of["loss"], _estimate),
    )
    if (found.without is None) != (found.loss is None):
        raise of.wrong("with both, or neither, of without and loss")
    return found


def _sizes(of: Json) -> tuple[Size, ...]:
    found = tuple(_size(one) for one in of.each(0, MOST))
    if any(one.units >= other.units for one, other in pairwise(found)):
        raise of.wrong("in rising order")
    return found


def _size(of: Json) -> Size:
    return Size(
        of["units"].whole(1),
        of["recall"].number(0, 1),
        of["interval"].interval(),
        _estimate(of["loss"]),
        of["parameters"].whole(),
        of["seconds"].number(0, 1e9),
    )


def _long(of: Json) -> Long:
    leads = tuple(_lead(one) for one in of["leads"].each(1, len(OTHERS)))
    _each_once(of["leads"], [one.other for one in leads])
    starts = STARTS["position"]
    return Long(of["early"].whole(1), of["late"].one_of(*starts), of["sessions"].whole(1), leads)


def _lead(of: Json) -> Lead:
    shrinks = _estimate(of["shrinks"], -2.0, 2.0)
    return Lead(of["other"].one_of(*OTHERS), _estimate(of["early"]), _estimate(of["late"]), shrinks)


def _waiting(of: Json) -> Waiting:
    lengths = tuple(one.whole(1) for one in of["lengths"].each(2, MOST))
    if any(one >= other for one, other in pairwise(lengths)):
        raise of["lengths"].wrong("in rising order")
    paces = tuple(_pace(one, len(lengths)) for one in of["paces"].each(2, 2))
    _each_once(of["paces"], [one.name for one in paces])
    return Waiting(of["clicks"].whole(1), lengths, paces)


def _pace(of: Json, lengths: int) -> Pace:
    slower = tuple(_estimate(one, 0.0, 1e9) for one in of["slower"].each(lengths, lengths))
    return Pace(of["name"].one_of("gru", "sasrec"), slower, _estimate(of["factor"], 0.0, 1e9))


def _each_once(of: Json, names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise of.wrong("each once")
