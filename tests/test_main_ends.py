"""How does a command end that has too little memory, or nowhere to write its result?

Oracle: a process of its own under a real shell: its exit code and all of its stderr.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from gru_viz import __main__ as command_line
from gru_viz.no_memory import lacks_memory, too_little_for
from tests.cli import Output, ran

ROOT = Path(__file__).parents[1]
# A command that imports no torch: it says so many letters, or that something is wrong.
COMMAND = """
import argparse, sys
from gru_viz import __main__ as command_line
from gru_viz.commands.output import emit
from gru_viz.errors import InputError

def run(_):
    if sys.argv[1] == "wrong":
        raise InputError("this is wrong")
    emit("x" * int(sys.argv[1]))
    return 0

command_line._arguments = lambda _: argparse.Namespace(command="trace", run=run)
command_line.end(command_line.main())
"""


def shell(arguments: str) -> tuple[int, str]:
    """Exit code and stderr of that command under a shell. arguments: with redirections"""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COMMAND": COMMAND}
    env.pop("PYTHONUNBUFFERED", None)  # what waits in a buffer is lost only at the end
    line = f'set -o pipefail; {sys.executable} -c "$COMMAND" {arguments}'
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, cwd=ROOT, env=env, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("letters", [10, 100_000])  # some that stay in the buffer, and more
@pytest.mark.parametrize(
    ("where", "words"), [(">/dev/full", "No space left on device"), (">&-", "is closed")]
)
def test_a_result_that_cannot_be_written_is_one_line(letters: int, where: str, words: str) -> None:
    code, said = shell(f"{letters} {where}")
    assert (code, said.count("\n")) == (2, 1), said
    assert words in said


@pytest.mark.parametrize("letters", [10, 100_000])
def test_who_has_seen_enough_is_no_error(letters: int) -> None:
    assert shell(f"{letters} | head -c 5 >/dev/null") == (0, "")


@pytest.mark.parametrize(("what", "code"), [("wrong", 2), ("10 >/dev/null", 0)])
@pytest.mark.parametrize("where", ["2>/dev/full", "2>&-"])
def test_a_line_that_nobody_can_get_changes_no_exit_code(what: str, code: int, where: str) -> None:
    assert shell(f"{what} {where}") == (code, "")


# --- memory


def as_torch_says() -> None:
    torch.empty(10**18, dtype=torch.uint8)


def as_numpy_says() -> None:
    np.empty(10**18, dtype=np.uint8)


def as_an_accelerator_says() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


@pytest.mark.parametrize("asks", [as_torch_says, as_numpy_says, as_an_accelerator_says])
@pytest.mark.parametrize(
    ("command", "words"), [("train", "this training; use"), ("trace", "this trace; use")]
)
def test_too_little_memory_is_one_line(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, asks: Callable[[], None], command: str, words: str
) -> None:
    with pytest.raises((MemoryError, RuntimeError)) as caught:
        asks()
    assert lacks_memory(caught.value)

    def arguments(_: object) -> argparse.Namespace:
        return argparse.Namespace(command=command, run=lambda _: asks())

    monkeypatch.setattr(command_line, "_arguments", arguments)
    code, out, err = ran(capsys, command)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_fault_of_the_program_stays_one(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> int:
        raise RuntimeError("expected scalar type Float but found Double")

    monkeypatch.setattr(command_line, "_arguments", lambda _: argparse.Namespace(command="train", run=fails))
    with pytest.raises(RuntimeError, match="scalar type"):
        ran(capsys, "train")


def test_the_remedy_is_that_of_the_work() -> None:
    assert "leave models out" in too_little_for("comparison")
    assert "shorter session" in too_little_for("trace")
