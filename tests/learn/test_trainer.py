"""Oracles: Adam's update by torch itself, and logs whose next clicks are certain."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from gru_viz.errors import InputError
from gru_viz.explain.exploding import FEW
from gru_viz.learn.config import LOSSES, TrainingConfig
from gru_viz.learn.evaluation import ModelScorer, evaluate
from gru_viz.learn.optimizer import BETAS, one_cycle
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import Epoch, Progress, train
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


@pytest.mark.parametrize(("loss", "reset"), [("full", "after"), *((loss, "before") for loss in LOSSES)])
def test_memory_is_learned(loss: str, reset: str) -> None:
    """The first click decides the last: a model that forgets it gets at most half of the last clicks.

    Binary cross-entropy finds every next click here but the one that takes memory: items that are
    clearly wrong make nearly all of its gradient.
    """
    log = memory_log()
    shape = ModelConfig(units=(12,), embedding_dim=12, reset=reset)
    config = TrainingConfig(epochs=25, batch=16, learning_rate=0.05, loss=loss, negatives=32)
    model = trained(log, config, shape)
    ends = evaluate(ModelScorer(model), log, (1, 2))
    certain = ends.predictions - len(log) - np.count_nonzero(log.lengths - 2)  # where to go on is a choice
    if loss == "bce":
        assert ends.recall[2] >= 1 - len(log) / 2 / ends.predictions
        return
    assert ends.recall[2] == 1.0
    assert ends.recall[1] >= (certain + len(log) / 2) / ends.predictions


def test_what_needs_no_choice_is_learned_to_recall_1() -> None:
    """0 … 2 and 1 … 3 with the same clicks between: all is certain, if the first click is remembered."""
    log = log_of([[first, 4, 5, 6, 7, 2 + first] for first in (0, 1)] * 20)
    model = trained(
        log, TrainingConfig(epochs=60, batch=8, learning_rate=0.05), ModelConfig((8,), embedding_dim=8)
    )
    assert evaluate(ModelScorer(model), log, (1,)).recall[1] == 1.0


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"loss": "sampled"},
        {"order": "time"},
        {"start": "markov"},
        {"mode": "parallel", "loss": "bpr-max", "optimizer": "adagrad", "in_batch": True},
    ],
)
def test_the_same_seed_gives_the_same_numbers(change: dict[str, Any]) -> None:
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


def test_one_click_an_update_is_adagrads_with_the_state_carried_on() -> None:
    """Oracle: autograd through one step at a time, the state detached, and torch.optim.Adagrad.

    Two slots over three sessions: [0 1 2] then [3 0] in slot 0, [1 3 0 2] in slot 1.
    """
    log = log_of([[0, 1, 2], [1, 3, 0, 2], [3, 0]])
    updates = [
        ([0, 1], [1, 3], [True, True]),
        ([1, 3], [2, 0], [False, False]),
        ([3, 0], [0, 2], [True, False]),
    ]
    shape = ModelConfig(units=(3, 4), embedding_dim=2)
    config = TrainingConfig(
        1, 2, 0.1, "constant", clip=0.3, order="time", mode="parallel", optimizer="adagrad"
    )
    model, expected = new_model(log, shape), new_model(log, shape)
    *progress, epoch = train(model, log, config)

    optimizer = torch.optim.Adagrad(expected.parameters(), lr=0.1)
    states = [torch.zeros(2, units) for units in shape.units]
    losses, norms = [], []
    for clicks, targets, fresh in updates:
        states = [h.masked_fill(torch.tensor(fresh)[:, None], 0) for h in states]
        optimizer.zero_grad()
        records = expected.unroll(torch.tensor(clicks), [2], states)
        states = [record.h.detach() for record in records]
        scores = expected.score(expected.head(records[-1].h))
        loss = torch.nn.functional.cross_entropy(scores, torch.tensor(targets))
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(expected.parameters(), 0.3).item())
        optimizer.step()
        losses.append(loss.item())

    assert [p.loss for p in progress if isinstance(p, Progress)] == pytest.approx(losses, rel=1e-5)
    assert [p.gradient_norm for p in progress if isinstance(p, Progress)] == pytest.approx(norms, rel=1e-4)
    assert isinstance(epoch, Epoch)
    assert (epoch.loss, epoch.events) == (pytest.approx(np.mean(losses), rel=1e-5), 6)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(value, expected.state_dict()[name], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
def test_slots_carry_whatever_a_cell_carries(cell: str) -> None:
    """Learning rate next to nothing: the losses of one-click updates are those of whole sessions."""
    log = random_log(30)
    shape = ModelConfig(units=(5, 4), embedding_dim=3, cell=cell)
    config = TrainingConfig(1, 4, 1e-12, "constant", order="time")
    found = []
    for mode in ("sessions", "parallel"):
        *_, epoch = train(new_model(log, shape), log, replace(config, mode=mode))
        assert isinstance(epoch, Epoch)
        found.append(epoch.loss)
    assert found[0] == pytest.approx(found[1], rel=1e-5)


@pytest.mark.parametrize("loss", LOSSES)
def test_session_parallel_learns_what_one_step_can_teach(loss: str) -> None:
    log = log_of([[n % 5, (n + 1) % 5, (n + 2) % 5, (n + 3) % 5] for n in range(60)])
    config = TrainingConfig(
        8, 8, 0.1, "constant", loss=loss, negatives=8, mode="parallel", optimizer="adagrad"
    )
    model = trained(log, config, ModelConfig((8,), embedding_dim=8))
    assert evaluate(ModelScorer(model), log, (1,)).recall[1] == 1.0


def test_dropout_of_one_hot_feed_forward_and_layers_trains() -> None:
    log = random_log(30)
    shape = ModelConfig((4, 3), input="onehot", feed_forward=(5,), dropout_hidden=0.3)
    start = new_model(log, shape)
    assert not same(start, trained(log, SHORT, shape))


# --- a gradient that explodes


def test_progress_tells_the_usual_norm_of_the_epochs_updates_before() -> None:
    """Oracle: the median of all norms told so far in the epoch, once there are more than FEW."""
    log = random_log(60)
    config = replace(SHORT, epochs=2, batch=2)
    for epoch in (1, 2):
        events = train(new_model(log, CONFIG), log, config)
        told = [e for e in events if isinstance(e, Progress) and e.epoch == epoch]
        assert len(told) > FEW + 5
        for number, progress in enumerate(told):
            before = sorted(earlier.gradient_norm for earlier in told[:number])
            assert progress.usual_norm == (before[number // 2] if number > FEW else None)


@pytest.mark.parametrize("norm", [float("inf"), float("nan")])
def test_a_gradient_that_is_no_number_ends_it_at_once(norm: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nn.utils, "clip_grad_norm_", lambda *_: torch.tensor(norm))
    log = random_log(40)
    with pytest.raises(InputError, match=f"the gradient became {norm} in epoch 1, batch 1; try a smaller"):
        next(train(new_model(log, CONFIG), log, SHORT))
