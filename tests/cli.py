"""Running commands in this process, as a test sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gru_viz.__main__ import main

QUICK = ["--epochs", "2", "--units", "6", "--batch", "16"]
FIGURES = {"recall@20", "mrr@20"}

Output = pytest.CaptureFixture[str]


def ran(output: Output, *argv: str | Path) -> tuple[int, str, str]:
    """(exit code, stdout, stderr)"""
    output.readouterr()
    try:
        code = main([str(part) for part in argv])
    except SystemExit as stop:
        code = int(stop.code or 0)
    captured = output.readouterr()
    return code, captured.out, captured.err


def refused(output: Output, *argv: str | Path) -> str:
    """The one line on stderr of a command that must end with 2 and nothing on stdout."""
    code, out, err = ran(output, *argv)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1, err
    assert "Traceback" not in err
    return err


def document(output: Output, *argv: str | Path) -> Any:
    code, out, _ = ran(output, *argv, "--json")
    assert code == 0
    assert out.count("\n") == 1
    return json.loads(out)
