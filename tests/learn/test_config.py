"""Which settings are refused, and what do the presets come to?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gru_viz.errors import InputError
from gru_viz.learn.config import FULL_SOFTMAX_ITEMS, LOSSES, PARALLEL, PRESETS, TrainingConfig
from gru_viz.learn.start import can_start_from_markov
from gru_viz.model import ModelConfig


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 0},
        {"epochs": 2.5},
        {"epochs": "3"},
        {"epochs": True},
        {"batch": 0},
        {"negatives": -1},
        {"negatives": 0, "loss": "bpr"},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"clip": -1.0},
        {"clip": float("inf")},
        {"warmup": 1.0},
        {"alpha": 2.0},
        {"alpha": None},
        {"regularizer": -0.1},
        {"regularizer": float("nan")},
        {"patience": -1},
        {"seed": -1},
        {"seed": 2**63},
        {"in_batch": 1},
        {"loss": "hinge"},
        {"mode": "serial"},
        {"optimizer": "sgd"},
        {"order": "backwards"},
        {"schedule": "sometimes"},
        {"start": "late"},
        {"start": ["markov"]},
    ],
)
def test_settings_that_make_no_sense(change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(change))) as caught:
        TrainingConfig(**change)
    assert "\n" not in str(caught.value)


def test_the_batchs_own_targets_may_be_the_only_negatives() -> None:
    assert TrainingConfig(loss="bpr", negatives=0, in_batch=True).negatives == 0


@pytest.mark.parametrize("loss", LOSSES)
def test_settings_go_to_json_and_back(loss: str) -> None:
    config = TrainingConfig(epochs=2, loss=loss, clip=3, mode="parallel")
    assert TrainingConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    assert type(config.clip) is float


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(InputError, match="momentum"):
        TrainingConfig.from_dict({"momentum": 0.9})


@pytest.mark.parametrize("preset", [*PRESETS.values(), PARALLEL])
def test_presets_are_sound(preset: Any) -> None:
    shape = ModelConfig.from_dict(dict(preset.model))
    assert preset.training.start == "random" or can_start_from_markov(shape)


def test_presets_take_longer_the_better_they_are() -> None:
    assert list(PRESETS) == ["quick", "good", "best"]
    cost = [preset.training.epochs * preset.model["units"][0] for preset in PRESETS.values()]
    assert cost == sorted(cost)


def test_a_large_catalogue_is_sampled() -> None:
    best = PRESETS["best"]
    assert best.training_for(FULL_SOFTMAX_ITEMS) == best.training
    assert best.training_for(FULL_SOFTMAX_ITEMS + 1) == replace(best.training, loss="sampled")
    assert PARALLEL.training_for(10**6) == PARALLEL.training
