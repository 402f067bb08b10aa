"""Oracle: the same run, never stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gru_viz
from gru_viz.errors import InputError
from gru_viz.learn import run as run_module
from gru_viz.learn import trainer as trainer_module
from gru_viz.learn.beside import OnTest
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.evaluation import ModelScorer
from gru_viz.learn.figures_file import FILE_NAME, EpochFigures, RunFile, read_run
from gru_viz.learn.parts import Parts
from gru_viz.learn.progress import Progress
from gru_viz.learn.quality import Quality
from gru_viz.learn.run import checkpoint_of, run_in, stopped
from gru_viz.learn.split import split_by_time
from gru_viz.model import ModelConfig
from tests.logs import memory_log, random_log

SHAPE = ModelConfig(units=(5,), embedding_dim=4, dropout_embedding=0.2, dropout_hidden=0.2)
TRAINING = TrainingConfig(epochs=3, batch=16, learning_rate=0.05)


@pytest.fixture(scope="module")
def parts() -> Parts:
    split = split_by_time(memory_log(60), 0.2)
    return Parts(split.train, split.test, "log.csv", "the last 20%", True, {})


def finished(folder: Path, parts: Parts, **changes: Any) -> list[EpochFigures]:
    asked = {"model": SHAPE, "training": TRAINING, **changes}
    return [event for event in run_in(folder, parts, **asked) if isinstance(event, EpochFigures)]


def tensors(path: Path) -> dict[str, list[float]]:
    return {name: value.flatten().tolist() for name, value in gru_viz.load(path).state_dict().items()}


def everything(folder: Path) -> dict[str, Any]:
    """All numbers of a run: of every model and of every epoch, but not how long they took."""
    run = read_run(folder)
    assert run is not None
    models = {path.name: tensors(path) for path in [*folder.glob("epochs/*"), folder / "model.safetensors"]}
    return {**models, "run": [untimed(epoch) for epoch in run.epochs], "kept": run.kept}


def untimed(epoch: EpochFigures) -> EpochFigures:
    return replace(epoch, seconds=0.0, measuring_seconds=0.0)


@pytest.fixture(scope="module")
def straight(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("straight")
    finished(folder, parts)
    return everything(folder)


def test_every_epoch_is_measured_told_and_kept(parts: Parts, tmp_path: Path) -> None:
    told = finished(tmp_path, parts)
    run = read_run(tmp_path)
    assert run is not None
    assert run.epochs == tuple(told)
    assert [(e.epoch, e.epochs, e.checkpoint) for e in told] == [(n, 3, checkpoint_of(n)) for n in (1, 2, 3)]
    for epoch in told:
        assert epoch.quality is not None
        assert 0 < epoch.update_gate < 1
        assert 0 <= epoch.saturated <= 1
        about = gru_viz.load(tmp_path / epoch.checkpoint).about
        assert about["training"]["epochs"] == epoch.epoch
        assert about["quality"]["recall@20"] == epoch.quality.recall[20]
    assert {"popularity", "markov"} <= set(run.baselines)
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("keep_best", [True, False])
def test_the_kept_model_is_that_of_the_best_epoch_or_the_last(
    parts: Parts, tmp_path: Path, keep_best: bool
) -> None:
    """Three items make Recall@20 equal in all epochs: then the first one is best."""
    finished(tmp_path, replace(parts, keep_best=keep_best))
    run = read_run(tmp_path)
    assert run is not None
    assert run.kept == (1 if keep_best else 3)
    kept = tensors(tmp_path / "model.safetensors")
    assert kept == tensors(tmp_path / checkpoint_of(run.kept))


@pytest.mark.parametrize("mode", ["sessions", "parallel"])
@pytest.mark.parametrize("batches", [0, 1, 4, 7, 10])
def test_a_run_that_was_stopped_goes_on_to_the_bit(
    parts: Parts, tmp_path: Path, batches: int, mode: str
) -> None:
    training = replace(TRAINING, mode=mode, loss="sampled", negatives=4)
    finished(tmp_path / "straight", parts, training=training)
    run = run_in(tmp_path / "stopped", parts, SHAPE, training)
    for _ in range(batches):
        next(run)
    run.close()  # type: ignore[attr-defined]
    finished(tmp_path / "stopped", parts, training=training, resume=True)
    assert everything(tmp_path / "stopped") == everything(tmp_path / "straight")


class Killed(BaseException):
    """Nobody catches it."""


@pytest.mark.parametrize("keep_epochs", [True, False])
def test_killed_at_any_moment_of_writing(
    parts: Parts, straight: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keep_epochs: bool
) -> None:
    """Exhaustive: dead before, and after, each move of a file into its place, half-written files left."""
    moves = 0
    real = os.replace
    expected = {n: v for n, v in straight.items() if keep_epochs or not n.startswith(("0001", "0002"))}

    def killing(at: float) -> Any:
        def replaced(source: Path, target: Path) -> None:
            nonlocal moves
            moves += 1
            if moves >= at:
                (Path(target).parent / f".{Path(target).name}.half.tmp").write_bytes(b"half")
                raise Killed
            real(source, target)
            if moves >= at - 0.5:
                raise Killed

        return replaced

    for half in range(2, 100):
        folder, moves = tmp_path / str(half), 0
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", killing(half / 2))
            try:
                finished(folder, parts, keep_epochs=keep_epochs)
                break
            except Killed:
                pass
        finished(folder, parts, keep_epochs=keep_epochs, resume=True)
        assert not list(folder.rglob("*.tmp"))
        found = everything(folder)
        if not keep_epochs:
            expected["run"] = [replace(epoch, checkpoint="") for epoch in straight["run"]]
            found = {n: v for n, v in found.items() if not n.startswith(("0001", "0002"))}
        assert found == expected, half
    assert half > 20


def test_what_was_measured_before_is_not_measured_again(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_in(tmp_path, parts, SHAPE, TRAINING)
    next(event for event in run if isinstance(event, EpochFigures))
    run.close()  # type: ignore[attr-defined]
    before = read_run(tmp_path)
    monkeypatch.setattr(run_module, "fitted", lambda _: pytest.fail("measured again"))
    assert [epoch.epoch for epoch in finished(tmp_path, parts, resume=True)] == [2, 3]
    after = read_run(tmp_path)
    assert before is not None
    assert after is not None
    assert after.baselines == before.baselines
    assert finished(tmp_path, parts, resume=True) == []  # all is done


def test_a_new_run_takes_nothing_of_an_older_one(parts: Parts, tmp_path: Path) -> None:
    finished(tmp_path, parts)
    finished(tmp_path, parts, training=replace(TRAINING, epochs=1), overwrite=True)
    assert [path.name for path in (tmp_path / "epochs").iterdir()] == ["0001.safetensors"]


def test_nothing_to_measure_on(parts: Parts, tmp_path: Path) -> None:
    told = finished(tmp_path, replace(parts, test=None))
    run = read_run(tmp_path)
    assert run is not None
    assert [epoch.quality for epoch in told] == [None] * 3
    assert (run.kept, run.baselines) == (3, {})


# --- patience


def test_patience(parts: Parts, tmp_path: Path) -> None:
    """Recall@20 over 8 items is 1 from the first epoch on: after two more it stops, and stays so."""
    training = replace(TRAINING, epochs=9, patience=2)
    assert len(finished(tmp_path, parts, training=training)) == 3
    assert finished(tmp_path, parts, training=training, resume=True) == []
    assert len(finished(tmp_path, parts, training=replace(training, patience=3), resume=True)) == 1


@pytest.mark.parametrize(
    ("recalls", "patience", "expected"),
    [
        ([], 1, False),
        ([0.1], 1, False),
        ([0.1, 0.1], 1, True),
        ([0.1, 0.1], 2, False),
        ([0.2, 0.1, 0.1], 2, True),
        ([0.1, 0.1, 0.3], 2, False),
        ([0.3, 0.2, 0.1], 0, False),
    ],
)
def test_when_patience_runs_out(recalls: list[float], patience: int, expected: bool) -> None:
    """By hand: epochs since the first best one."""
    assert stopped(file_of(recalls), patience) is expected


@pytest.mark.parametrize("change", [{"test": None}, {"keep_best": False}])
def test_patience_needs_something_it_may_choose_by(
    parts: Parts, tmp_path: Path, change: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match="held-out"):
        run_in(tmp_path, replace(parts, **change), SHAPE, replace(TRAINING, patience=1))


# --- refused


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": replace(SHAPE, units=(6,))}, "another model"),
        ({"training": replace(TRAINING, seed=1)}, "seed"),
        ({"training": replace(TRAINING, epochs=5)}, "epochs"),
    ],
)
def test_another_training_is_not_gone_on_with(
    parts: Parts, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    finished(tmp_path, parts)
    with pytest.raises(InputError, match=said):
        finished(tmp_path, parts, resume=True, **change)


def test_another_log_is_not_gone_on_with(parts: Parts, tmp_path: Path) -> None:
    finished(tmp_path, parts)
    split = split_by_time(random_log(60, n_items=8), 0.2)
    with pytest.raises(InputError, match="another log, test"):
        finished(tmp_path, replace(parts, train=split.train, test=split.test), resume=True)


@pytest.mark.parametrize("name", ["state.safetensors", "epochs/0003.safetensors", FILE_NAME])
def test_a_damaged_file_is_one_clear_line(parts: Parts, tmp_path: Path, name: str) -> None:
    finished(tmp_path, parts)
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError) as error:
        finished(tmp_path, parts, resume=True)
    assert "\n" not in str(error.value)


def test_a_folder_that_is_a_file(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="choose another folder"):
        finished(tmp_path / "file", parts)


def test_a_model_that_could_not_be_read_again(parts: Parts, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fewer units"):
        run_in(tmp_path / "new", parts, replace(SHAPE, units=(10**9,)), TRAINING)
    assert not (tmp_path / "new").exists()


# --- run.json


def quality_of(recall: float) -> Quality:
    return Quality({10: recall / 2, 20: recall}, {10: recall / 4, 20: recall / 2}, 7)


def figures(epoch: int, recall: float | None) -> EpochFigures:
    quality = None if recall is None else quality_of(recall)
    return EpochFigures(epoch, 9, 1.5, 0.25, 0.5, 100, 2.0, quality, 0.4, 0.1, checkpoint_of(epoch))


def file_of(recalls: list[float]) -> RunFile:
    epochs = tuple(figures(number, recall) for number, recall in enumerate(recalls, 1))
    return RunFile({"log": "x"}, "a", "b", True, {"markov": quality_of(0.5)}, epochs)


@pytest.mark.parametrize("recalls", [[], [0.1], [0.1, 0.4, 0.4]])
def test_run_json_comes_back(tmp_path: Path, recalls: list[float]) -> None:
    file_of(recalls).write(tmp_path)
    assert read_run(tmp_path) == file_of(recalls)


def test_no_run(tmp_path: Path) -> None:
    assert read_run(tmp_path) is None


MARGIN = {"recall": 0.1, "recall_interval": [0.0, 0.2], "mrr": 0.1, "mrr_interval": [0.0, 0.2]}


def test_the_margin_that_is_damaged_below_is_sound_as_it_is(tmp_path: Path) -> None:
    file_of([0.1]).write(tmp_path)
    document = json.loads((tmp_path / FILE_NAME).read_text())
    document["epochs"][0]["margins"] = {"a": MARGIN}
    (tmp_path / FILE_NAME).write_text(json.dumps(document))
    run = read_run(tmp_path)
    assert run is not None
    assert run.epochs[0].margins["a"].recall_interval == (0.0, 0.2)


def damages() -> Iterator[Any]:
    def changed(**values: Any) -> dict[str, Any]:
        return {"schema": 1, "asked": {}, "name": "", "test_name": "", "keep_best": True, **values}

    epoch = {**vars(figures(1, None))}
    yield from (b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9999)
    yield changed()
    yield changed(baselines={}, epochs=[], schema=2)
    yield changed(baselines={}, epochs={})
    yield changed(baselines={}, epochs=[{**epoch, "epoch": 2}])
    yield changed(baselines={}, epochs=[{**epoch, "loss": "low"}])
    yield changed(baselines={}, epochs=[{**epoch, "loss": 1e999}])
    yield changed(baselines={}, epochs=[{**epoch, "quality": {"recall": 1}}])
    yield changed(baselines={"a": None}, epochs=[])
    yield changed(baselines={}, epochs=[], intervals={"a": {}})
    yield changed(baselines={}, epochs=[], intervals=[1])
    yield changed(baselines={}, epochs=[{**epoch, "margins": {"a": {"recall": 0.1}}}])
    yield changed(baselines={}, epochs=[{**epoch, "margins": {"a": MARGIN | {"recall_interval": [0.1]}}}])
    yield changed(baselines={}, epochs=[{**epoch, "margins": {"a": MARGIN | {"mrr": "nan"}}}])
    yield changed(baselines={}, epochs=[{**epoch, "intervals": {"recall": {"20": [0, 1e999]}, "mrr": {}}}])


@pytest.mark.parametrize("content", list(damages()))
def test_a_damaged_run_json(tmp_path: Path, content: Any) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (tmp_path / FILE_NAME).write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        read_run(tmp_path)


def test_progress_comes_between_the_epochs(parts: Parts, tmp_path: Path) -> None:
    events = list(run_in(tmp_path, parts, SHAPE, TRAINING))
    kinds = [type(event) for event in events]
    batches = -(-len(parts.train) // TRAINING.batch)
    assert kinds == ([Progress] * batches + [EpochFigures]) * 3


def test_time_left_counts_the_measuring_to_come(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that stands still but for measuring: 6 s a baseline, 10 s an epoch."""
    clock = Clock()
    monkeypatch.setattr(run_module, "time", clock)
    monkeypatch.setattr(trainer_module, "time", clock)
    real = OnTest.of

    def slow(scorer: Any, test: Any) -> OnTest:
        clock.now += 10.0 if isinstance(scorer, ModelScorer) else 6.0
        return real(scorer, test)

    monkeypatch.setattr(OnTest, "of", slow)
    told = run_in(tmp_path, parts, SHAPE, TRAINING)
    left: dict[int, set[float]] = {1: set(), 2: set(), 3: set()}
    for event in told:
        if isinstance(event, Progress):
            left[event.epoch].add(event.seconds_left)
        else:
            assert event.measuring_seconds == 10.0
        if isinstance(event, EpochFigures) and event.epoch == 2:
            break
    assert left == {1: {3 * 6.0}, 2: {2 * 10.0}, 3: set()}
    told.close()  # type: ignore[attr-defined]
    again = run_in(tmp_path, parts, SHAPE, TRAINING, resume=True)
    assert next(event for event in again if isinstance(event, Progress)).seconds_left == 10.0


