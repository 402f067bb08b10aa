"""Comparisons made of plain numbers."""

from __future__ import annotations

from gru_viz.compare.names import GRU4REC, NAMES
from gru_viz.compare.values import About, Compared, Comparison, Cost, Difference, Round
from gru_viz.learn.breakdown import STARTS, Bin, Breakdown, By
from gru_viz.learn.intervals import Intervals
from gru_viz.learn.quality import Quality

RECALLS = {"popularity": 0.3, "markov": 0.8, "fpmc": 0.85, "gru": 0.9}
WIDTH = 0.02  # from a figure to either end of its interval


def quality(recall: float, predictions: int = 100) -> Quality:
    return Quality({20: recall}, {20: recall / 2}, predictions)


def intervals(recall: float, width: float = WIDTH) -> Intervals:
    around = (max(recall - width, 0.0), min(recall + width, 1.0))
    return Intervals({20: around}, {20: (around[0] / 2, around[1] / 2)})


def breakdown(by: By, recall: float) -> Breakdown:
    starts = STARTS[by]
    bins = (
        Bin(starts[0], starts[1] - 1, 0.75, quality(recall, 75), intervals(recall)),
        Bin(starts[-1], None, 0.25, quality(recall, 25), intervals(recall)),
    )
    return Breakdown(by, bins)


def model(name: str, recall: float, cost: Cost | None = None, whole: bool = True) -> Compared:
    learned = name in GRU4REC or name in ("mf", "fpmc", "sasrec", "bert4rec")
    cost = cost or Cost(1000 if learned else None, 12.0 if learned else 0.01, 5e-6)
    by = (breakdown("position", recall), breakdown("length", recall)) if whole else ()
    return Compared(name, quality(recall), intervals(recall), cost, by)


def a_round(
    recalls: dict[str, float],
    share: float = 1.0,
    sessions: int = 900,
    width: float = WIDTH,
    costs: dict[str, Cost] | None = None,
) -> Round:
    """Differences are those of the recalls, with an interval of `width` to each side."""
    models = tuple(
        model(name, recall, (costs or {}).get(name), share == 1) for name, recall in recalls.items()
    )
    differences = tuple(
        Difference(
            later.name,
            earlier.name,
            later.recall - earlier.recall,
            (later.recall - earlier.recall - width, later.recall - earlier.recall + width),
            0.0,
            (-width, width),
        )
        for place, later in enumerate(models)
        for earlier in models[:place]
    )
    return Round(share, sessions, models, differences)


def comparison(
    recalls: dict[str, float] | None = None,
    shares: dict[float, dict[str, float]] | None = None,
    limit: float | None = 0.95,
    log: str = "clicks.csv",
    width: float = WIDTH,
    costs: dict[str, Cost] | None = None,
) -> Comparison:
    whole = a_round(RECALLS if recalls is None else recalls, width=width, costs=costs)
    smaller = tuple(
        a_round(those, share, round(900 * share), width) for share, those in (shares or {}).items()
    )
    about = About(
        log, "the last 10% of the sessions", 240, 50, 100, limit=None if limit is None else quality(limit)
    )
    return Comparison(about, (whole, *smaller), complete=True)


EVERY = {name: 0.3 + 0.05 * place for place, name in enumerate(NAMES)}
