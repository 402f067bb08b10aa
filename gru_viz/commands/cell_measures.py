"""How good, how large and how fast is each cell on the sample shop, and how far do its gradients reach?"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from gru_viz.baselines import Baseline, Markov
from gru_viz.baselines.sasrec import FITTING as SASREC_FITTING
from gru_viz.baselines.sasrec import SASRec
from gru_viz.commands.shop_quality import (
    FRESH_SESSIONS,
    FoundDetour,
    baseline_scores,
    chance,
    detour_counts,
    fresh_detours,
    model_scores,
)
from gru_viz.compare.experiments.gradients import gradient_norms
from gru_viz.compare.experiments.reset import FIRST_CLICKS, inherited
from gru_viz.data import shop
from gru_viz.explain.cell_studies import CellStudies
from gru_viz.explain.cell_study import MARKOV, SASREC, CellFacts, CellStudy, fingerprint
from gru_viz.explain.detours import Detours
from gru_viz.explain.gradient_distance import GradientDistance, gradient_distance
from gru_viz.explain.leftover import Leftover, leftover
from gru_viz.learn.evaluation import ModelScorer, ranked
from gru_viz.learn.intervals import intervals
from gru_viz.learn.start import new_model

if TYPE_CHECKING:
    from gru_viz.learn.split import Split
    from gru_viz.model import GRU4Rec
    from gru_viz.sessions import ClickLog

CUTOFF = 10
FURTHEST = 20  # clicks a gradient is followed back
GRADIENT_SESSIONS = 100
TIMED_CLICKS, TIMED_ROUNDS = 20, 200

Measured = Callable[[str], None]  # told what was measured last


@dataclass(frozen=True, eq=False)
class Asked:
    """What every model is asked, the same of each.

    detours: sessions drawn anew, each with its detour; others: what models without a cell get right of them
    long:    sessions that reach FURTHEST clicks back
    limit:   Recall@10 that the process allows on the held-out sessions
    """

    split: Split
    detours: list[FoundDetour]
    others: Mapping[str, Detours]
    long: list[np.ndarray]
    limit: float


def studies(
    models: Mapping[int, Mapping[str, GRU4Rec]],
    split: Split,
    measured: Measured = lambda what: None,
    fresh_sessions: int = FRESH_SESSIONS,
) -> CellStudies:
    """Everything the Cells page shows of these models, by hidden units and cell."""
    asked = _asked(split, fresh_sessions)
    measured("detours of SASRec and of a Markov chain")
    return CellStudies({units: _study(cells, units, asked, measured) for units, cells in models.items()})


def _asked(split: Split, fresh_sessions: int) -> Asked:
    found = fresh_detours(fresh_sessions)
    long = [session.items for session in split.test if len(session) > FURTHEST][:GRADIENT_SESSIONS]
    limit = shop.process().limit(split.test).recall[CUTOFF]
    rivals: dict[str, Baseline] = {SASREC: SASRec(fitting=SASREC_FITTING), MARKOV: Markov()}
    others = {
        name: _curve(detour_counts(baseline_scores(one.fit(split.train), split.train.catalog), found))
        for name, one in rivals.items()
    }
    return Asked(split, found, others, long, limit)


def _study(models: Mapping[str, GRU4Rec], units: int, asked: Asked, measured: Measured) -> CellStudy:
    seconds = step_seconds(models, asked.long[0])
    measured(f"time a click of the cells with {units} units")
    facts, detours, trained, untrained, leftovers = {}, {}, {}, {}, {}
    for cell, model in models.items():
        facts[cell] = _facts(model, asked.split, seconds[cell], asked.limit)
        detours[cell] = _curve(detour_counts(model_scores(model), asked.detours))
        trained[cell] = _gradients(model, asked.long)
        untrained[cell] = _gradients(new_model(asked.split.train, model.config), asked.long)
        leftovers[cell] = _leftover(model, asked.split.test)
        measured(f"{cell} with {units} units")
    detours |= asked.others
    guessed, sessions = chance(asked.detours), len(asked.long)
    return CellStudy(facts, detours, guessed, untrained, trained, leftovers, sessions, machine())


def _curve(counts: dict[int, tuple[int, int]]) -> Detours:
    lengths = sorted(counts)
    return Detours(np.array(lengths), *np.array([counts[length] for length in lengths]).T)


def _gradients(model: GRU4Rec, sessions: list[np.ndarray]) -> GradientDistance:
    return gradient_distance(gradient_norms(model, sessions), FURTHEST)


def _leftover(model: GRU4Rec, log: ClickLog) -> Leftover:
    """Every session alone, and after the one that began before it as if the two were one."""
    scorer = ModelScorer(model)
    fresh, left = ranked(scorer, log), inherited(scorer, log)
    return leftover(fresh.position, fresh.ranks <= CUTOFF, left.ranks <= CUTOFF, FIRST_CLICKS)


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