class Clock:
    """Says what it is told."""

    now = 0.0

    def perf_counter(self) -> float:
        return self.now


# --- how sure it is


def test_every_epoch_stands_beside_the_baselines_with_intervals(parts: Parts, tmp_path: Path) -> None:
    told = finished(tmp_path, parts)
    run = read_run(tmp_path)
    assert run is not None
    assert run.intervals.keys() == run.baselines.keys()
    for name, quality in run.baselines.items():
        low, high = run.intervals[name].mrr[20]
        assert low <= quality.mrr[20] <= high
    for epoch in told:
        assert epoch.quality is not None
        assert epoch.intervals is not None
        assert epoch.margins.keys() == run.baselines.keys()
        for name, margin in epoch.margins.items():
            assert margin.mrr == epoch.quality.mrr[20] - run.baselines[name].mrr[20]
            assert margin.mrr_interval[0] <= margin.mrr <= margin.mrr_interval[1]


def test_a_run_of_before_there_were_intervals_opens_and_goes_on(parts: Parts, tmp_path: Path) -> None:
    run = run_in(tmp_path, parts, SHAPE, TRAINING)
    next(event for event in run if isinstance(event, EpochFigures))
    run.close()  # type: ignore[attr-defined]
    document = json.loads((tmp_path / FILE_NAME).read_text())
    del document["intervals"]
    for epoch in document["epochs"]:
        for name in ("intervals", "margins", "measuring_seconds"):
            del epoch[name]
    (tmp_path / FILE_NAME).write_text(json.dumps(document))
    (tmp_path / "baselines.safetensors").unlink()
    before = read_run(tmp_path)
    assert before is not None
    assert (before.intervals, before.epochs[0].intervals, before.epochs[0].margins) == ({}, None, {})
    later = finished(tmp_path, parts, resume=True)
    assert [epoch.margins for epoch in later] == [{}, {}]
    assert all(epoch.intervals is not None for epoch in later)
