"""Is it said in plain words how a training was asked for?

Oracle: what the form makes of a preset and of changes (settings.settled), written down as a job does
and named by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.jobs.request import SETTINGS
from gru_viz.ui.train.asked import Asked, all_settings, asked_of, asked_words, called, nearest
from gru_viz.ui.train.presets import PRESETS, preset_for
from gru_viz.ui.train.saved_as import file_name
from gru_viz.ui.train.settings import settled
from tests.ui.training import job

HELD = "the last 10% of the sessions"
LARGE = 50_000  # items: the full softmax becomes a sampled one


def asked_for(name: str, items: int = 8, **changes: Any) -> Asked:
    preset = preset_for(name, items)
    return Asked(*settled(preset.model, preset.training, changes), HELD, items)


@pytest.mark.parametrize("items", [8, LARGE])
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_called_by_its_name(name, items):
    known = asked_for(name, items)
    assert called(known) == name.capitalize()
    assert nearest(known)[1] == {}


def test_the_line():
    assert asked_words(asked_for("good")) == (
        "Good · GRU · 100 units · softmax over all items · 8 epochs asked for · learning rate 0.01 · seed 0 "
        "· the last 10% of the sessions held out"
    )
    assert "softmax over a sample" in asked_words(asked_for("good", LARGE))


def test_changes_are_said_once():
    known = asked_for("best", units=16, seed=7, dropout_hidden=0.5)
    assert called(known) == "Best, changed"
    assert asked_words(known) == (
        "Best with changes: units 16; dropout of memory 0.5; seed 7 · GRU · softmax over all items · "
        "14 epochs asked for · learning rate 0.01 · the last 10% of the sessions held out"
    )
    assert "100 + 100 units" in asked_words(asked_for("good", layers=2))


def test_what_the_form_sets_by_itself_is_no_change():
    """A tied embedding leaves no room for a start from the Markov chain."""
    known = asked_for("good", embedding="tied", start="random")
    assert nearest(known)[1] == {"embedding": "tied"}


@given(
    st.sampled_from(PRESETS),
    st.integers(1, 1024),
    st.integers(1, 200),
    st.sampled_from(["gru", "lstm", "rnn"]),
)
def test_preset_and_changes_lead_back_to_what_was_asked_for(name, units, epochs, cell):
    known = asked_for(name, units=units, epochs=epochs, cell=cell)
    preset, changes = nearest(known)
    assert settled(preset.model, preset.training, changes) == (known.model, known.training)
    assert len(changes) <= 3


def test_every_setting_that_means_something_has_a_line():
    plain = all_settings(asked_for("good"))
    lines = [line for group in plain.values() for line in group]
    assert "Loss: softmax over all items" in lines
    assert "Seed: 0" in lines
    assert not any("Negatives" in line or "Regularizer" in line for line in lines)
    changed = all_settings(asked_for("good", loss="bpr-max", learning_rate=0.05, cell="lstm"))
    assert {"Cell: LSTM (Good: GRU)"} < set(changed["The model"])
    assert not any("Reset" in line for line in changed["The model"])
    assert {"Learning rate: 0.05 (Good: 0.01)", "Negatives: 512"} < set(changed["The training"])


def written(folder: Path, **told: Any) -> Path:
    known = asked_for("good", LARGE)
    usual = {"model": known.model, "training": known.training.to_dict(), "test_name": HELD, "items": LARGE}
    (folder / SETTINGS).write_text(json.dumps(usual | told))
    return folder


def test_it_is_read_from_the_trainings_folder(tmp_path):
    assert asked_of(job(folder=written(tmp_path))) == asked_for("good", LARGE)


def test_a_folder_of_before_tells_the_whole_logs_items(tmp_path):
    written(tmp_path, facts={"log": {"items": LARGE}})
    told = json.loads((tmp_path / SETTINGS).read_text())
    del told["items"]
    (tmp_path / SETTINGS).write_text(json.dumps(told))
    known = asked_of(job(folder=tmp_path))
    assert known is not None
    assert called(known) == "Good"


@pytest.mark.parametrize(
    "told",
    [{"model": 3}, {"model": {"cell": "x"}}, {"training": {"odd": 1}}, {"training": []}, {"items": "x"}],
)
def test_what_cannot_be_read_is_nothing(tmp_path, told):
    assert asked_of(job(folder=written(tmp_path, **told))) is None
    assert asked_of(job(folder=tmp_path / "gone")) is None


@pytest.mark.parametrize(
    ("log", "name"),
    [
        ("log2.tsv", "log2"),
        ("clicks.CSV.gz", "clicks"),
        ("Sample shop", "Sample-shop"),
        ("../../etc/passwd.csv", "etc-passwd"),
        ("a<b>:c|d?*\\\n\0.csv", "a-b-c-d"),
        ("klicks_märz.parquet", "klicks_märz"),
        ("\u202egpj.csv", "gpj"),
        ("....csv", "model"),
        ("", "model"),
        ("x" * 300, "x" * 40),
    ],
)
def test_the_files_name(log, name):
    assert file_name(log, asked_for("good"), 8) == f"{name}-gru100-epoch8.safetensors"


def test_the_files_name_without_what_was_asked_and_with_layers():
    assert file_name("log2.tsv", None, 3) == "log2-epoch3.safetensors"
    assert file_name("log2.tsv", asked_for("good", layers=2, cell="lstm"), 3) == (
        "log2-lstm100-100-epoch3.safetensors"
    )
