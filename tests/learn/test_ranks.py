"""Do ranks that cannot train together say so, all of them, before anything is lost?

Oracle: what all were given. The ranks are threads here; test_distributed.py starts real processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist

from gru_viz.errors import InputError
from gru_viz.learn import distributed
from gru_viz.learn import run as run_module
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.distributed import ALONE, Ranks, joined
from gru_viz.learn.figures_file import EpochFigures
from gru_viz.learn.parts import Parts
from gru_viz.learn.progress import Progress
from gru_viz.learn.run import run_in
from gru_viz.learn.split import split_by_time
from gru_viz.learn.state import FILE_NAME as STATE
from gru_viz.learn.state import TrainerState
from gru_viz.model import ModelConfig
from tests.learn.ranks_in_threads import in_ranks
from tests.logs import memory_log, random_log

SHAPE = ModelConfig(units=(4,), embedding_dim=3)
TRAINING = TrainingConfig(epochs=2, batch=16)


def parts_of(log: Any) -> Parts:
    split = split_by_time(log, 0.2)
    return Parts(split.train, split.test, "log.csv", "the last 20%", True, {})


@pytest.fixture(scope="module")
def parts() -> Parts:
    return parts_of(memory_log(40))


def refused(given: list[Any]) -> str:
    """The one line that all ranks end with."""
    assert [type(one) for one in given] == [InputError] * len(given), given
    (line,) = {str(one) for one in given}
    assert "\n" not in line
    return line


# --- words


def test_a_step_that_goes_well_gives_each_rank_its_own() -> None:
    assert in_ranks(lambda ranks: ranks.together(lambda: ranks.rank * 10), 3) == [0, 10, 20]
    assert ALONE.together(lambda: 7) == 7


@pytest.mark.parametrize(
    ("failing", "said"),
    [({1}, "process 2 of 3: no 1"), ({2, 1}, "process 2 of 3: no 1"), ({0, 2}, "no 0"), ({0, 1, 2}, "no 0")],
)
def test_a_step_that_one_rank_cannot_do_is_refused_by_all(failing: set[int], said: str) -> None:
    def step(ranks: Ranks) -> None:
        if ranks.rank in failing:
            raise InputError(f"no {ranks.rank}")

    assert refused(in_ranks(lambda ranks: ranks.together(lambda: step(ranks)), 3)) == said


def test_ranks_that_say_the_same_and_ranks_that_do_not() -> None:
    assert in_ranks(lambda ranks: ranks.same({"a": "1"}, "do it")) == [None, None]
    line = refused(in_ranks(lambda ranks: ranks.same({"a": "1", "b": str(ranks.rank == 2)}, "do it"), 3))
    assert line == "process 3 of 3 has another b than the first; do it"


# --- a run


def run(folder: Path, parts: Parts, **changes: Any) -> Callable[[Ranks], list[EpochFigures | Progress]]:
    """All events of a run on a rank."""
    asked = {"model": SHAPE, "training": TRAINING, **changes}
    return lambda ranks: list(run_in(folder, parts, ranks=ranks, **asked))


def test_when_patience_runs_out_all_ranks_stop_together(parts: Parts, tmp_path: Path) -> None:
    """Recall@20 over 8 items is 1 from the first epoch on: after two more it stops; the first alone tells."""
    training = replace(TRAINING, epochs=9, patience=2)
    one, other = in_ranks(run(tmp_path, parts, training=training))
    assert [event.epoch for event in one if isinstance(event, EpochFigures)] == [1, 2, 3]
    assert {event.epoch for event in other} == {1, 2, 3}
    assert all(isinstance(event, Progress) for event in other)
    again = in_ranks(run(tmp_path, parts, training=training, resume=True))
    assert again == [[], []]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parts": parts_of(random_log(40, 8))}, "log, test"),
        ({"model": replace(SHAPE, units=(5,))}, "model"),
        ({"training": replace(TRAINING, seed=1)}, "training"),
    ],
    ids=["log", "model", "seed"],
)
@pytest.mark.parametrize("odd", [0, 1])
def test_ranks_of_other_logs_or_settings(
    parts: Parts,
    tmp_path: Path,
    changes: dict[str, Any],
    said: str,
    odd: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before any of them trains, and before anything of an earlier run in the folder is deleted."""
    (tmp_path / STATE).write_bytes(b"of an earlier run")
    monkeypatch.setattr(run_module, "Trainer", lambda *_: pytest.fail("training began"))
    usual = {"parts": parts, "model": SHAPE, "training": TRAINING, "overwrite": True}
    given = in_ranks(
        lambda ranks: list(run_in(tmp_path, ranks=ranks, **(usual | (changes if ranks.rank == odd else {}))))
    )
    assert refused(given).startswith(f"process 2 of 2 has another {said} than the first; ")
    assert (tmp_path / STATE).read_bytes() == b"of an earlier run"


