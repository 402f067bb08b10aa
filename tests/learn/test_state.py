"""Oracle: the same training without the stop, to the last bit."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from gru_viz.checkpoint import load, save
from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.start import new_model
from gru_viz.learn.state import METADATA, TrainerState
from gru_viz.learn.trainer import Epoch, Trainer
from gru_viz.model import GRU4Rec, ModelConfig
from tests.learn.test_trainer import same
from tests.logs import random_log

LOG = random_log(40)
SHAPE = ModelConfig(units=(6, 5), embedding_dim=4, dropout_embedding=0.2, dropout_hidden=0.3)
CONFIG = TrainingConfig(epochs=4, batch=7, learning_rate=0.03, loss="sampled", negatives=5, in_batch=True)
WAYS: dict[str, dict[str, Any]] = {
    "sessions, adam": {},
    "sessions, adagrad": {"optimizer": "adagrad", "loss": "full"},
    "parallel, adam": {"mode": "parallel", "loss": "bpr-max"},
    "parallel, adagrad": {"mode": "parallel", "optimizer": "adagrad", "schedule": "constant"},
}


def run(trainer: Trainer, epochs: int) -> list[float]:
    """The losses of the next `epochs` epochs."""
    losses = []
    for event in trainer.epochs():
        if isinstance(event, Epoch):
            losses.append(event.loss)
            if len(losses) == epochs:
                break
    return losses


def stopped(folder: Path, config: TrainingConfig, epochs: int = 2) -> list[float]:
    """Train for some epochs, and keep model and state."""
    model = new_model(LOG, SHAPE)
    trainer = Trainer(model, LOG, config)
    losses = run(trainer, epochs)
    save(model, folder / "model.safetensors")
    trainer.state().save(folder / "state.safetensors")
    return losses


def resumed(folder: Path, config: TrainingConfig = CONFIG) -> Trainer:
    model = load(folder / "model.safetensors").requires_grad_()
    return Trainer(model, LOG, config, TrainerState.load(folder / "state.safetensors"))


@pytest.mark.parametrize("way", WAYS)
def test_two_and_two_epochs_are_four(way: str, tmp_path: Path) -> None:
    """Dropout, one-cycle, drawn negatives and shuffled order included."""
    config = replace(CONFIG, **WAYS[way])
    whole = Trainer(new_model(LOG, SHAPE), LOG, config)
    losses = run(whole, 4)
    first = stopped(tmp_path, config)
    torch.rand(9)
    trainer = resumed(tmp_path, config)
    assert (trainer.epoch, trainer.events) == (2, whole.events // 2)
    assert first + run(trainer, 4) == losses
    assert same(trainer.model, whole.model)
    assert (trainer.epoch, trainer.updates, trainer.events) == (4, whole.updates, whole.events)


def test_at_the_end_nothing_is_left(tmp_path: Path) -> None:
    stopped(tmp_path, CONFIG, 4)
    assert list(resumed(tmp_path).epochs()) == []


def test_longer_at_a_constant_rate_is_as_if_asked_for_at_once(tmp_path: Path) -> None:
    config = replace(CONFIG, schedule="constant")
    whole = Trainer(new_model(LOG, SHAPE), LOG, replace(config, epochs=3))
    run(whole, 3)
    stopped(tmp_path, replace(config, epochs=2))
    longer = resumed(tmp_path, replace(config, epochs=3, patience=5))
    run(longer, 3)
    assert same(longer.model, whole.model)


def test_a_state_goes_to_a_file_and_back(tmp_path: Path) -> None:
    trainer = Trainer(new_model(LOG, SHAPE), LOG, CONFIG)
    run(trainer, 1)
    one = trainer.state()
    one.save(tmp_path / "state.safetensors")
    other = TrainerState.load(tmp_path / "state.safetensors")
    names = ("config", "epoch", "updates", "events", "seconds", "model", "log")
    assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
    assert one.tensors.keys() == other.tensors.keys()
    assert all(torch.equal(tensor, other.tensors[name]) for name, tensor in one.tensors.items())
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def test_a_state_stays_as_it_was_taken() -> None:
    trainer = Trainer(new_model(LOG, SHAPE), LOG, CONFIG)
    run(trainer, 1)
    state = trainer.state()
    before = {name: tensor.clone() for name, tensor in state.tensors.items()}
    run(trainer, 1)
    assert all(torch.equal(tensor, before[name]) for name, tensor in state.tensors.items())


@pytest.mark.parametrize("optimizer", ["adam", "adagrad"])
def test_whoever_goes_on_from_a_state_leaves_it_as_it_is(optimizer: str) -> None:
    """So two can go on from one state, and end with the same."""
    config = replace(CONFIG, epochs=2, optimizer=optimizer)
    trainer = Trainer(new_model(LOG, SHAPE), LOG, config)
    run(trainer, 1)
    state = trainer.state()
    before = {name: tensor.clone() for name, tensor in state.tensors.items()}
    one, other = (Trainer(deepcopy(trainer.model), LOG, config, state) for _ in range(2))
    run(one, 1)
    assert all(torch.equal(tensor, before[name]) for name, tensor in state.tensors.items())
    run(other, 1)
    assert same(one.model, other.model)


def test_within_an_epoch_there_is_no_state() -> None:
    trainer = Trainer(new_model(LOG, SHAPE), LOG, CONFIG)
    next(trainer.epochs())
    with pytest.raises(ValueError, match="at an Epoch"):
        trainer.state()


# --- what does not belong together


@pytest.mark.parametrize("change", [{"batch": 8}, {"epochs": 5}, {"loss": "bpr"}, {"seed": 1, "alpha": 0.1}])
def test_other_settings_are_refused(change: dict[str, Any], tmp_path: Path) -> None:
    stopped(tmp_path, CONFIG, 1)
    with pytest.raises(InputError, match=r"began with another .*" + next(iter(change))):
        resumed(tmp_path, replace(CONFIG, **change))


def other_model(trainer: Trainer) -> tuple[GRU4Rec, Any]:
    return new_model(LOG, SHAPE, seed=4), LOG


def other_log(trainer: Trainer) -> tuple[GRU4Rec, Any]:
    return trainer.model, random_log(41)


@pytest.mark.parametrize(("other", "words"), [(other_model, "not the model"), (other_log, "another log")])
def test_another_model_or_log_is_refused(other: Any, words: str) -> None:
    trainer = Trainer(new_model(LOG, SHAPE), LOG, CONFIG)
    run(trainer, 1)
    with pytest.raises(InputError, match=words):
        Trainer(*other(trainer), CONFIG, trainer.state())


# --- what is damaged


def content(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    with safe_open(path, framework="pt") as opened:
        return {name: opened.get_tensor(name) for name in opened.keys()}, json.loads(  # noqa: SIM118
            opened.metadata()[METADATA]
        )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    stopped(folder, CONFIG, 1)
    return folder


FACTS: list[dict[str, Any]] = [
    {"schema": 2},
    {"epoch": -1},
    {"epoch": 1.5},
    {"epoch": True},
    {"model": 3},
    {"surplus": 1},
    {"config": None},
    {"config": {}},
    {"config": {**CONFIG.to_dict(), "batch": "all"}},
    {"config": {**CONFIG.to_dict(), "momentum": 1}},
]


@pytest.mark.parametrize("change", FACTS, ids=str)
def test_damaged_facts_are_one_error(change: dict[str, Any], kept: Path, tmp_path: Path) -> None:
    tensors, facts = content(kept / "state.safetensors")
    save_file(tensors, tmp_path / "state.safetensors", {METADATA: json.dumps({**facts, **change})})
    with pytest.raises(InputError, match=r"^'state.safetensors'") as caught:
        TrainerState.load(tmp_path / "state.safetensors")
    assert "\n" not in str(caught.value)


TENSORS: dict[str, Any] = {
    "NaN": ("optimizer/output_bias/exp_avg", lambda t: t * float("nan")),
    "negative square": ("optimizer/output_bias/exp_avg_sq", lambda t: t - 1),
    "shape": ("optimizer/output_bias/exp_avg", lambda t: t[:-1].clone()),
    "double": ("optimizer/output_bias/exp_avg", lambda t: t.double()),
    "whole numbers": ("optimizer/output_bias/exp_avg", lambda t: t.long()),
    "bytes": ("optimizer/output_bias/exp_avg", lambda t: t.to(torch.uint8)),
    "steps": ("optimizer/output_bias/step", lambda t: t * 0),
    "many steps": ("optimizer/output_bias/step", lambda t: t.expand(2).clone()),
    "random": ("random/cpu", lambda t: t[:-8].clone()),
    "random floats": ("random/cpu", lambda t: t.float()),
    "negatives": ("random/negatives", lambda t: torch.zeros_like(t)),
    "none": ("optimizer/output_bias/exp_avg", None),
    "no random": ("random/cpu", None),
    "no negatives": ("random/negatives", None),
}


@pytest.mark.parametrize("damage", TENSORS)
def test_damaged_tensors_are_one_error(damage: str, kept: Path, tmp_path: Path) -> None:
    tensors, facts = content(kept / "state.safetensors")
    name, change = TENSORS[damage]
    old = tensors.pop(name)
    if change is not None:
        tensors[name] = change(old)
    save_file(tensors, tmp_path / "state.safetensors", {METADATA: json.dumps(facts)})
    (tmp_path / "model.safetensors").write_bytes((kept / "model.safetensors").read_bytes())
    with pytest.raises(InputError, match="anew") as caught:
        resumed(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_foreign_file_is_one_error(kept: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no training to go on with"):
        TrainerState.load(kept / "model.safetensors")
    with pytest.raises(InputError, match=r"there is no file 'state\.safetensors'"):
        TrainerState.load(tmp_path / "state.safetensors")
    with pytest.raises(InputError, match="there is no file"):
        TrainerState.load(tmp_path)
    whole = (kept / "state.safetensors").read_bytes()
    for damaged in (b"", b"PK\x03\x04", whole[:-1], whole[:100], whole + b"0"):
        (tmp_path / "state.safetensors").write_bytes(damaged)
        with pytest.raises(InputError, match=r"^'state.safetensors'"):
            TrainerState.load(tmp_path / "state.safetensors")
