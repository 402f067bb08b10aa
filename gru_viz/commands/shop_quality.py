"""How much of what can be known of the sample shop does a model know?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gru_viz.baselines import Baseline, fitted
from gru_viz.catalog import Catalog
from gru_viz.data import shop
from gru_viz.data.shop.sessions import simulate
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.split import Split
from gru_viz.model import GRU4Rec
from gru_viz.rerun import scores_of_last_clicks
from gru_viz.sessions import ClickLog, Session

HELD_OUT = 0.1
DETOUR_LENGTHS = range(1, 21)
FRESH_SESSIONS = 20_000  # about 250 detours of each length
FRESH_SEED = 7
SIDE_BY_SIDE = 500


def shop_quality(model: GRU4Rec, split: Split, fresh_sessions: int = FRESH_SESSIONS) -> dict[str, Any]:
    """Recall and MRR on the sessions held out, beside the process' limit; detours on fresh sessions."""
    quality = evaluate(ModelScorer(model), split.test)
    limit = shop.process().limit(split.test)
    return {
        "on": "the last 10 % of the sessions, by time",
        **quality.to_dict(10, 20),
        "predictions": quality.predictions,
        "ranks": quality.ranks,
        "limit": {
            **{f"recall@{k}": value for k, value in limit.recall.items()},
            **{f"mrr@{k}": value for k, value in limit.mrr.items()},
        },
        "share_of_limit": quality.recall[10] / limit.recall[10],
        "baselines": {b.name: evaluate(b, split.test).to_dict(10, 20) for b in fitted(split.train)},
        "detours": {str(length): share for length, share in detours(model, fresh_sessions).items()},
    }


def detours(model: GRU4Rec, sessions: int = FRESH_SESSIONS, seed: int = FRESH_SEED) -> dict[int, float]:
    """By length of the detour: share in which, of all lenses, one that fits the body scores highest.

    Asked after the last click before the lens, on sessions drawn anew from the process.
    """
    counts = detour_counts(model_scores(model), fresh_detours(sessions, seed))
    return {length: right / asked for length, (right, asked) in counts.items()}


# the clicks so far of several sessions → (B, n_items) scores of what comes next
NextScores = Callable[[list[np.ndarray]], np.ndarray]
FoundDetour = tuple[np.ndarray, shop.Detour]


def model_scores(model: GRU4Rec) -> NextScores:
    return lambda sessions: scores_of_last_clicks(model, sessions)


def baseline_scores(baseline: Baseline, catalog: Catalog) -> NextScores:
    def scores(sessions: list[np.ndarray]) -> np.ndarray:
        log = ClickLog.from_sessions(catalog, [Session(items) for items in sessions])
        return baseline.score(log, log.offsets[1:] - 1)

    return scores


def fresh_detours(sessions: int = FRESH_SESSIONS, seed: int = FRESH_SEED) -> list[FoundDetour]:
    """The sessions with a detour of one of the lengths, of so many that are drawn from the process."""
    drawn = simulate(sessions, np.random.default_rng(seed))
    found = [(items, detour) for items in drawn if (detour := shop.detour_of(items)) is not None]
    return [(items, detour) for items, detour in found if detour.length in DETOUR_LENGTHS]


def detour_counts(scores: NextScores, found: list[FoundDetour]) -> dict[int, tuple[int, int]]:
    """By length: in how many, of how many detours does a lens that fits the body score highest?"""
    lenses = shop.lens_indices()
    mounts = [shop.mount_of(int(lens)) for lens in lenses]
    right: dict[int, list[bool]] = {length: [] for length in DETOUR_LENGTHS}
    for first in range(0, len(found), SIDE_BY_SIDE):
        part = found[first : first + SIDE_BY_SIDE]
        asked = scores([items[: detour.lens_step] for items, detour in part])
        for best, (_, detour) in zip(asked[:, lenses].argmax(axis=1), part, strict=True):
            right[detour.length].append(mounts[best] == detour.mount)
    return {length: (sum(hits), len(hits)) for length, hits in right.items() if hits}


def chance(found: list[FoundDetour]) -> float:
    """In how many of these detours would a lens drawn at random fit?"""
    mounts = [shop.mount_of(int(lens)) for lens in shop.lens_indices()]
    return float(np.mean([mounts.count(detour.mount) / len(mounts) for _, detour in found]))
