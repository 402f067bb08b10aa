"""`compare`: every model on one log, as a table and as JSON, and what is left after Ctrl-C."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gru_viz.commands import compare as command
from gru_viz.compare.document import read_comparison
from gru_viz.data import shop
from gru_viz.data.shop import Limit
from gru_viz.learn.quality import Quality
from gru_viz.learn.split import onto
from gru_viz.sessions import ClickLog
from tests.cli import FIGURES, Output, document, ran, refused
from tests.logs import log_of, random_log, write_csv

QUICK = ("--models", "popularity,markov,gru", "--preset", "quick")


@pytest.fixture(scope="module")
def clicks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(random_log(40, n_items=30), tmp_path_factory.mktemp("log") / "clicks.csv")


def test_the_json_and_the_file_are_this(output: Output, clicks: Path, tmp_path: Path) -> None:
    out = tmp_path / "models.json"
    told = document(output, "compare", clicks, *QUICK, "--shares", "0.5", "--out", out)
    assert json.loads(out.read_text()) == told
    assert set(told) == {
        *("schema", "complete", "log", "test", "items", "test_sessions", "predictions", "ranks", "seed"),
        *("settings", "level", "resamples", "limit", "sessions", "models", "differences", "shares"),
        "experiments",
    }
    assert told["complete"] is True
    assert told["limit"] is None
    assert (told["log"], told["test"]) == ("clicks.csv", "the last 10% of the sessions")
    recalls = [model["recall@20"] for model in told["models"]]
    assert recalls == sorted(recalls, reverse=True)
    for model in told["models"]:
        assert set(model) == {
            *FIGURES,
            *(
                "name",
                "intervals",
                "parameters",
                "fit_seconds",
                "predict_seconds",
                "by_position",
                "by_length",
            ),
        }
        assert set(model["intervals"]) == FIGURES
    assert len(told["differences"]) == 3
    assert [(part["share"], part["sessions"]) for part in told["shares"]] == [
        (0.5, round(told["sessions"] / 2))
    ]
    assert "by_length" not in told["shares"][0]["models"][0]
    assert read_comparison(out.read_bytes()).complete


def test_the_table_is_sorted(output: Output, clicks: Path) -> None:
    code, out, err = ran(output, "compare", clicks, *QUICK)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["Recall@20", "from–to"]
    rows = [re.split(r"  +", line) for line in lines[1:4]]
    assert {name for name, *_ in rows} == {"popularity", "Markov chain", "GRU4Rec"}
    recalls = [float(recall) for _, recall, *_ in rows]
    assert recalls == sorted(recalls, reverse=True)
    assert "conservative ranks" in out
    assert "Markov chain: Recall@20" in err  # as soon as it is measured


def test_another_log_to_measure_on(output: Output, clicks: Path, tmp_path: Path) -> None:
    """Two sessions of three clicks: four predictions."""
    test = write_csv(log_of([[0, 1, 2], [3, 4, 5]], 30), tmp_path / "later.csv")
    told = document(output, "compare", clicks, "--models", "markov", "--test", test)
    assert (told["predictions"], told["test_sessions"], told["test"]) == (4, 2, "later.csv")


def test_what_is_finished_is_kept_after_ctrl_c(
    output: Output, clicks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GRU4Rec is interrupted at its first update: the two before it are in the file."""
    from gru_viz.learn.trainer import Trainer

    def interrupted(self: Trainer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "epochs", interrupted)
    out = tmp_path / "models.json"
    code, printed, err = ran(output, "compare", clicks, *QUICK, "--out", out)
    assert (code, printed) == (130, "")
    found = read_comparison(out.read_bytes())
    assert not found.complete
    assert {model.name for model in found.whole.models} == {"popularity", "markov"}
    assert "holds the 2 models that were finished" in err
    out.unlink()
    code, _, err = ran(output, "compare", clicks, "--models", "gru", "--out", out)
    assert code == 130
    assert not out.exists()
    assert "Traceback" not in err


def test_experiments_that_are_finished_are_kept_after_ctrl_c(
    output: Output, clicks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted at the first other size: what was lost without reset and without clip is in the file."""
    from gru_viz.compare.experiments import run as experiments

    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(experiments, "sizes", interrupted)
    out = tmp_path / "models.json"
    code, _, err = ran(
        output, "compare", clicks, "--models", "gru", "--preset", "quick", "--claims", "--out", out
    )
    assert code == 130
    found = read_comparison(out.read_bytes())
    assert not found.complete
    assert found.experiments is not None
    assert found.experiments.reset is not None
    assert [one.cell for one in found.experiments.clipping] == ["gru"]
    assert found.experiments.sizes == ()
    assert "holds the 1 model and the experiments that were finished" in err
    assert err.count("GRU4Rec: Recall@20") == 1  # told once, not again after each experiment


def test_the_verdicts_are_printed_below_the_table(
    output: Output, clicks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: a line a sentence, the verdict first; gradients cannot be told on so small a log."""
    from gru_viz.compare.experiments import run as experiments

    monkeypatch.setattr(experiments, "planned", lambda names: ("gradients", "reset"))
    code, out, _ = ran(output, "compare", clicks, "--models", "gru,rnn", "--preset", "quick", "--claims")
    assert code == 0
    lines = out.splitlines()[-2:]
    assert lines[0].startswith("cannot tell: GRUs cure vanishing gradients. Too few held-out sessions")
    assert re.match(r"(holds|does not hold|cannot tell): Reset the state between sessions\. Recall", lines[1])


@pytest.mark.parametrize(
    "options",
    [
        ("--models", "gru,best"),
        ("--models", ""),
        ("--shares", "0"),
        ("--holdout", "0"),
        ("--holdout", "1"),
        ("--seed", "-1"),
        ("--out", "/nowhere/at/all.json"),
        ("--out", "/tmp"),
        ("--threads", "0"),
        ("--preset", "slow"),
        ("--holdout", "0.5", "--test", "x.csv"),
    ],
)
def test_options_that_mean_nothing(output: Output, clicks: Path, options: tuple[str, ...]) -> None:
    """Refused before the log is read: one line."""
    refused(output, "compare", clicks, *options)


def test_logs_that_cannot_be_compared_on(output: Output, tmp_path: Path) -> None:
    refused(output, "compare", tmp_path / "missing.csv")
    one_click = write_csv(log_of([[0, 1, 2]]), tmp_path / "one.csv")
    code, out, err = ran(output, "compare", one_click, "--out", tmp_path / "x.json")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("error: ")
    assert not (tmp_path / "x.json").exists()


def test_the_shops_clicks_are_known_by_their_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions stand in for the shop's, which take seconds; with one click changed they are not its own."""
    own = random_log(40, n_items=240)
    own = ClickLog(shop.catalog(), own.items, own.offsets, own.session_ids)
    known = Limit({20: 0.5}, {20: 0.25}, 9)
    monkeypatch.setattr(shop, "sessions", lambda: own)
    monkeypatch.setattr(shop, "process", lambda: SimpleNamespace(limit=lambda log: known))
    test = onto(own.select(np.arange(30, 40)), own.catalog)
    assert test is not None
    limit = command._limit(own, test)
    assert limit == Quality({20: 0.5}, {20: 0.25}, 9)
    items = test.items.copy()
    items[0] = (items[0] + 1) % 240
    other = ClickLog(test.catalog, items, test.offsets, test.session_ids, test.times)
    assert command._limit(own, other) is None
    assert command._limit(random_log(), random_log()) is None
