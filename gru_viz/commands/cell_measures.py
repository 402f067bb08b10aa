"""How good, how large and how fast is each cell on the sample shop, and how far do its gradients reach?"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from gru_viz.baselines import Markov
from gru_viz.baselines.base import steps
from gru_viz.commands.shop_quality import (
    FRESH_SESSIONS,
    NextScores,
    baseline_scores,
    chance,
    detour_counts,
    fresh_detours,
    model_scores,
)
from gru_viz.data import shop
from gru_viz.explain.cell_study import MARKOV, CellFacts, CellStudy, fingerprint
from gru_viz.explain.detours import Detours
from gru_viz.explain.gradient import gradient_flow
from gru_viz.explain.gradient_distance import GradientDistance, gradient_distance
from gru_viz.explain.leftover import Leftover, leftover
from gru_viz.learn.evaluation import ModelScorer, ranked, ranks_of
from gru_viz.learn.intervals import intervals
from gru_viz.learn.start import new_model
from gru_viz.rerun import states_of_every_click
from gru_viz.sessions import ClickLog, Session

if TYPE_CHECKING:
    from gru_viz.learn.split import Split
    from gru_viz.model import GRU4Rec

CUTOFF = 10
FURTHEST = 20  # clicks a gradient is followed back
GRADIENT_SESSIONS = 100
FIRST_CLICKS = 10  # of a session that inherits another's state
TIMED_CLICKS, TIMED_ROUNDS = 20, 200

Measured = Callable[[str], None]  # told what was measured last


def study(
    models: Mapping[str, GRU4Rec],
    split: Split,
    measured: Measured = lambda what: None,
    fresh_sessions: int = FRESH_SESSIONS,
) -> CellStudy:
    """Everything the Cells page shows of these models, by cell."""
    found = fresh_detours(fresh_sessions)
    scorers: dict[str, NextScores] = {cell: model_scores(model) for cell, model in models.items()}
    scorers[MARKOV] = baseline_scores(Markov().fit(split.train), split.train.catalog)
    detours = {}
    for name, scores in scorers.items():
        detours[name] = _curve(detour_counts(scores, found))
        measured(f"detours of {name}")
    long = [session.items for session in split.test if len(session) > FURTHEST][:GRADIENT_SESSIONS]
    trained, untrained = {}, {}
    for cell, model in models.items():
        trained[cell] = _gradients(model, long)
        untrained[cell] = _gradients(new_model(split.train, model.config), long)
        measured(f"gradients of {cell}")
    seconds = step_seconds(models, long[0])
    limit = shop.process().limit(split.test).recall[CUTOFF]
    facts = {}
    for cell, model in models.items():
        facts[cell] = _facts(model, split, seconds[cell], limit)
        measured(f"quality of {cell}")
    leftovers = {cell: _leftover(model, split.test) for cell, model in models.items()}
    measured("states that are not reset")
    return CellStudy(facts, detours, chance(found), untrained, trained, leftovers, len(long), machine())


def _curve(counts: dict[int, tuple[int, int]]) -> Detours:
    lengths = sorted(counts)
    return Detours(np.array(lengths), *np.array([counts[length] for length in lengths]).T)


def _gradients(model: GRU4Rec, sessions: list[np.ndarray]) -> GradientDistance:
    weights = model.weights()
    traces = states_of_every_click(model, sessions)
    return gradient_distance([gradient_flow(trace, weights).norm for trace in traces], FURTHEST)


def _leftover(model: GRU4Rec, log: ClickLog) -> Leftover:
    """Every session alone, and after the one that began before it as if the two were one."""
    sessions = list(log)
    joined = ClickLog.from_sessions(
        log.catalog,
        [
            Session(np.concatenate([before.items, session.items]))
            for before, session in zip([sessions[-1], *sessions[:-1]], sessions, strict=True)
        ],
    )
    seen = steps(joined) - np.repeat(np.roll(log.lengths, 1), joined.lengths)  # of its own session
    place = seen[steps(joined) > 0]
    fresh, left = ranks_of(ModelScorer(model), log), ranks_of(ModelScorer(model), joined)[place > 0]
    return leftover(place[place > 0], fresh <= CUTOFF, left <= CUTOFF, FIRST_CLICKS)


def _facts(model: GRU4Rec, split: Split, seconds: float, limit: float) -> CellFacts:
    ranks = ranked(ModelScorer(model), split.test)
    low, high = intervals(ranks, (CUTOFF,)).recall[CUTOFF]
    return CellFacts(
        fingerprint(model.weights()),
        sum(weight.numel() for cell in model.cells for weight in cell.parameters()),
        sum(weight.numel() for weight in model.parameters()),
        seconds,
        ranks.quality((CUTOFF,)).recall[CUTOFF] / limit,
        low / limit,
        high / limit,
        int(model.about.get("training", {}).get("epochs", 0)),
    )


def step_seconds(models: Mapping[str, GRU4Rec], items: np.ndarray) -> dict[str, float]:
    """Median time of one click of one session by cell, the cells in turns so that none has a quiet hour.

    Recording included, and nothing scored; on one thread.
    """
    clicks = np.resize(items, TIMED_CLICKS)
    times: dict[str, list[float]] = {cell: [] for cell in models}
    for _ in range(TIMED_ROUNDS):
        for cell, model in models.items():
            with torch.inference_mode():
                began = time.perf_counter()
                model.unroll(torch.from_numpy(clicks), [1] * TIMED_CLICKS)
                times[cell].append((time.perf_counter() - began) / TIMED_CLICKS)
    return {cell: float(np.median(taken)) for cell, taken in times.items()}


def machine() -> str:
    """Where this runs, in words: processor, threads, torch."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    except OSError:
        pass
    return f"{name}, one thread, torch {torch.__version__.partition('+')[0]}"
