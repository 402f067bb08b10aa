"""Oracles: Adam's update by torch itself, and logs whose next clicks are certain."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import numpy as np
import pytest
import torch

from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import BETAS, Epoch, Progress, one_cycle, train
from gru_viz.model import GRU4Rec, ModelConfig
from gru_viz.sessions import ClickLog
from tests.logs import log_of, memory_log, random_log

CONFIG = ModelConfig(units=(6,), embedding_dim=6, dropout_embedding=0.2, dropout_hidden=0.2)
SHORT = TrainingConfig(epochs=2, batch=7, learning_rate=0.02)


def trained(log: ClickLog, config: TrainingConfig, shape: ModelConfig = CONFIG) -> GRU4Rec:
    model = new_model(log, shape, config.start, config.seed)
    for _ in train(model, log, config):
        pass
    return model


def same(one: GRU4Rec, other: GRU4Rec) -> bool:
    numbers = other.state_dict()
    return all(torch.equal(value, numbers[name]) for name, value in one.state_dict().items())


@pytest.mark.parametrize("loss", ["full", "sampled"])
@pytest.mark.parametrize("reset", ["before", "after"])
def test_memory_is_learned(loss: str, reset: str) -> None:
    """The first click decides the last: a model that forgets it gets at most half of the last clicks."""
    log = memory_log()
    shape = ModelConfig(units=(12,), embedding_dim=12, reset=reset)
    config = TrainingConfig(epochs=25, batch=16, learning_rate=0.05, loss=loss, negatives=32)
    model = trained(log, config, shape)
    ends = evaluate(ModelScorer(model), log, (1, 2))
    certain = ends.predictions - len(log) - np.count_nonzero(log.lengths - 2)  # where to go on is a choice
    assert ends.recall[2] == 1.0
    assert ends.recall[1] >= (certain + len(log) / 2) / ends.predictions


def test_what_needs_no_choice_is_learned_to_recall_1() -> None:
    """0 … 2 and 1 … 3 with the same clicks between: all is certain, if the first click is remembered."""
    log = log_of([[first, 4, 5, 6, 7, 2 + first] for first in (0, 1)] * 20)
    model = trained(
        log, TrainingConfig(epochs=60, batch=8, learning_rate=0.05), ModelConfig((8,), embedding_dim=8)
    )
    assert evaluate(ModelScorer(model), log, (1,)).recall[1] == 1.0


@pytest.mark.parametrize("change", [{}, {"loss": "sampled"}, {"order": "time"}, {"start": "markov"}])
def test_the_same_seed_gives_the_same_numbers(change: dict[str, str]) -> None:
    log = random_log(50)
    config = replace(SHORT, **change)
    one = trained(log, config)
    torch.rand(5)
    assert same(one, trained(log, config))
    assert not same(one, trained(log, replace(config, seed=1)))


def test_others_random_numbers_neither_disturb_nor_are_disturbed() -> None:
    log = random_log(50)
    model = new_model(log, CONFIG)
    torch.manual_seed(5)
    expected = torch.rand(4)
    torch.manual_seed(5)
    drawn = []
    for number, _ in enumerate(train(model, log, SHORT)):
        if number < 4:
            drawn.append(torch.rand(1))
    assert torch.equal(torch.cat(drawn), expected)
    assert same(model, trained(log, SHORT))


def test_looking_at_the_model_on_the_way_changes_nothing() -> None:
    log = random_log(50)
    model = new_model(log, CONFIG)
    for _ in train(model, log, SHORT):
        model.eval()
        evaluate(ModelScorer(model), log)
    assert same(model, trained(log, SHORT))


def test_one_update_is_adams_on_the_mean_loss() -> None:
    """Oracle: cross-entropy through autograd over sessions run one by one, and torch.optim.Adam."""
    log = log_of([[0, 1, 2, 3], [2, 1], [3, 3, 0]])
    shape = ModelConfig(units=(3,), embedding_dim=2)
    config = TrainingConfig(epochs=1, batch=3, schedule="constant", learning_rate=0.1, clip=0.05)
    model, expected = new_model(log, shape), new_model(log, shape)
    progress, epoch = list(train(model, log, config))

    optimizer = torch.optim.Adam(expected.parameters(), lr=0.1, betas=BETAS)
    scores, targets = [], []
    for session in log:
        items = torch.from_numpy(session.items.copy())
        scores.append(expected(items[:-1], [1] * (len(items) - 1)))
        targets.append(items[1:])
    loss = torch.nn.functional.cross_entropy(torch.cat(scores), torch.cat(targets))
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(expected.parameters(), 0.05)
    optimizer.step()

    assert isinstance(progress, Progress)
    assert isinstance(epoch, Epoch)
    assert progress.loss == pytest.approx(loss.item(), rel=1e-5)
    assert progress.gradient_norm == pytest.approx(norm.item(), rel=1e-4)
    assert (epoch.clipped, epoch.events) == (1.0, 6)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, expected.state_dict()[name], rtol=1e-4, atol=1e-5)


def test_progress_counts_from_one_and_time_left_falls_to_none() -> None:
    log = random_log(40)
    events = list(train(new_model(log, CONFIG), log, SHORT))
    progress = [e for e in events if isinstance(e, Progress)]
    epochs = [e for e in events if isinstance(e, Epoch)]
    batches = progress[0].batches
    expected = [(epoch, batch) for epoch in (1, 2) for batch in range(1, batches + 1)]
    assert [(p.epoch, p.batch) for p in progress] == expected
    assert [(e.epoch, e.epochs) for e in epochs] == [(1, 2), (2, 2)]
    assert all(e.events == int((log.lengths - 1).sum()) for e in epochs)
    assert progress[0].seconds_left > 0 == progress[-1].seconds_left
    assert all(p.events_per_s > 0 and np.isfinite(p.gradient_norm) for p in progress)
    with pytest.raises(dataclasses.FrozenInstanceError):
        progress[0].loss = 0.0  # type: ignore[misc]


def test_the_epochs_loss_weighs_predictions_not_batches() -> None:
    """A short last batch counts by its size."""
    log = log_of([[0, 1, 2, 3, 0, 1], [1, 0], [2, 3]])
    config = TrainingConfig(epochs=1, batch=2, order="time")
    *progress, epoch = train(new_model(log, CONFIG), log, config)
    losses = [p.loss for p in progress if isinstance(p, Progress)]
    assert isinstance(epoch, Epoch)
    assert epoch.loss == pytest.approx((losses[0] * 6 + losses[1] * 1) / 7)


def test_cancelling_is_to_stop_asking() -> None:
    log = random_log(40)
    run = train(new_model(log, CONFIG), log, SHORT)
    assert isinstance(next(run), Progress)
    run.close()  # type: ignore[attr-defined]
    with pytest.raises(StopIteration):
        next(run)


def test_a_loss_that_is_no_number_stops_with_a_remedy() -> None:
    log = random_log(40)
    model = new_model(log, CONFIG)
    with torch.no_grad():
        model.output_bias[0] = float("nan")
    with pytest.raises(InputError, match="smaller learning rate"):
        list(train(model, log, SHORT))


def test_nothing_to_learn_from() -> None:
    log = log_of([[0], [1]])
    with pytest.raises(InputError, match="no session has two clicks"):
        train(new_model(log, CONFIG), log, SHORT)


def test_one_cycle_rises_to_one_and_falls_to_nothing() -> None:
    shares = [one_cycle(done, 0.3) for done in np.linspace(0, 1, 101)]
    assert shares[0] == pytest.approx(1 / 25)
    assert shares[30] == pytest.approx(1)
    assert shares[-1] == pytest.approx(0)
    assert np.all(np.diff(shares[:31]) > 0)
    assert np.all(np.diff(shares[30:]) < 0)
    assert one_cycle(0, 0) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 0},
        {"batch": 0},
        {"negatives": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"clip": -1.0},
        {"warmup": 1.0},
        {"alpha": 2.0},
        {"seed": -1},
        {"loss": "bpr"},
        {"order": "backwards"},
        {"schedule": "sometimes"},
        {"start": "late"},
    ],
)
def test_settings_that_make_no_sense(change: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(change))):
        TrainingConfig(**change)  # type: ignore[arg-type]


def test_settings_go_to_json_and_back() -> None:
    assert TrainingConfig(**SHORT.to_dict()) == SHORT
