"""`train`: what it writes and says, and what its options do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gru_viz
from gru_viz.learn.clicks import FILE_NAME as CLICKS
from tests.cli import FIGURES, QUICK, Output, document, ran
from tests.logs import log_of, memory_log, write_csv


def test_train_writes_a_model_and_what_baselines_need(trained: Path) -> None:
    names = sorted(str(path.relative_to(trained)) for path in trained.rglob("*.*"))
    measured = ["baselines.safetensors", "epochs/0001.safetensors", "epochs/0002.safetensors"]
    assert names == [*measured, "model.safetensors", "run.json", "state.safetensors", CLICKS]
    about = gru_viz.load(trained).about
    training, quality = about["training"], about["quality"]
    assert (training["log"], training["sessions"], training["items"]) == ("clicks.csv", 54, 8)
    assert training["settings"]["epochs"] == 2
    assert training["settings"]["seed"] == 0
    assert 0 <= quality["recall@10"] <= quality["recall@20"] <= 1
    assert {"popularity", "markov"} <= set(quality["baselines"])
    assert "10%" in quality["on"]


def test_train_json(output: Output, log_file: Path, tmp_path: Path) -> None:
    told = document(output, "train", log_file, "--out", tmp_path / "new" / "folder", *QUICK)
    assert Path(told["model"]) == tmp_path / "new" / "folder" / "model.safetensors"
    assert {"kept_epoch", "predictions", "ranks", "baselines", "seconds", "events_per_s", *FIGURES} <= set(
        told
    )
    assert [epoch["epoch"] for epoch in told["epochs"]] == [1, 2]
    assert told["recall@20"] == told["epochs"][told["kept_epoch"] - 1]["recall@20"]
    assert set(told["baselines"]["markov"]) == FIGURES
    assert told["log"]["rows_read"] == memory_log(60).n_clicks


def test_train_puts_a_row_an_epoch_on_stderr(output: Output, log_file: Path, tmp_path: Path) -> None:
    code, out, err = ran(output, "train", log_file, "--out", tmp_path, *QUICK)
    assert code == 0
    header, first, second = err.splitlines()[-3:]
    names = [name for name in header.split() if name != "popular"]
    assert names == ["epoch", "loss", "gradient", "Recall@20", "Markov", "MRR@20", "Markov", "events/s"]
    assert (first.split()[0], second.split()[0]) == ("1/2", "2/2")
    assert "\x1b" not in err  # no bar where nobody watches
    assert "Recall@20" in out
    assert "conservative" in out


def test_the_best_epoch_on_the_held_out_part_is_kept(output: Output, log_file: Path, tmp_path: Path) -> None:
    told = document(
        output, "train", log_file, "--out", tmp_path, "--epochs", "6", "--units", "5", "--lr", "0.3"
    )
    recalls = [epoch["recall@20"] for epoch in told["epochs"]]
    assert told["kept_epoch"] == 1 + int(np.argmax(recalls))
    assert gru_viz.load(tmp_path).about["training"]["epochs"] == told["kept_epoch"]


def test_a_test_log_never_chooses_the_epoch(output: Output, log_file: Path, tmp_path: Path) -> None:
    told = document(output, "train", log_file, "--out", tmp_path, "--test", log_file, *QUICK)
    assert told["kept_epoch"] == 2
    assert told["predictions"] == int((memory_log(60).lengths - 1).sum())
    assert gru_viz.load(tmp_path).about["quality"]["on"] == "clicks.csv"


def test_training_on_all_measures_nothing(output: Output, log_file: Path, tmp_path: Path) -> None:
    told = document(output, "train", log_file, "--out", tmp_path, "--holdout", "0", *QUICK)
    assert told["kept_epoch"] == 2
    assert not FIGURES & set(told)
    assert gru_viz.load(tmp_path).about.keys() == {"training"}


@pytest.mark.parametrize(
    ("options", "config"),
    [
        ([], {"units": (6,), "embedding_dim": 6, "output": "own", "reset": "before"}),
        (["--tied", "--layers", "2"], {"units": (6, 6), "output": "tied"}),
        (["--reset", "after", "--embedding", "4"], {"reset": "after", "embedding_dim": 4}),
        (["--cell", "lstm", "--layers", "2"], {"cell": "lstm", "units": (6, 6)}),
        (
            ["--dropout", "0.1", "--dropout-hidden", "0.4"],
            {"dropout_embedding": 0.1, "dropout_hidden": 0.4},
        ),
    ],
)
def test_options_shape_the_model(
    output: Output, log_file: Path, tmp_path: Path, options: list[str], config: dict[str, Any]
) -> None:
    assert ran(output, "train", log_file, "--out", tmp_path, *QUICK, *options)[0] == 0
    made = gru_viz.load(tmp_path).config
    assert {name: getattr(made, name) for name in config} == config


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (["--loss", "sampled", "--negatives", "9", "--alpha", "1"], {"negatives": 9, "alpha": 1.0}),
        (["--order", "time", "--schedule", "constant"], {"order": "time", "schedule": "constant"}),
        (["--start", "random", "--clip", "0.5"], {"start": "random", "clip": 0.5}),
        (["--mode", "parallel", "--loss", "bpr-max", "--regularizer", "0.5"], {"regularizer": 0.5}),
        (["--optimizer", "adagrad"], {"optimizer": "adagrad", "learning_rate": 0.1}),
        (["--optimizer", "adagrad", "--lr", "0.03"], {"learning_rate": 0.03}),
        (["--loss", "top1", "--in-batch", "--patience", "1"], {"in_batch": True, "patience": 1}),
        (["--tied"], {"start": "random", "loss": "full"}),
        (["--own"], {"start": "markov"}),
    ],
)
def test_options_shape_the_training(
    output: Output, log_file: Path, tmp_path: Path, options: list[str], settings: dict[str, Any]
) -> None:
    assert ran(output, "train", log_file, "--out", tmp_path, *QUICK, *options)[0] == 0
    made = gru_viz.load(tmp_path).about["training"]["settings"]
    assert {name: made[name] for name in settings} == settings


def test_no_epochs_leaves_the_best_and_the_last(output: Output, log_file: Path, tmp_path: Path) -> None:
    ran(output, "train", log_file, "--out", tmp_path, *QUICK, "--epochs", "3", "--no-epochs")
    assert [path.name for path in (tmp_path / "epochs").iterdir()] == ["0003.safetensors"]
    assert gru_viz.load(tmp_path).catalog.ids


def test_the_same_seed_gives_the_same_model(output: Output, log_file: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        ran(output, "train", log_file, "--out", tmp_path / name, "--seed", "5", *QUICK)
    one, other = (gru_viz.load(tmp_path / name) for name in ("one", "other"))
    for key, value in one.state_dict().items():
        assert value.equal(other.state_dict()[key])


def test_items_unknown_before_are_dropped_from_the_held_out_part(output: Output, tmp_path: Path) -> None:
    log = write_csv(log_of([[0, 1, 2]] * 8 + [[0, 3, 1], [3, 1]]), tmp_path / "log.csv")
    told = document(output, "train", log, "--out", tmp_path / "out", "--holdout", "0.2", *QUICK)
    assert told["dropped_from_holdout"] == {"clicks": 2, "sessions": 1}
    assert told["predictions"] == 1
    assert gru_viz.load(tmp_path / "out").catalog.ids == ("i0", "i1", "i2")


def test_columns_can_be_named(output: Output, tmp_path: Path) -> None:
    text = write_csv(memory_log(20), tmp_path / "a.csv").read_text()
    (tmp_path / "b.csv").write_text(text.replace("SessionId,ItemId,Time", "who,what,when"))
    named = ["--column", "session=who", "--column", "item=what", "--column", "time=when"]
    assert ran(output, "train", tmp_path / "b.csv", "--out", tmp_path / "o", *QUICK, *named)[0] == 0


@pytest.mark.parametrize("cell", ["gru", "lstm", "rnn"])
def test_every_shape_of_a_model_can_be_trained(
    cell: str, log_file: Path, tmp_path: Path, output: Output
) -> None:
    shape = ["--cell", cell, "--one-hot", "--layers", "2", "--feed-forward", "6", "--activation", "elu"]
    document(output, "train", log_file, "--out", tmp_path, *QUICK, *shape)
    config = gru_viz.load(tmp_path).config
    assert (config.cell, config.input, len(config.units)) == (cell, "onehot", 2)
    assert (config.feed_forward, config.activation) == ((6,), "elu")
