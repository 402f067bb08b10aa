"""Whose clicks do the baselines learn from, that stand beside an evaluated model?

Oracle: the folder as `train` left it, and the same with the clicks of another log over the same items.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np

from gru_viz.checkpoint import FILE_NAME as MODEL
from gru_viz.checkpoint import load, save
from gru_viz.learn.clicks import CLICKS, load_clicks, save_clicks, trained_on
from gru_viz.learn.clicks import FILE_NAME as CLICKS_FILE
from tests.cli import Output, ran


def with_fewer_clicks(trained: Path, folder: Path) -> Path:
    """The model, beside clicks of a log that has all its items, but not all its sessions."""
    shutil.copytree(trained, folder)
    model = load(folder)
    log = load_clicks(folder / CLICKS_FILE, model.catalog)
    save_clicks(log.select(np.arange(len(log) - 1)), folder / CLICKS_FILE)
    return folder


def test_a_model_tells_what_it_was_trained_on(trained: Path) -> None:
    model = load(trained)
    told = trained_on(model.about)
    assert told is not None
    assert load_clicks(trained / CLICKS_FILE, model.catalog, told).fingerprint == told


def test_clicks_of_another_log_over_the_same_items_are_left_out(
    output: Output, trained: Path, log_file: Path, tmp_path: Path
) -> None:
    code, out, err = ran(output, "evaluate", with_fewer_clicks(trained, tmp_path / "run"), log_file, "--json")
    assert code == 0
    assert json.loads(out)["baselines"] is None
    assert "other clicks than the model was trained on" in err


def test_a_model_of_before_it_told_takes_them(
    output: Output, trained: Path, log_file: Path, tmp_path: Path
) -> None:
    folder = with_fewer_clicks(trained, tmp_path / "run")
    model = load(folder)
    del model.about["training"][CLICKS]
    save(model, folder / MODEL)
    code, out, _ = ran(output, "evaluate", folder, log_file, "--json")
    assert code == 0
    assert json.loads(out)["baselines"] is not None
