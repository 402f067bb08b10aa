"""Is what lies in a folder safe from a training that is refused, forgotten or mistaken?

Oracle: the content of every file of the folder before.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from gru_viz import checkpoint
from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.learn import run as run_module
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.figures_file import EpochFigures, read_run
from gru_viz.learn.parts import Parts
from gru_viz.learn.run import run_in
from gru_viz.learn.split import split_by_time
from gru_viz.model import ModelConfig
from tests.logs import log_of, memory_log

SHAPE = ModelConfig(units=(4,), embedding_dim=3)
TRAINING = TrainingConfig(epochs=3, batch=16, schedule="constant")
LAST = "epochs/0003.safetensors"


@pytest.fixture(scope="module")
def parts() -> Parts:
    split = split_by_time(memory_log(40), 0.2)
    return Parts(split.train, split.test, "log.csv", "the last 20%", True, {})


@pytest.fixture(scope="module")
def run_of_three(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("earlier") / "run"
    trained(folder, parts)
    return folder


@pytest.fixture
def folder(run_of_three: Path, tmp_path: Path) -> Path:
    """A copy of a finished run of three epochs."""
    return Path(shutil.copytree(run_of_three, tmp_path / "run"))


def trained(folder: Path, parts: Parts, **changes: Any) -> list[int]:
    """The epochs that a run trains."""
    asked = {"model": SHAPE, "training": TRAINING, **changes}
    return [event.epoch for event in run_in(folder, parts, **asked) if isinstance(event, EpochFigures)]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(folder: Path, parts: Parts, **changes: Any) -> str:
    """The one line of a run that changes nothing in the folder."""
    before = content(folder)
    with pytest.raises(InputError) as refusal:
        trained(folder, parts, **changes)
    assert content(folder) == before
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


# --- begun anew


def test_forgetting_to_resume_is_refused(folder: Path, parts: Parts) -> None:
    asked = "go on with --resume, give another --out, or --overwrite to begin anew"
    assert refused(folder, parts).endswith(f" holds a run of 3 epochs; {asked}")


def test_overwritten_on_demand_alone(folder: Path, parts: Parts) -> None:
    assert trained(folder, parts, training=replace(TRAINING, epochs=1), overwrite=True) == [1]
    assert sorted(path.name for path in (folder / "epochs").iterdir()) == ["0001.safetensors"]
    run = read_run(folder)
    assert run is not None
    assert len(run.epochs) == 1


@pytest.mark.parametrize("name", ["run.json", "state.safetensors"])
def test_one_file_is_enough_of_a_run(folder: Path, parts: Parts, name: str) -> None:
    for other in content(folder):
        if other != name:
            (folder / other).unlink()
    assert "--overwrite to begin anew" in refused(folder, parts)
    assert trained(folder, parts, overwrite=True) == [1, 2, 3]


def test_a_damaged_run_is_a_run_all_the_same(folder: Path, parts: Parts) -> None:
    (folder / "run.json").write_text("{")
    line = refused(folder, parts)
    assert "--overwrite" in line
    assert "--resume" not in line  # that could not read it either


def test_a_model_alone_is_not_replaced_unasked(folder: Path, parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    shutil.copy(folder / "model.safetensors", tmp_path / "model")
    assert "holds a model.safetensors, which would be replaced" in refused(tmp_path / "model", parts)
    assert trained(tmp_path / "model", parts, overwrite=True) == [1, 2, 3]


def test_a_run_without_an_epoch_is_nothing_to_lose(parts: Parts, tmp_path: Path) -> None:
    stopped = run_in(tmp_path, parts, SHAPE, TRAINING)
    next(stopped)
    stopped.close()  # type: ignore[attr-defined]
    assert (tmp_path / "run.json").exists()
    assert trained(tmp_path, parts, training=replace(TRAINING, seed=1)) == [1, 2, 3]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_was_never_a_run_is_nobodys_to_delete(parts: Parts, tmp_path: Path, overwrite: bool) -> None:
    (tmp_path / "epochs").mkdir()
    (tmp_path / "epochs" / "2023.safetensors").write_bytes(b"somebody's")
    assert "but no run" in refused(tmp_path, parts, overwrite=overwrite)


@pytest.mark.parametrize("resume", [False, True])
def test_other_files_of_a_folder_stay(folder: Path, parts: Parts, resume: bool) -> None:
    others = ["epochs/0001_best.safetensors", "epochs/0001.safetensors.old", ".mine.tmp", "epochs/.mine.tmp"]
    for name in others:
        (folder / name).write_bytes(b"mine")
    trained(folder, parts, resume=resume, overwrite=not resume)
    assert {content(folder)[name] for name in others} == {b"mine"}


def no_markov(_: Parts) -> dict[str, Any]:
    return {
        "model": ModelConfig(units=(4,), input="onehot"),
        "training": replace(TRAINING, start="markov"),
    }


def nothing_to_learn(parts: Parts) -> dict[str, Any]:
    return {"parts": replace(parts, train=log_of([[item] for item in range(8)]), test=None, keep_best=False)}


def nothing_to_measure(parts: Parts) -> dict[str, Any]:
    test = replace(log_of([[item] for item in range(8)]), catalog=parts.train.catalog)
    return {"parts": replace(parts, test=test)}


def no_patience(parts: Parts) -> dict[str, Any]:
    return {"parts": replace(parts, test=None), "training": replace(TRAINING, patience=2)}


@pytest.mark.parametrize("asked", [no_markov, nothing_to_learn, nothing_to_measure, no_patience])
def test_what_is_refused_deletes_nothing(
    folder: Path, parts: Parts, asked: Callable[[Parts], dict[str, Any]]
) -> None:
    changes = asked(parts)
    refused(folder, changes.pop("parts", parts), overwrite=True, **changes)


def test_baselines_that_need_too_much_memory_delete_nothing(
    folder: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fitted(_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(run_module, "fitted", fitted)
    before = content(folder)
    with pytest.raises(MemoryError):
        trained(folder, parts, overwrite=True)
    assert content(folder) == before


# --- gone on with


@pytest.mark.parametrize("left", ["state.safetensors", LAST, "model.safetensors"])
def test_without_run_json_nobody_goes_on(folder: Path, parts: Parts, left: str) -> None:
    for name in content(folder):
        if name != left:
            (folder / name).unlink()
    assert f"holds {left} but no run.json" in refused(folder, parts, resume=True)


@pytest.mark.parametrize("epochs", [0, 1, 2])
@pytest.mark.parametrize("without", ["", "state.safetensors"])
def test_a_run_json_that_tells_of_fewer_epochs(folder: Path, parts: Parts, epochs: int, without: str) -> None:
    document = json.loads((folder / "run.json").read_text())
    document["epochs"] = document["epochs"][:epochs]
    (folder / "run.json").write_text(json.dumps(document))
    if without:
        (folder / without).unlink()
    line = refused(folder, parts, resume=True, training=replace(TRAINING, epochs=5))
    assert "there is no file" in line if without and epochs == 2 else f"tells of {epochs} epoch" in line


@pytest.mark.parametrize("changed", ["ids", "titles", "categories"])
def test_an_epoch_of_other_items_is_not_trained_on(folder: Path, parts: Parts, changed: str) -> None:
    """The numbers are the same, so the state takes it for its own."""
    model = checkpoint.load(folder / LAST)
    names = {name: getattr(model.catalog, name) for name in ("ids", "titles", "categories")}
    names[changed] = ("other", *names[changed][1:])
    model.catalog = Catalog(**names)
    checkpoint.save(model, folder / LAST)
    line = refused(folder, parts, resume=True, training=replace(TRAINING, epochs=4))
    assert line.startswith(f"{LAST} in ")
    assert "has other items or titles than this training" in line


def test_an_epoch_of_another_shape_with_the_same_numbers(folder: Path, parts: Parts) -> None:
    model = checkpoint.load(folder / LAST)
    model.config = replace(model.config, dropout_hidden=0.5)
    checkpoint.save(model, folder / LAST)
    assert "has other shape" in refused(folder, parts, resume=True)


@pytest.mark.parametrize("found", [None, b"junk", "another epoch's"])
def test_the_kept_model_is_copied_again(folder: Path, parts: Parts, found: bytes | str | None) -> None:
    """All is done already, and what a person then loads is the kept epoch."""
    before, model = content(folder), folder / "model.safetensors"
    run = read_run(folder)
    assert run is not None
    assert before["model.safetensors"] == before[f"epochs/000{run.kept}.safetensors"]
    if found is None:
        model.unlink()
    else:
        other = before[f"epochs/000{4 - run.kept}.safetensors"]
        model.write_bytes(found if isinstance(found, bytes) else other)
    assert trained(folder, parts, resume=True) == []
    assert content(folder) == before


def test_a_kept_model_that_is_nowhere_any_more(folder: Path, parts: Parts) -> None:
    run = read_run(folder)
    assert run is not None
    assert run.kept == 1
    (folder / "epochs" / "0001.safetensors").unlink()
    assert trained(folder, parts, resume=True) == []  # the model itself is there
    (folder / "model.safetensors").unlink()
    assert "is missing or damaged, and epochs/0001.safetensors was not kept" in refused(
        folder, parts, resume=True
    )


# --- folders in which no run can be


@pytest.mark.parametrize("resume", [False, True])
def test_folders_that_cannot_be_one_of_a_run(parts: Parts, tmp_path: Path, resume: bool) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "holds a file").mkdir()
    (tmp_path / "holds a file" / "epochs").write_text("")
    odd = ["n" * 300, "file", "file/below", "a\0b", "holds a file"]
    for name in odd:
        with pytest.raises(InputError, match="choose another folder") as refusal:
            trained(tmp_path / name, parts, resume=resume)
        assert "\n" not in str(refusal.value)
    assert sorted(os.listdir(tmp_path)) == ["file", "holds a file"]


def test_a_folder_that_is_refused_is_not_made(parts: Parts, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        trained(tmp_path / "new", parts, **no_markov(parts))
    assert not (tmp_path / "new").exists()


# --- the end of an epoch


def test_weights_that_are_no_numbers_after_the_last_update(parts: Parts, tmp_path: Path) -> None:
    """One update an epoch: its loss is that of before it, and sound. 1e39 is no float32."""
    blown_up = replace(TRAINING, epochs=1, batch=1000, learning_rate=1e38, optimizer="adam")
    with pytest.raises(InputError, match=r"no finite numbers after epoch 1; try a smaller learning rate"):
        trained(tmp_path, parts, training=blown_up)
    assert set(content(tmp_path)) == {"run.json", "baselines.safetensors"}


def test_any_weight_is_looked_at(parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that no loss of the epoch has used: an item's that was only just written."""
    real = torch.optim.Adam.step

    def step(self: Any, *args: Any) -> Any:
        done = real(self, *args)
        with torch.no_grad():
            self.param_groups[0]["params"][-1].view(-1)[0] = float("inf")
        return done

    monkeypatch.setattr(torch.optim.Adam, "step", step)
    with pytest.raises(InputError, match="no finite numbers after epoch 1"):
        trained(tmp_path, parts, training=replace(TRAINING, batch=1000))
