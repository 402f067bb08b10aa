"""The command line as a whole: help, speed of help, exit codes of a real process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gru_viz.__main__ import COMMANDS, parser
from tests.cli import Output, ran

ROOT = Path(__file__).parents[1]


def test_every_command_that_is_there_has_help_with_an_example(capsys: Output) -> None:
    there = [name for name in COMMANDS if (ROOT / "gru_viz" / "commands" / f"{name}.py").exists()]
    assert {"train", "evaluate", "trace", "sample"} <= set(there)
    for name in there:
        code, out, _ = ran(capsys, name, "--help")
        assert code == 0
        assert "--json" in out
        if name != "bench":
            assert f"python -m gru_viz {name}" in out.split("example")[1]
    assert "COMMAND" in ran(capsys, "--help")[1]
    assert parser().prog == "python -m gru_viz"


def fresh(*argv: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, *argv]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, check=False)


def test_help_imports_neither_torch_nor_pandas() -> None:
    code = (
        "import sys; from gru_viz.__main__ import main\n"
        "try: main(['train', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'torch', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    assert fresh("-c", code).returncode == 0


def test_as_a_process() -> None:
    bad = fresh("-m", "gru_viz", "trace", "sample_data", "--session", "nope")
    assert (bad.returncode, bad.stdout, bad.stderr.count("\n")) == (2, "", 1)
