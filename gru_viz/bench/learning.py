"""How good does a GRU4Rec get on a log of one's own, and how soon?

Whole sessions with back-propagation through time, against the session-parallel mode, which
stands in for the GRU4Rec authors' code, and against a first-order Markov chain. Seconds are of
processor time and of training alone, the making of the model included, evaluation not.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gru_viz.baselines import Markov
from gru_viz.bench.row import Effort, Row
from gru_viz.bench.timing import one_thread
from gru_viz.data.reader import read_log
from gru_viz.learn.config import PARALLEL, PRESETS, Preset
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.progress import Epoch
from gru_viz.learn.quality import Quality
from gru_viz.learn.split import Split, seen_only, split_by_time
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import train
from gru_viz.model import ModelConfig

HELD_OUT = 0.1
K = 20
TIME_BAR = 1 / 3


@dataclass(frozen=True)
class Reached:
    """What a model reaches after an epoch, and the seconds until then."""

    seconds: float
    quality: Quality

    @property
    def recall(self) -> float:
        return self.quality.recall[K]


def measure(effort: Effort) -> list[Row]:
    """Rows for time, Recall@20 and MRR@20; one that says what is missing without a log."""
    if effort.log is None:
        return [Row("learning", "training on a log", skipped="give one with --log TRAIN --test TEST")]
    parts = _parts(effort.log, effort.test)
    with one_thread():
        quick, best, parallel = (
            list(_run(preset, parts, effort)) for preset in (PRESETS["quick"], PRESETS["best"], PARALLEL)
        )
        markov = evaluate(Markov().fit(parts.train), parts.test, (K,))
    theirs, ours = (max(run, key=lambda one: one.recall) for run in (parallel, best))
    in_time = next((one.seconds for one in (*quick, *best) if one.recall >= theirs.recall), None)
    log = f"{len(parts.test):,} sessions held out"
    mode = f"session-parallel, best of {len(parallel)} epochs"
    return [
        Row(
            "learning",
            f"reach Recall@{K} {theirs.recall:.4f}, whole sessions, presets quick and best",
            mode,
            in_time,
            theirs.seconds,
            "s",
            bar=TIME_BAR,
        ),
        *(
            Row("learning", f"{name}, whole sessions, {log}", against, ours_, theirs_, "", bar, None, True)
            for against, other, bar in ((mode, theirs.quality, 1.0), ("first-order Markov", markov, None))
            for name, ours_, theirs_ in (
                (f"Recall@{K}", ours.recall, other.recall[K]),
                (f"MRR@{K}", ours.quality.mrr[K], other.mrr[K]),
            )
        ),
    ]


def _parts(log: str, test: str | None) -> Split:
    whole, _ = read_log(log)
    if test is None:
        return split_by_time(whole, HELD_OUT)
    train_log = seen_only(whole)
    return Split(train_log, read_log(test, catalog=train_log.catalog)[0], 0, 0)


def _run(preset: Preset, parts: Split, effort: Effort) -> Iterator[Reached]:
    """What it reaches after each epoch."""
    log = parts.train.select(np.arange(effort.of(len(parts.train))))
    training = preset.training_for(len(log.catalog))
    began = time.process_time()
    model = new_model(log, ModelConfig.from_dict(dict(preset.model)), training.start, training.seed)
    spent = time.process_time() - began
    began = time.process_time()
    for event in train(model, log, training):
        if isinstance(event, Epoch):
            spent += time.process_time() - began
            yield Reached(spent, evaluate(ModelScorer(model), parts.test, (K,)))
            began = time.process_time()
