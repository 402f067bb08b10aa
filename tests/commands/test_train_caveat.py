"""Does `train` say when its figures flatter? Oracle: whether the measured clicks chose among epochs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import QUICK, Output, document, ran

SAID = "the epoch was chosen on the same clicks"


@pytest.mark.parametrize(
    ("options", "keep_best", "flatters"),
    [
        ([], True, True),
        (["--epochs", "1"], True, False),  # nothing to choose from
        (["--holdout", "0"], False, False),
        (["--test", "LOG"], False, False),
    ],
)
def test_the_caveat_stands_where_it_holds(
    output: Output, log_file: Path, tmp_path: Path, options: list[str], keep_best: bool, flatters: bool
) -> None:
    options = [str(log_file) if option == "LOG" else option for option in options]
    command = ["train", log_file, *QUICK, *options, "--out", tmp_path]
    told = document(output, *command)
    assert told["keep_best"] is keep_best
    assert told.get("caveat", "").startswith(SAID) is flatters
    code, out, _ = ran(output, *command, "--overwrite")
    assert code == 0
    assert (SAID in out) is flatters
