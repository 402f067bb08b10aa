"""Oracle: the configs' own lists of what is allowed, and settings written out by hand."""

from __future__ import annotations

import pytest

from gru_viz.errors import InputError
from gru_viz.learn import config
from gru_viz.learn.config import TrainingConfig
from gru_viz.model import ModelConfig
from gru_viz.ui.train.advanced import changed_to
from gru_viz.ui.train.presets import PRESETS, preset_for
from gru_viz.ui.train.settings import MODEL, TRAINING, Choice, Number, settled, usual_values


@pytest.mark.parametrize("name", config.CHOICES)
def test_every_choice_can_be_made(name):
    setting = TRAINING[name]
    assert isinstance(setting, Choice)
    assert set(setting.words) == set(config.CHOICES[name])


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_what_it_says(name):
    preset = preset_for(name, 240)
    assert settled(preset.model, preset.training, {}) == (dict(preset.model), preset.training)
    assert preset.training == config.PRESETS[name].training
    assert f"{preset.training.epochs} epochs" in preset.size
    assert preset_for(name, 50_000).training.loss == "sampled"


@pytest.mark.parametrize("name", PRESETS)
def test_a_presets_numbers_fit_their_boxes(name):
    preset = preset_for(name, 240)
    values = usual_values(preset.model, preset.training, {})
    for known, setting in (MODEL | TRAINING).items():
        if isinstance(setting, Number):
            assert setting.low <= values[known] <= setting.high
            assert isinstance(values[known], int if setting.whole else float)
        else:
            assert values[known] in setting.words


def test_changes():
    preset = preset_for("good", 240)
    changes = {"units": 8, "layers": 2, "embedding": "tied", "mode": "parallel", "loss": "bpr-max", "seed": 3}
    model, training = settled(preset.model, preset.training, changes)
    assert ModelConfig(**model) == ModelConfig(
        units=(8, 8), embedding_dim=8, output="tied", dropout_embedding=0.3, dropout_hidden=0.3
    )
    assert (training.mode, training.loss, training.seed) == ("parallel", "bpr-max", 3)
    assert training.start == "random"  # a tied embedding leaves no room for a Markov chain
    assert training.epochs == preset.training.epochs


def test_a_cell_without_a_reset_gate_takes_the_one_value_there_is():
    preset = preset_for("good", 240)
    model, _ = settled(preset.model, preset.training, {"cell": "lstm", "reset": "after"})
    assert (model["cell"], model["reset"]) == ("lstm", "before")


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"embedding": "tied", "start": "markov"}, "start from the Markov chain"),
     ({"loss": "bpr", "negatives": 0}, "negatives must be at least 1"),
     ({"learning_rate": 0.0}, "learning_rate must be above 0"),
     ({"dropout_hidden": 1.0}, "dropout must be")],
)  # fmt: skip
def test_what_does_not_fit_together_is_one_line(changes, said):
    preset = preset_for("good", 240)
    with pytest.raises(InputError, match=said) as error:
        settled(preset.model, preset.training, changes)
    assert "\n" not in str(error.value)


def test_a_change_back_to_the_usual_is_none():
    assert changed_to({}, "epochs", 9, 8) == {"epochs": 9}
    assert changed_to({"epochs": 9, "seed": 1}, "epochs", 8, 8) == {"seed": 1}


def test_the_default_is_no_surprise():
    assert settled(ModelConfig().to_dict(), TrainingConfig(), {})[1] == TrainingConfig()


def test_a_feed_forward_layer_leaves_no_room_for_a_markov_chain_and_another_cell_does():
    preset = preset_for("good", 240)
    model, training = settled(preset.model, preset.training, {"feed_forward": 16})
    assert (model["feed_forward"], training.start) == ((16,), "random")
    model, training = settled(preset.model, preset.training, {"cell": "lstm"})
    assert (model["feed_forward"], training.start) == ((), "markov")


@pytest.mark.parametrize("name", ["layers", "loss", "dropout_embedding", "dropout_hidden"])
def test_what_its_label_does_not_explain_has_a_help(name):
    assert (MODEL | TRAINING)[name].help


@pytest.mark.parametrize(
    ("name", "said"), [("schedule", "learning rate"), ("alpha", "negatives"), ("in_batch", "negatives")]
)
def test_a_label_says_by_itself_what_it_is_of(name, said):
    """Which fields stand beside it depends on the settings and on the width of the page."""
    assert said in TRAINING[name].label
    assert not any(setting.label.startswith(("Its", "Their")) for setting in (MODEL | TRAINING).values())
