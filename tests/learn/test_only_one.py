"""Does one process alone train in a folder?

Oracle: a second process that asks the kernel for the lock, and what it is told.
"""

from __future__ import annotations

import errno
import fcntl
import gc
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.figures_file import EpochFigures
from gru_viz.learn.only_one import OnlyOne
from gru_viz.learn.parts import Parts
from gru_viz.learn.run import run_in
from gru_viz.model import ModelConfig
from tests.logs import memory_log

SHAPE, TRAINING = ModelConfig(units=(3,), embedding_dim=3), TrainingConfig(epochs=2, batch=16)
ASK = """
import fcntl, os, sys
try:
    fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
    print("free")
except BlockingIOError:
    print("held")
"""


@pytest.fixture(scope="module")
def parts() -> Parts:
    return Parts(memory_log(30), None, "log.csv", "", False, {})


def seen_from_elsewhere(folder: Path) -> str:
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(folder)], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def test_it_is_held_from_the_first_look_to_the_end(parts: Parts, tmp_path: Path) -> None:
    run = run_in(tmp_path, parts, SHAPE, TRAINING)
    assert seen_from_elsewhere(tmp_path) == "held"
    assert not list(tmp_path.iterdir())  # nothing that would have to be tidied up
    list(run)
    assert seen_from_elsewhere(tmp_path) == "free"


@pytest.mark.parametrize("options", [{}, {"resume": True}, {"overwrite": True}])
def test_the_second_one_is_refused_and_the_first_goes_on(
    parts: Parts, tmp_path: Path, options: dict[str, Any]
) -> None:
    """Before it looks at what the first one is just writing, and says something of that."""
    first = run_in(tmp_path / "new", parts, SHAPE, TRAINING)
    next(event for event in first if isinstance(event, EpochFigures))
    with pytest.raises(InputError, match=r"another process trains in .*; wait for its end, or"):
        run_in(tmp_path / "new", parts, SHAPE, TRAINING, **options)
    assert len(list(first)) > 1


def test_whoever_stops_asking_or_fails_lets_go(parts: Parts, tmp_path: Path) -> None:
    run = run_in(tmp_path, parts, SHAPE, TRAINING)
    next(run)
    run.close()  # type: ignore[attr-defined]
    list(run_in(tmp_path, parts, SHAPE, TRAINING, resume=True))
    with pytest.raises(InputError, match="--resume") as kept:  # with its traceback, and all in it
        run_in(tmp_path, parts, SHAPE, TRAINING)
    list(run_in(tmp_path, parts, SHAPE, TRAINING, resume=True))
    assert kept.value


def test_a_run_that_fails_in_the_midst_lets_go(parts: Parts, tmp_path: Path) -> None:
    run = run_in(tmp_path, parts, SHAPE, replace(TRAINING, learning_rate=1e38))
    with pytest.raises(InputError, match="smaller learning rate") as kept:
        list(run)
    list(run_in(tmp_path, parts, SHAPE, TRAINING))
    assert kept.value


def test_a_run_that_nobody_follows_lets_go(parts: Parts, tmp_path: Path) -> None:
    run_in(tmp_path, parts, SHAPE, TRAINING)
    gc.collect()
    list(run_in(tmp_path, parts, SHAPE, TRAINING))


def test_two_who_make_a_folder_at_the_same_time(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one trains in it, to its end, between the look of this one and its own lock."""
    real = OnlyOne.take
    folder = tmp_path / "new"

    def take(lock: OnlyOne) -> None:
        monkeypatch.setattr(OnlyOne, "take", real)
        list(run_in(folder, parts, SHAPE, TRAINING))
        real(lock)

    monkeypatch.setattr(OnlyOne, "take", take)
    with pytest.raises(InputError, match="another process has just trained"):
        run_in(folder, parts, SHAPE, TRAINING)
    assert (folder / "epochs" / "0002.safetensors").exists()


def test_a_disk_without_locks_does_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(*_: int) -> None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    monkeypatch.setattr(fcntl, "flock", flock)
    lock = OnlyOne(tmp_path)
    lock.take()
    lock.free()
