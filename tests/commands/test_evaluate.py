"""`evaluate`: its JSON is a contract (DESIGN.md section 2)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gru_viz.checkpoint import FILE_NAME as MODEL
from gru_viz.checkpoint import save
from gru_viz.learn.clicks import FILE_NAME as CLICKS
from gru_viz.learn.clicks import save_clicks
from gru_viz.learn.start import new_model
from gru_viz.model import ModelConfig
from tests.cli import FIGURES, Output, document, ran, refused
from tests.logs import log_of, memory_log, random_log, write_csv

BASELINES = ["popularity", "session_popularity", "item_knn", "sequential_rules", "markov"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `train` leaves it; the model may know nothing, it is measured all the same."""
    folder, log = tmp_path_factory.mktemp("measured"), memory_log(60)
    save(new_model(log, ModelConfig(units=(6,), embedding_dim=6)), folder / MODEL)
    save_clicks(log, folder / CLICKS)
    return folder


def test_evaluate_json_is_exactly_this(output: Output, trained: Path, log_file: Path) -> None:
    told = document(output, "evaluate", trained, log_file)
    assert set(told) == {*FIGURES, "predictions", "ranks", "baselines", "intervals"}
    assert told["ranks"] == "conservative"
    assert told["predictions"] == int((memory_log(60).lengths - 1).sum())
    assert {name: set(figures) for name, figures in told["baselines"].items()} == dict.fromkeys(
        BASELINES, FIGURES
    )
    assert document(output, "evaluate", trained / "model.safetensors", log_file) == told


def test_evaluate_a_lone_model(output: Output, trained: Path, log_file: Path, tmp_path: Path) -> None:
    lone = tmp_path / "model.safetensors"
    lone.write_bytes((trained / "model.safetensors").read_bytes())
    told = document(output, "evaluate", lone, log_file)
    assert told["baselines"] is None
    assert "--train LOG" in told["note"]
    with_log = document(output, "evaluate", lone, log_file, "--train", log_file)
    assert set(with_log["baselines"]) == set(BASELINES)
    assert "--train LOG" in ran(output, "evaluate", lone, log_file)[1]


def test_clicks_of_another_training_are_not_compared_with(
    output: Output, trained: Path, log_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "mixed").mkdir()
    save_clicks(random_log(60), tmp_path / "mixed" / CLICKS)
    (tmp_path / "mixed" / MODEL).write_bytes((trained / MODEL).read_bytes())
    code, out, err = ran(output, "evaluate", tmp_path / "mixed", log_file, "--json")
    assert code == 0
    assert json.loads(out)["baselines"] is None
    assert "other items" in err


def test_intervals_stand_round_the_figures(output: Output, trained: Path, log_file: Path) -> None:
    told = document(output, "evaluate", trained, log_file)
    sure = told["intervals"]
    assert set(sure) == {*FIGURES, "level", "resamples", "baselines"}
    assert set(sure["baselines"]) == set(BASELINES)
    for figures, intervals in [(told, sure)] + [
        (told["baselines"][name], sure["baselines"][name]) for name in BASELINES
    ]:
        for name in FIGURES:
            low, high = intervals[name]
            assert 0 <= low <= figures[name] <= high <= 1


def test_by_position_and_length(output: Output, trained: Path, log_file: Path) -> None:
    """Oracle: 16 sessions of 3 clicks, 16 of 4, 14 of 5 and 14 of 6."""
    told = document(output, "evaluate", trained, log_file, "--by", "position,length")
    assert set(told) == {
        *FIGURES,
        *("predictions", "ranks", "baselines", "intervals", "by_position", "by_length"),
    }
    positions, lengths = told["by_position"], told["by_length"]
    assert [(one["from"], one["to"], one["predictions"]) for one in positions] == [
        (1, 1, 60), (2, 2, 60), (3, 3, 44), (4, 4, 28), (5, 5, 14)
    ]  # fmt: skip
    assert [(one["from"], one["to"]) for one in lengths] == [(3, 3), (4, 4), (5, 5), (6, 10)]
    assert sum(one["predictions"] for one in lengths) == told["predictions"]
    assert [one["share"] for one in lengths] == pytest.approx([32 / 206, 48 / 206, 56 / 206, 70 / 206])
    for one in [*positions, *lengths]:
        assert set(one["baselines"]) == set(BASELINES)
        assert one["intervals"]["recall@20"][0] <= one["recall@20"] <= one["intervals"]["recall@20"][1]
    assert "by_position" not in document(output, "evaluate", trained, log_file, "--by", "length")


def test_ties_count_as_asked(output: Output, trained: Path, tmp_path: Path) -> None:
    """Oracle: counting a tie as better can only raise the reciprocal rank, half of it half-way."""
    log = write_csv(log_of([[4, 5]] * 20, 8), tmp_path / "x.csv")
    mrr = {}
    for ranks in ("conservative", "median", "standard"):
        told = document(output, "evaluate", trained, log, "--ranks", ranks)
        assert told["ranks"] == ranks
        mrr[ranks] = told["baselines"]["session_popularity"]["mrr@20"]
    assert mrr["conservative"] <= mrr["median"] <= mrr["standard"]
    assert f"20 predictions, {ranks} ranks" in ran(output, "evaluate", trained, log, "--ranks", ranks)[1]


def test_items_unknown_in_training_are_dropped_and_counted(
    output: Output, trained: Path, tmp_path: Path
) -> None:
    """Three clicks on strangers: one session loses a click, two are left with a single one and go."""
    path = write_csv(log_of([[4, 0, 5], [4, 1], [4, 5, 6], [2, 3]], 8), tmp_path / "x.csv")
    path.write_text(path.read_text().replace("i0,", "x0,").replace("i1,", "x1,").replace("i3,", "x3,"))
    code, out, err = ran(output, "evaluate", trained, path, "--json")
    assert code == 0
    assert json.loads(out)["predictions"] == 1 + 2
    assert "dropped 3 clicks: item not in the catalogue" in err


def test_evaluate_as_a_table(output: Output, trained: Path, log_file: Path) -> None:
    _, out, _ = ran(output, "evaluate", trained, log_file, "--by", "length")
    lines = out.splitlines()
    assert [row.split()[0] for row in lines[1:7]] == ["model", *BASELINES]
    assert "95% of 1,000 resamples of the sessions" in out
    assert lines[-6:-4] == ["Recall@20 by length", lines[-5]]
    assert lines[-5].split() == ["clicks", "share", "model", "from–to", *BASELINES]
    assert [row.split()[:2] for row in lines[-4:]] == [
        ["3", "15.5%"], ["4", "23.3%"], ["5", "27.2%"], ["6–10", "34.0%"]
    ]  # fmt: skip


@pytest.mark.parametrize("option", [("--by", "weekday"), ("--by", ""), ("--ranks", "best")])
def test_options_that_mean_nothing(
    output: Output, trained: Path, log_file: Path, option: tuple[str, str]
) -> None:
    assert ("position" if option[0] == "--by" else "median") in refused(
        output, "evaluate", trained, log_file, *option
    )


def test_evaluate_bad_input(output: Output, trained: Path, log_file: Path, tmp_path: Path) -> None:
    refused(output, "evaluate", tmp_path, log_file)
    refused(output, "evaluate", trained / CLICKS, log_file)
    refused(output, "evaluate", trained, tmp_path / "missing.csv", "--json")
    strangers = write_csv(log_of([[0, 1]]), tmp_path / "x.csv")
    strangers.write_text(strangers.read_text().replace("i0", "x0").replace("i1", "x1"))
    code, out, err = ran(output, "evaluate", trained, strangers)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
