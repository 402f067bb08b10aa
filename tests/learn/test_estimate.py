"""Oracle: a training whose pace is set by hand."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from gru_viz.errors import InputError
from gru_viz.learn import estimate as estimate_module
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.estimate import START, estimate
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
    """Oracle: 1 ms an event in the trainer and 2 ms a prediction, by hand; the clock goes thrice as fast."""
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
    monkeypatch.setattr(time, "thread_time", lambda: clock[0])
    monkeypatch.setattr(time, "perf_counter", lambda: 3 * clock[0])
    parts = parts_of()
    assert parts.test is not None
    train, test = (1e-3 * (log.n_clicks - len(log)) for log in (parts.train, parts.test))
    found = estimate(parts, SHAPE, TRAINING)
    assert found.seconds_an_epoch == pytest.approx(train + 2 * test)
    assert found.seconds == pytest.approx(START + 4 * (train + 2 * test) + 3 * 2 * test)
    assert found.busy == pytest.approx(3)


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
    assert found.busy >= 1


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
