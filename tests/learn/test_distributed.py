"""Oracle: one process that learns from the whole of every update, up to rounding.

Two processes are really started, once, over gloo; each writes down what it saw and ended with.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.distributed import ALONE, Ranks, joined
from gru_viz.learn.start import new_model
from gru_viz.learn.state import TrainerState
from gru_viz.learn.trainer import Epoch, Trainer
from gru_viz.model import ModelConfig
from tests.learn.test_batches import pairs, taught
from tests.logs import log_of, random_log

WORLD = 2
SHAPE = ModelConfig(units=(4,), embedding_dim=3)
DROPOUT = ModelConfig(units=(4,), embedding_dim=3, dropout_embedding=0.3, dropout_hidden=0.3)
# 23 sessions by 4: the last update has fewer sessions than its share, and in the end one slot runs alone
LOG = log_of([*(s.items.tolist() for s in random_log(22)), list(range(9)) * 3], 9)
CASES: dict[str, tuple[ModelConfig, TrainingConfig]] = {
    "sessions": (SHAPE, TrainingConfig(3, 4, loss="sampled", negatives=5, in_batch=True)),
    "one at a time": (SHAPE, TrainingConfig(1, 1, clip=0.1)),
    "parallel": (
        SHAPE,
        TrainingConfig(2, 6, 0.05, loss="bpr-max", negatives=5, mode="parallel", optimizer="adagrad"),
    ),
    "dropout": (DROPOUT, TrainingConfig(2, 5)),
}


def ended(case: str, ranks: Ranks = ALONE) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """The weights after training, and the figures of every epoch."""
    shape, config = CASES[case]
    model = new_model(LOG, shape, seed=ranks.rank)  # weights that differ: rank 0's count
    trainer = Trainer(model, LOG, config, ranks=ranks)
    seen = [
        (batch.items.tolist(), batch.targets.tolist()) for batch in trainer.batches.epoch(1) if batch.weight
    ]
    epochs = [event for event in trainer.epochs() if isinstance(event, Epoch)]
    figures = [[e.loss, e.gradient_norm, e.clipped, e.events] for e in epochs]
    return dict(model.state_dict()), {"figures": figures, "seen": seen}


def as_rank(folder: Path) -> None:
    """What each of the processes does."""
    torch.set_num_threads(1)
    with joined() as ranks:
        told: dict[str, Any] = {"first": ranks.first, "agreed": ranks.agreed(ranks.first), "cases": {}}
        for case in CASES:
            weights, told["cases"][case] = ended(case, ranks)
            save_file(weights, folder / f"{case}.{ranks.rank}.safetensors")
        told["resumed"] = [resumes(ranks, case) for case in ("sessions", "parallel", "dropout")]
        with Trainer(new_model(LOG, SHAPE), LOG, CASES["dropout"][1], ranks=ranks).random.drawn():
            told["drawn"] = torch.rand(3).tolist()
        ranks.wait()
        (folder / f"{ranks.rank}.json").write_text(json.dumps(told))


def resumes(ranks: Ranks, case: str) -> bool:
    """Is stopping after an epoch and going on the same to the bit, on every rank?"""
    shape, config = CASES[case]
    model = new_model(LOG, shape)
    trainer = Trainer(model, LOG, config, ranks=ranks)
    for event in trainer.epochs():
        if isinstance(event, Epoch):
            break
    state: TrainerState = trainer.state()
    again = Trainer(model, LOG, config, state, ranks)
    list(again.epochs())
    whole = new_model(LOG, shape)
    list(Trainer(whole, LOG, config, ranks=ranks).epochs())
    return all(torch.equal(a, b) for a, b in zip(model.parameters(), whole.parameters(), strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two processes left, started with the environment that torchrun gives."""
    folder = tmp_path_factory.mktemp("ranks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "WORLD_SIZE": str(WORLD),
        "TORCHELASTIC_RUN_ID": "test",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    code = "import sys, pathlib; from tests.learn.test_distributed import as_rank; "
    code += "as_rank(pathlib.Path(sys.argv[1]))"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder)],
            env={**os.environ, **shared, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(WORLD)
    ]
    try:
        for process in processes:
            _, errors = process.communicate(timeout=240)
            assert process.returncode == 0, errors
    finally:
        for process in processes:
            process.kill()
    return folder


def told(folder: Path) -> list[dict[str, Any]]:
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in range(WORLD)]


@pytest.mark.parametrize("case", CASES)
def test_all_ranks_end_with_equal_weights(case: str, folder: Path) -> None:
    one, other = (load_file(folder / f"{case}.{rank}.safetensors") for rank in range(WORLD))
    assert one.keys() == other.keys()
    assert all(torch.equal(weight, other[name]) for name, weight in one.items())


@pytest.mark.parametrize("case", [case for case in CASES if case != "dropout"])
def test_it_is_what_one_process_does(case: str, folder: Path) -> None:
    """Weights and figures: negatives, means over uneven shares, clipping by the whole gradient's norm."""
    weights, expected = ended(case)
    for name, weight in load_file(folder / f"{case}.0.safetensors").items():
        torch.testing.assert_close(weight, weights[name], rtol=1e-3, atol=1e-5)
    for rank in told(folder):
        np.testing.assert_allclose(rank["cases"][case]["figures"], expected["figures"], rtol=1e-4)


def test_dropout_is_drawn_by_each_rank_for_itself(folder: Path) -> None:
    """Rank 0 draws what one process would; the first loss is near one process', the weights are not."""
    one, other = (rank["drawn"] for rank in told(folder))
    assert one == torch.rand(3, generator=torch.Generator().manual_seed(0)).tolist()
    assert set(one).isdisjoint(other)
    weights, expected = ended("dropout")
    found = told(folder)[0]["cases"]["dropout"]["figures"]
    assert found[0][0] == pytest.approx(expected["figures"][0][0], rel=0.05)
    ours = load_file(folder / "dropout.0.safetensors")
    assert not torch.allclose(ours["output_bias"], weights["output_bias"], atol=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_each_click_is_learned_from_once_an_epoch(case: str, folder: Path) -> None:
    seen = [update for rank in told(folder) for update in rank["cases"][case]["seen"]]
    found = sorted((a, b) for items, targets in seen for a, b in zip(items, targets, strict=True))
    assert found == sorted(pairs(LOG).elements())
    assert sum(events for *_, events in told(folder)[0]["cases"][case]["figures"][:1]) == len(found)


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(folder: Path) -> None:
    assert [rank["resumed"] for rank in told(folder)] == [[True] * 3] * WORLD


def test_rank_0_decides_and_reports(folder: Path) -> None:
    assert [rank["first"] for rank in told(folder)] == [True, False]
    assert [rank["agreed"] for rank in told(folder)] == [True, True]


# --- one process


def test_without_torchrun_one_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """WORLD_SIZE alone is set by many a batch system, too."""
    monkeypatch.delenv("TORCHELASTIC_RUN_ID", raising=False)
    monkeypatch.setenv("WORLD_SIZE", "8")
    with joined() as ranks:
        assert ranks == ALONE
        assert (ranks.first, ranks.agreed(True), ranks.agreed(False)) == (True, True, False)
        ranks.wait()
    assert taught(list(Trainer(new_model(LOG, SHAPE), LOG, TrainingConfig()).batches.epoch(1))) == pairs(LOG)


@pytest.mark.parametrize("size", ["", "two", "-1"])
def test_an_environment_that_makes_no_sense(size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "test")
    monkeypatch.setenv("WORLD_SIZE", size)
    with pytest.raises(InputError, match="WORLD_SIZE"), joined():
        pass