@pytest.mark.parametrize(("one", "other"), [(1, 0), (0, 1), (1, 2)])
def test_ranks_that_go_on_from_other_folders(parts: Parts, tmp_path: Path, one: int, other: int) -> None:
    """As on two machines without a shared disk. 0: there is no run there."""
    training = replace(TRAINING, schedule="constant")
    for rank, epochs in enumerate((one, other)):
        if epochs:
            run(tmp_path / str(rank) / "run", parts, training=replace(training, epochs=epochs))(ALONE)
    given = in_ranks(
        lambda ranks: run(tmp_path / str(ranks.rank) / "run", parts, training=training, resume=True)(ranks)
    )
    assert "has another run to go on with than the first; give all the same folder" in refused(given)


def test_copies_of_one_folder_are_as_good_as_a_shared_one(parts: Parts, tmp_path: Path) -> None:
    training = replace(TRAINING, schedule="constant")
    for rank in range(2):
        run(tmp_path / str(rank) / "run", parts, training=replace(training, epochs=1))(ALONE)
    given = in_ranks(
        lambda ranks: run(tmp_path / str(ranks.rank) / "run", parts, training=training, resume=True)(ranks)
    )
    assert [{event.epoch for event in events} for events in given] == [{2}, {2}]


def test_a_folder_that_the_first_rank_cannot_use(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "choose another folder" in refused(in_ranks(run(tmp_path / "file", parts)))


def test_a_disk_that_is_full_after_an_epoch(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise InputError("the disk is full")

    monkeypatch.setattr(run_module, "save_clicks", full)
    assert refused(in_ranks(run(tmp_path, parts))) == "the disk is full"


def test_a_state_that_is_damaged_on_one_rank(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, parts, training=replace(TRAINING, epochs=1, schedule="constant"))(ALONE)
    real, loaded = TrainerState.load, []

    def load(path: Path) -> TrainerState:
        state = real(path)
        loaded.append(state)
        return state if len(loaded) == 1 else replace(state, tensors={})

    monkeypatch.setattr(TrainerState, "load", load)
    training = replace(TRAINING, schedule="constant")
    assert "start it anew" in refused(in_ranks(run(tmp_path, parts, training=training, resume=True)))


# --- joining


class Calls:
    """torch.distributed as one of two processes sees it, the other saying just the same."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        for name in ("init_process_group", "barrier", "destroy_process_group", "new_group", "all_reduce"):
            monkeypatch.setattr(dist, name, self._called(name))
        monkeypatch.setattr(dist, "get_rank", lambda: 1)
        monkeypatch.setattr(dist, "get_world_size", lambda: 2)
        monkeypatch.setattr(Ranks, "told", lambda ranks, words: [dict(words)] * ranks.world)
        for variable, value in {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "LOCAL_RANK": "1"}.items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setenv("TORCHELASTIC_RUN_ID", "test")

    def _called(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> str:
            self.made.append((name, args, kwargs))
            return f"what {name} made"

        return call

    def names(self) -> list[str]:
        return [name for name, *_ in self.made]


def test_the_others_have_days_while_the_first_rank_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch itself would give up after 30 minutes, and after 10 on GPUs."""
    calls = Calls(monkeypatch)
    with joined() as ranks:
        assert (ranks.rank, ranks.world, ranks.on("cpu")) == (1, 2, ranks)
    assert calls.names() == ["init_process_group", "barrier", "destroy_process_group"]
    _, args, options = calls.made[0]
    assert args == ("gloo",)
    assert options["timeout"] >= timedelta(days=1)


def test_whoever_fails_leaves_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls(monkeypatch)
    with pytest.raises(KeyError), joined():
        raise KeyError
    assert calls.names() == ["init_process_group", "destroy_process_group"]


def test_on_gpus_each_process_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """And gradients go between these, over nccl; words do not."""
    calls = Calls(monkeypatch)
    chosen: list[Any] = []
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    wrappers: list[dict[str, Any]] = []
    monkeypatch.setattr(distributed, "DistributedDataParallel", lambda _, **options: wrappers.append(options))
    with joined() as ranks:
        on = ranks.on("cuda")
        on.total(torch.tensor(1.0))
        on.wrapped(torch.nn.Linear(1, 1))
        on.wait()
    gpu = torch.device("cuda", 1)
    assert chosen == [gpu]
    made = {name: (args, options) for name, args, options in calls.made}
    assert made["new_group"] == ((), {"backend": "nccl", "device_id": gpu})
    assert made["all_reduce"][1] == {"group": "what new_group made"}
    assert wrappers == [{"process_group": "what new_group made"}]
    assert made["barrier"] == ((), {})


@pytest.mark.parametrize(
    ("there", "said"),
    [(1, "2 processes were started on a machine with 1 GPU,"), (0, "with 0 GPUs, and each needs one")],
)
def test_fewer_gpus_than_processes(there: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where this very process would have one: all of a machine are refused."""
    Calls(monkeypatch)
    monkeypatch.setenv("LOCAL_RANK", "0")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: there)
    with joined() as ranks, pytest.raises(InputError) as refusal:
        ranks.on("cuda")
    assert said in str(refusal.value)
    assert "--device cpu" in str(refusal.value)
    assert (f"--nproc-per-node {there})" in str(refusal.value)) == (there > 0)


def test_ranks_on_other_devices() -> None:
    line = refused(in_ranks(lambda ranks: ranks.on(("cuda", "cpu")[ranks.rank])))
    assert line == "process 2 of 2 has another device than the first; give all of them the same --device"
    assert ALONE.on("cuda") == ALONE
