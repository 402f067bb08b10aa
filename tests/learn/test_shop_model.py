"""The model that ships: as good as it says, measured anew. Oracle: the process that made the shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gru_viz
from gru_viz.commands.shop_quality import DETOUR_LENGTHS, HELD_OUT, detours
from gru_viz.data import shop
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.presets import SHOP_MODEL, SHOP_TRAINING
from gru_viz.learn.split import Split, split_by_time
from gru_viz.model import GRU4Rec
from gru_viz.record import record_batch

SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def shipped() -> GRU4Rec:
    return gru_viz.load(SAMPLE / "model.safetensors")


@pytest.fixture(scope="module")
def split() -> Split:
    items, sessions = SAMPLE / "items.csv", SAMPLE / "sessions.csv.gz"
    log, _ = gru_viz.read_log(sessions, items=items, catalog=shop.catalog())
    return split_by_time(log, HELD_OUT)


def test_it_reaches_97_percent_of_the_limit(shipped: GRU4Rec, split: Split) -> None:
    told: dict[str, Any] = shipped.about["quality"]
    recall = evaluate(ModelScorer(shipped), split.test).recall[10]
    limit = shop.process().limit(split.test).recall[10]
    assert recall / limit >= 0.97
    assert told["recall@10"] == pytest.approx(recall, abs=1e-3)
    assert told["share_of_limit"] == pytest.approx(recall / limit, abs=1e-3)


def test_it_gets_detours_of_every_length_right(shipped: GRU4Rec, split: Split) -> None:
    """In all sessions of the shop: of all lenses, one that fits the body scores highest before the lens."""
    mounts = {int(lens): shop.mount_of(int(lens)) for lens in shop.lens_indices()}
    found = [
        (session.items, detour)
        for log in (split.train, split.test)
        for session in log
        if (detour := shop.detour_of(session)) is not None and detour.length in DETOUR_LENGTHS
    ]
    traces = record_batch(shipped, [items[: detour.lens_step].tolist() for items, detour in found])
    right: dict[int, list[bool]] = {length: [] for length in DETOUR_LENGTHS}
    for trace, (_, detour) in zip(traces, found, strict=True):
        best = max(mounts, key=lambda lens: trace.scores[-1][lens])
        right[detour.length].append(mounts[best] == detour.mount)
    assert {length: len(hits) >= 100 and np.mean(hits) >= 0.95 for length, hits in right.items()} == (
        dict.fromkeys(DETOUR_LENGTHS, True)
    )
    assert min(shipped.about["quality"]["detours"].values()) >= 0.95


def test_detours_are_asked_on_fresh_sessions(shipped: GRU4Rec) -> None:
    shares = detours(shipped, sessions=200)
    assert set(shares) <= set(DETOUR_LENGTHS)
    assert np.mean(list(shares.values())) > 0.9


def test_it_was_trained_as_the_preset_says(shipped: GRU4Rec) -> None:
    assert shipped.config == SHOP_MODEL
    assert shipped.about["training"]["settings"] == SHOP_TRAINING.to_dict()
    assert shipped.catalog == shop.catalog()
