"""How much of what can be known of the sample shop does a model know?"""

from __future__ import annotations

from typing import Any

import numpy as np

from gru_viz.baselines import fitted
from gru_viz.data import shop
from gru_viz.data.shop.sessions import simulate
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.split import Split
from gru_viz.model import GRU4Rec
from gru_viz.record import record_batch

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
    drawn = simulate(sessions, np.random.default_rng(seed))
    found = [(items, detour) for items in drawn if (detour := shop.detour_of(items)) is not None]
    found = [(items, detour) for items, detour in found if detour.length in DETOUR_LENGTHS]
    lenses = shop.lens_indices()
    mounts = [shop.mount_of(int(lens)) for lens in lenses]
    right: dict[int, list[bool]] = {length: [] for length in DETOUR_LENGTHS}
    for first in range(0, len(found), SIDE_BY_SIDE):
        part = found[first : first + SIDE_BY_SIDE]
        traces = record_batch(model, [items[: detour.lens_step].tolist() for items, detour in part])
        for trace, (_, detour) in zip(traces, part, strict=True):
            best = int(np.argmax(trace.scores[-1][lenses]))
            right[detour.length].append(mounts[best] == detour.mount)
    return {length: float(np.mean(hits)) for length, hits in right.items() if hits}
