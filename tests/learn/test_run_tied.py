"""Does nothing pass for a run's own that is another's, or was changed on the disk?

Oracle: the same file untouched is taken; one byte, one number or one name more and it is not.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from gru_viz.baselines import Markov, Popularity
from gru_viz.errors import InputError
from gru_viz.learn.beside import DIGEST, OnTest, keep, kept
from gru_viz.learn.beside import FILE_NAME as BASELINES
from gru_viz.learn.clicks import CLICKS, load_clicks, save_clicks, trained_on
from gru_viz.learn.clicks import FILE_NAME as CLICKS_FILE
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.figures_file import FILE_NAME, EpochFigures, RunFile, read_run
from gru_viz.learn.quality import Quality
from gru_viz.learn.state import FILE_NAME as STATE
from gru_viz.learn.state import TrainerState
from gru_viz.model import MOST_LAYERS, ModelConfig
from tests.logs import log_of, random_log

# --- baselines.safetensors


def measured(seed: int) -> dict[str, OnTest]:
    log = random_log(40, n_items=60)
    test = random_log(30, n_items=60, seed=seed)
    return {one.name: OnTest.of(one.fit(log), test) for one in (Popularity(), Markov())}


@pytest.fixture(scope="module")
def own() -> dict[str, OnTest]:
    return measured(1)


def figures_of(found: dict[str, OnTest]) -> dict[str, Quality]:
    return {name: one.quality for name, one in found.items()}


def test_its_own_baselines_come_back(own: dict[str, OnTest], tmp_path: Path) -> None:
    keep(own, tmp_path)
    again = kept(figures_of(own), tmp_path)
    assert list(again) == list(own)
    assert all(np.array_equal(again[name].drawn, own[name].drawn) for name in own)


def test_those_of_another_run_do_not(own: dict[str, OnTest], tmp_path: Path) -> None:
    keep(measured(2), tmp_path)
    assert kept(figures_of(own), tmp_path) == {}


def rewritten(folder: Path, changed: dict[str, np.ndarray], digest: bool = True) -> None:
    with safe_open(folder / BASELINES, framework="numpy") as opened:
        metadata = opened.metadata()
    save_file(changed, folder / BASELINES, metadata if digest else None)


@pytest.mark.parametrize("value", [0.5, float("nan"), float("inf"), -0.1, 1.1])
@pytest.mark.parametrize("digest", [True, False])
def test_other_numbers_are_not_believed(
    own: dict[str, OnTest], tmp_path: Path, value: float, digest: bool
) -> None:
    keep(own, tmp_path)
    drawn = load_file(tmp_path / BASELINES)
    rewritten(tmp_path, {name: np.full_like(values, value) for name, values in drawn.items()}, digest)
    assert kept(figures_of(own), tmp_path) == {}


def test_nor_is_one_value_or_a_file_of_before_there_was_a_digest(
    own: dict[str, OnTest], tmp_path: Path
) -> None:
    keep(own, tmp_path)
    drawn = {name: values.copy() for name, values in load_file(tmp_path / BASELINES).items()}
    rewritten(tmp_path, drawn, digest=False)
    assert kept(figures_of(own), tmp_path) == {}
    keep(own, tmp_path)
    drawn["markov"][3, 1, 0] = 0.5
    rewritten(tmp_path, drawn)
    assert kept(figures_of(own), tmp_path) == {}


def test_swapped_names_and_other_figures(own: dict[str, OnTest], tmp_path: Path) -> None:
    keep(own, tmp_path)
    drawn = load_file(tmp_path / BASELINES)
    rewritten(tmp_path, {"markov": drawn["popularity"], "popularity": drawn["markov"]})
    assert kept(figures_of(own), tmp_path) == {}
    keep(own, tmp_path)
    told = figures_of(own)
    told["markov"] = replace(told["markov"], predictions=told["markov"].predictions + 1)
    assert kept(told, tmp_path) == {}


def test_a_folder_of_that_name(own: dict[str, OnTest], tmp_path: Path) -> None:
    (tmp_path / BASELINES).mkdir()
    assert kept(figures_of(own), tmp_path) == {}
    assert DIGEST  # named in the file


# --- training_clicks.safetensors


def test_clicks_of_another_log_over_the_same_items(tmp_path: Path) -> None:
    log, other = log_of([[0, 1, 2], [2, 1]], 3), log_of([[0, 1], [2, 2, 1]], 3)
    save_clicks(other, tmp_path / CLICKS_FILE)
    with pytest.raises(InputError, match="other clicks than the model was trained on"):
        load_clicks(tmp_path / CLICKS_FILE, log.catalog, log.fingerprint)
    assert load_clicks(tmp_path / CLICKS_FILE, log.catalog, other.fingerprint).n_clicks == 5
    assert load_clicks(tmp_path / CLICKS_FILE, log.catalog).n_clicks == 5  # as an older model has it


@pytest.mark.parametrize(
    "about", [{}, {"training": None}, {"training": []}, {"training": {}}, {"training": {CLICKS: 7}}]
)
def test_a_model_that_does_not_tell_its_clicks(about: dict[str, Any]) -> None:
    assert trained_on(about) is None


def test_a_model_that_does() -> None:
    assert trained_on({"training": {CLICKS: "ab"}}) == "ab"


# --- state.safetensors


def state() -> TrainerState:
    tensors = {
        "optimizer/a/exp_avg": torch.linspace(0, 1, 50),
        "random/cpu": torch.arange(40, dtype=torch.uint8),
    }
    return TrainerState(TrainingConfig(), 3, 12, 100, 1.5, "model", "log", tensors)


def test_any_flipped_byte_of_a_state_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / STATE
    state().save(path)
    content = path.read_bytes()
    TrainerState.load(path)
    for place in range(0, len(content), 4):
        damaged = bytearray(content)
        damaged[place] ^= 0x15
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=f"^'{STATE}'|no training") as caught:
            TrainerState.load(path)
        assert "download" not in str(caught.value)


def test_a_state_of_before_there_was_a_digest(tmp_path: Path) -> None:
    path = tmp_path / STATE
    state().save(path)
    with safe_open(path, framework="numpy") as opened:
        told = opened.metadata()
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    del told["gru_viz_training_sha256"]
    save_file(tensors, path, told)
    assert TrainerState.load(path).epoch == 3


@pytest.mark.parametrize("left", [0, 5, 100, -1])
def test_a_cut_state_is_not_to_be_downloaded_again(tmp_path: Path, left: int) -> None:
    path = tmp_path / STATE
    state().save(path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(InputError, match="anew, or use the epochs that are finished") as caught:
        TrainerState.load(path)
    assert "download" not in str(caught.value)
    assert str(caught.value).count(";") == 1


# --- run.json


def run_file(folder: Path) -> dict[str, Any]:
    quality = Quality({10: 0.25, 20: 0.5}, {10: 0.125, 20: 0.25}, 7)
    epochs = tuple(
        EpochFigures(n, 2, 1.5, 0.25, 0.5, 100, 2.0, quality, 0.4, 0.1, f"epochs/{n}") for n in (1, 2)
    )
    RunFile({"log": "x"}, "a", "b", True, {"markov": quality}, epochs).write(folder)
    document: dict[str, Any] = json.loads((folder / FILE_NAME).read_text())
    return document


def without_20(document: dict[str, Any]) -> None:
    del document["epochs"][1]["quality"]["recall"]["20"]


def baseline_without_20(document: dict[str, Any]) -> None:
    del document["baselines"]["markov"]["mrr"]["20"]


def without_10(document: dict[str, Any]) -> None:
    del document["epochs"][0]["quality"]["recall"]["10"]


def one_epoch_unmeasured(document: dict[str, Any]) -> None:
    document["epochs"][0]["quality"] = None


def beyond_one(document: dict[str, Any]) -> None:
    document["epochs"][0]["quality"]["recall"]["20"] = 1.5


def intervals_without_20(document: dict[str, Any]) -> None:
    interval = {"recall": {"21": [0, 1]}, "mrr": {"21": [0, 1]}, "level": 0.95, "resamples": 9}
    document["intervals"] = {"markov": interval}


def huge_loss(document: dict[str, Any]) -> None:
    document["epochs"][0]["loss"] = 10**400


DAMAGES = [
    without_20,
    baseline_without_20,
    without_10,
    one_epoch_unmeasured,
    beyond_one,
    intervals_without_20,
    huge_loss,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_that_lacks_a_figure_or_has_one_that_is_none(tmp_path: Path, damage: Any) -> None:
    document = run_file(tmp_path)
    assert read_run(tmp_path) is not None
    damage(document)
    (tmp_path / FILE_NAME).write_text(json.dumps(document))
    with pytest.raises(InputError, match="damaged; start the training again"):
        read_run(tmp_path)


# --- settings that cannot work


@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("mode", ["sessions", "parallel"])
@pytest.mark.parametrize("negatives", [0, 1])
@pytest.mark.parametrize("loss", ["full", "top1"])
def test_one_parallel_session_alone_learns_nothing(batch: int, mode: str, negatives: int, loss: str) -> None:
    """Only there: whole sessions have several targets, full softmax has all items."""
    alone = (batch, mode, negatives, loss) == (1, "parallel", 0, "top1")
    settings: dict[str, Any] = {"batch": batch, "mode": mode, "negatives": negatives, "loss": loss}
    if alone:
        with pytest.raises(InputError, match="nothing is learned"):
            TrainingConfig(**settings, in_batch=True)
    else:
        TrainingConfig(**settings, in_batch=True)


@pytest.mark.parametrize("name", ["units", "feed_forward"])
def test_as_many_layers_as_a_file_has_room_for(name: str) -> None:
    ModelConfig.from_dict({name: (3,) * MOST_LAYERS})
    with pytest.raises(InputError, match="at most 100 recurrent"):
        ModelConfig.from_dict({name: (3,) * (MOST_LAYERS + 1)})
