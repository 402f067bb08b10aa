"""Oracles: the peak memory of a real process; a training whose pace is set by hand."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import gru_viz
from gru_viz.errors import InputError
from gru_viz.learn import estimate as estimate_module
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.estimate import START, estimate, memory_bytes
from gru_viz.learn.parts import Parts
from gru_viz.learn.split import split_by_time
from gru_viz.learn.trainer import Trainer
from gru_viz.model import ModelConfig
from tests.logs import log_of, random_log

SHAPE = ModelConfig(units=(6,), embedding_dim=6)
TRAINING = TrainingConfig(epochs=4, batch=8)


def parts_of(sessions: int = 200, n_items: int = 9) -> Parts:
    split = split_by_time(random_log(sessions, n_items), 0.2)
    return Parts(split.train, split.test, "log.csv", "the last 20%", True, {})


def test_seconds_follow_the_pace_of_the_trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: 1 ms an event in the trainer and 2 ms a prediction, set by hand."""
    clock = [0.0]
    real = Trainer._timed_update

    def slow(trainer: Trainer, *args: object) -> object:
        before = trainer.events
        result = real(trainer, *args)  # type: ignore[arg-type]
        clock[0] += 1e-3 * (trainer.events - before)
        return result

    def measured(_: object, log: object) -> object:
        events = log.n_clicks - len(log)  # type: ignore[attr-defined,arg-type]
        clock[0] += 2e-3 * events
        return type("Q", (), {"predictions": events})

    monkeypatch.setattr(Trainer, "_timed_update", slow)
    monkeypatch.setattr(estimate_module, "evaluate", measured)
    monkeypatch.setattr(estimate_module, "ALL", (1, 2, 3))
    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    parts = parts_of()
    assert parts.test is not None
    train, test = (1e-3 * (log.n_clicks - len(log)) for log in (parts.train, parts.test))
    found = estimate(parts, SHAPE, TRAINING)
    assert found.seconds_an_epoch == pytest.approx(train + 2 * test)
    assert found.seconds == pytest.approx(START + 4 * (train + 2 * test) + 3 * 2 * test)


@pytest.mark.parametrize("mode", ["sessions", "parallel"])
@pytest.mark.parametrize("sessions", [3, 200])
@pytest.mark.parametrize("test", [True, False])
def test_any_training_has_an_estimate(mode: str, sessions: int, test: bool) -> None:
    parts = parts_of(sessions) if sessions > 3 else Parts(log_of([[0, 1]] * 3), None, "", "", False, {})
    parts = parts if test else replace(parts, test=None)
    found = estimate(parts, SHAPE, replace(TRAINING, mode=mode))
    assert found.seconds > START
    assert 0 < found.seconds_an_epoch < found.seconds
    assert found.memory_bytes > 2e8


def test_the_trial_leaves_nothing_behind() -> None:
    """Others' random numbers are as they were, and the same training gives the same model after it."""
    import torch

    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    estimate(parts_of(), SHAPE, TRAINING)
    assert torch.equal(torch.rand(3), expected)


def test_nothing_to_learn() -> None:
    parts = Parts(log_of([[0], [1]]), None, "", "", False, {})
    with pytest.raises(InputError, match="nothing to learn"):
        estimate(parts, SHAPE, TRAINING)


MEASURE = """
import re, tempfile, torch
from pathlib import Path
from tests.learn.test_estimate import CASES
from gru_viz.learn.run import run_in
torch.set_num_threads(1)
for case in CASES:
    for _ in run_in(Path(tempfile.mkdtemp()), *case()):
        pass
    # not getrusage's maxrss, which begins at what the process that started this one had
    print(1024 * int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]))
"""

# the first needs little; an update of the second, about 1,100 clicks, scores 20,000 items, and
# Adam keeps 5 million numbers twice
CASES = (
    lambda: (parts_of(60), SHAPE, replace(TRAINING, epochs=1)),
    lambda: (
        parts_of(500, 20_000),
        ModelConfig((128,), embedding_dim=128),
        TrainingConfig(epochs=1, batch=200),
    ),
)


def test_memory_is_right_within_a_factor_of_two() -> None:
    """Oracle: the largest resident size of a process that does nothing else."""
    home = Path(gru_viz.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=home, capture_output=True, text=True, check=True
    )
    for case, measured in zip(CASES, run.stdout.split(), strict=True):
        assert 0.5 < memory_bytes(*case()) / int(measured) < 2


@pytest.mark.parametrize(
    ("shape", "training"),
    [
        ({"units": (12,)}, {}),
        ({"embedding_dim": 60}, {}),
        ({}, {"batch": 1000}),
    ],
)
def test_more_takes_more_memory(shape: dict[str, object], training: dict[str, object]) -> None:
    parts = parts_of(4000, 300)
    small = memory_bytes(replace(parts, test=None), SHAPE, TRAINING)
    assert (
        memory_bytes(replace(parts, test=None), replace(SHAPE, **shape), replace(TRAINING, **training))
        > small
    )  # type: ignore[arg-type]
