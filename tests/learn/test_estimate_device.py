"""Is a training tried where it will be?

Oracle: a device that is not the CPU, on a machine that has no other (tests/learn/elsewhere.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import torch

from gru_viz.errors import InputError
from gru_viz.learn import estimate as estimate_module
from gru_viz.learn.device import usual_device
from gru_viz.learn.estimate import Estimate, estimate
from tests.learn import estimate_elsewhere
from tests.learn.elsewhere import NAME
from tests.learn.test_estimate import SHAPE, TRAINING, parts_of


@pytest.fixture(scope="module")
def trial() -> Any:
    """Of a process of its own: the device is set up for good."""
    command = [sys.executable, "-W", "error", "-m", estimate_elsewhere.__name__]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_learns_and_is_measured_there(trial: Any) -> None:
    """The baselines, which are counted on the processor, take what the model takes there."""
    in_turn = [told for n, told in enumerate(trial["told"]) if told != trial["told"][max(n - 1, 0)] or n == 0]
    assert in_turn == [["learned", NAME], ["measured", NAME], ["measured", "cpu"]]


def test_time_is_taken_when_the_work_there_is_done(trial: Any) -> None:
    """Before and after every update and every measuring that counts; the first measuring does not."""
    there = [what for what, where in trial["told"] if where == NAME]
    learned, measured = there.count("learned"), there.count("measured") - 1
    starts = [learned + 1 + n for n in range(measured)]
    assert trial["waited"] == sorted([*range(learned + 1), *starts, *(at + 1 for at in starts)])
    assert trial["busy"] == 1  # others' turns cannot be told apart there


@pytest.mark.parametrize(("there_is", "device"), [(True, "cuda"), (False, "cpu")])
def test_unless_told_it_is_tried_where_a_job_trains(
    monkeypatch: pytest.MonkeyPatch, there_is: bool, device: str
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there_is)
    monkeypatch.setattr(
        estimate_module, "_tried", lambda *given: tried.append(given[-1].type) or Estimate(1.0, 1, 1.0)
    )
    estimate(parts_of(), SHAPE, TRAINING)
    assert tried == [device] == [usual_device()]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried"),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    ],
)
def test_a_trial_that_does_not_get_its_memory_says_so(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def too_much(*_: object) -> None:
        raise error

    monkeypatch.setattr(estimate_module, "_tried", too_much)
    with pytest.raises(InputError, match="not enough memory for this training"):
        estimate(parts_of(), SHAPE, TRAINING)


def test_another_error_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    monkeypatch.setattr(estimate_module, "_tried", broken)
    with pytest.raises(RuntimeError, match="mat1"):
        estimate(parts_of(), SHAPE, TRAINING)
