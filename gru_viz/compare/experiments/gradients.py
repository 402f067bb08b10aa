"""How much gradient does each trained cell pass back over a distance, on this log?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gru_viz.compare.experiments.estimates import median_of
from gru_viz.compare.experiments.values import CellGradient, Gradients
from gru_viz.explain.gradient import gradient_flow
from gru_viz.explain.gradient_distance import gradient_distance
from gru_viz.model import GRU4Rec
from gru_viz.rerun import states_of_every_click
from gru_viz.sessions import ClickLog

FURTHEST, LEAST = 20, 5  # clicks a gradient is followed back, and less than which tells nothing
LEAST_SESSIONS, MOST_SESSIONS = 30, 100
LONGEST = 100  # clicks of a session that are looked at; a robot's thousand would take the time of all


def gradients(models: Mapping[str, tuple[GRU4Rec, GRU4Rec]], test: ClickLog) -> Gradients | None:
    """Of each cell after training; None where fewer than LEAST_SESSIONS reach LEAST clicks back.

    As far back as LEAST_SESSIONS held-out sessions reach, FURTHEST at most, over up to MOST_SESSIONS of
    them, spread over the time.

    models: by cell, trained and as it was before training
    """
    furthest = reach(test.lengths)
    if furthest is None:
        return None
    long = np.flatnonzero(test.lengths > furthest)
    chosen = long[np.linspace(0, len(long) - 1, min(len(long), MOST_SESSIONS)).astype(np.int64)]
    sessions = [test[number].items[:LONGEST] for number in chosen.tolist()]
    cells = tuple(_of_cell(cell, *pair, sessions, furthest) for cell, pair in models.items())
    return Gradients(len(sessions), cells)


def reach(lengths: np.ndarray) -> int | None:
    """The distance in clicks that enough sessions have; None where that is less than LEAST."""
    if len(lengths) < LEAST_SESSIONS:
        return None
    distance = min(int(np.sort(lengths)[-LEAST_SESSIONS]) - 1, FURTHEST)
    return distance if distance >= LEAST else None


def _of_cell(
    cell: str, trained: GRU4Rec, before: GRU4Rec, sessions: list[np.ndarray], furthest: int
) -> CellGradient:
    norms = gradient_norms(trained, sessions)
    found = gradient_distance(norms, furthest)
    first = gradient_distance(gradient_norms(before, sessions), furthest)
    return CellGradient(
        cell,
        tuple(found.low.tolist()),
        tuple(found.median.tolist()),
        tuple(found.high.tolist()),
        median_of(np.array([norm[-1 - furthest] for norm in norms])),
        float(first.median[furthest]),
    )


def gradient_norms(model: GRU4Rec, sessions: list[np.ndarray]) -> list[np.ndarray]:
    """Of each session, how strongly each of its clicks moves the last state."""
    weights = model.weights()
    return [gradient_flow(trace, weights).norm for trace in states_of_every_click(model, sessions)]
