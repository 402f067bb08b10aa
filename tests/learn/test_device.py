"""Is everything on the device that a model is trained on?

Oracle: the same training on the CPU. Where there is no CUDA, a device stands in for it whose tensors
do not mix with the CPU's (tests/learn/elsewhere.py), so whatever is left on the CPU fails. What only
CUDA has stays open there: its own random numbers, its kernels, nccl.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch

from tests.learn import elsewhere_cases
from tests.learn.elsewhere_cases import MODELS, TRAINING, cases, same_as_here, trained, whole_run

WHOLE = "a whole run"
there_is_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device is here")


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """Of a process of its own: the device is set up for good."""
    command = [sys.executable, "-W", "error", "-m", elsewhere_cases.__name__]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", [*cases(), WHOLE])
def test_nothing_is_left_on_the_cpu(told: dict[str, str], case: str) -> None:
    assert told[case] == ""


# --- where there is one


@there_is_cuda
@pytest.mark.parametrize("case", list(cases()))
def test_on_cuda_as_on_the_cpu(case: str) -> None:
    """Without dropout, whose numbers CUDA draws in another way."""
    model, training = cases()[case]
    same_as_here(elsewhere_cases.without_dropout(model), training, "cuda")


@there_is_cuda
def test_a_whole_run_on_cuda() -> None:
    whole_run("cuda")


@there_is_cuda
@pytest.mark.parametrize("name", list(MODELS))
def test_the_same_seed_gives_the_same_dropout_on_cuda(name: str) -> None:
    one, other = (trained(MODELS[name], TRAINING, "cuda").output_bias for _ in range(2))
    torch.testing.assert_close(one, other)
