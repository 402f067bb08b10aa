"""`explain`: its JSON is a contract (DESIGN.md section 2). Oracle: the explanations themselves."""

from __future__ import annotations

import re
import shlex
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.checkpoint import save
from gru_viz.commands.explain import EXAMPLES, SHOWN
from gru_viz.data.reader import read_log
from gru_viz.explain.jacobian import paths
from gru_viz.explain.log_memory import log_memory
from gru_viz.explain.verdict import verdict
from gru_viz.explain.why import why
from gru_viz.explain.words import plain
from gru_viz.record import record
from gru_viz.rerun import last_clicks, scores_of_every_click, scores_of_last_clicks
from tests.cli import Output, document, ran, refused
from tests.models import EVERY, random_model

ROOT = Path(__file__).parents[2]
SESSION = ("--session", "i0,i4,i5")
FIXED = {"score", "write", "click", "deletion", "item", "against", "after_click"}


@pytest.mark.parametrize("against", [None, "i3"])
def test_explain_json_is_the_explanation(output: Output, trained: Path, against: str | None) -> None:
    more = () if against is None else ("--against", against)
    told = document(output, "explain", trained, *SESSION, "--item", "i1", *more)
    model = gru_viz.load(trained)
    item, other = model.catalog.indices(["i1", "i3"])
    answer = why(
        record(model, ["i0", "i4", "i5"]),
        model.weights(),
        item,
        partial(last_clicks, model),
        None if against is None else other,
    )
    assert set(told) == FIXED
    assert (told["item"], told["against"], told["after_click"]) == ("i1", against, 3)
    assert set(told["write"]) == {"clicks", "h0", "bias"}
    assert set(told["click"]) == {"clicks", "h0", "bias", "candidate_bias"}
    assert told["score"] == answer.score
    for name, ledger in (("write", answer.write), ("click", answer.click)):
        assert ledger is not None
        assert told[name]["clicks"] == ledger.clicks.tolist()
        total = sum(sum(part) if isinstance(part, list) else part for part in told[name].values())
        assert total == pytest.approx(told["score"], abs=1e-5)
    np.testing.assert_allclose(told["deletion"], answer.deletion.score_drop, atol=1e-6)


def test_explain_as_a_table(output: Output, trained: Path) -> None:
    _, out, err = ran(output, "explain", trained, *SESSION, "--item", "i1")
    assert err == ""
    lines = out.splitlines()
    assert [line.split()[:2] for line in lines[1:4]] == [["1", "i0"], ["2", "i4"], ["3", "i5"]]
    assert [line.split("  ")[0] for line in lines[4:8]] == [
        "before the first click",
        "bias of the candidates",
        "bias of the item",
        "score",
    ]
    assert lines[8] == ""
    assert lines[9].startswith("i1 scores ")
    entries = [
        [float(cell) for cell in line[len("bias of the candidates") :].split()[:2]] for line in lines[1:8]
    ]
    np.testing.assert_allclose(np.sum(entries[:-1], axis=0), entries[-1], atol=0.005)


def test_one_click_has_no_deletion(output: Output, trained: Path) -> None:
    told = document(output, "explain", trained, "--session", "i0", "--item", "i1")
    assert told["deletion"] == [None]
    assert ran(output, "explain", trained, "--session", "i0", "--item", "i1")[0] == 0


def test_a_non_linear_top_says_that_only_deletion_applies(output: Output, tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save(random_model("feed-forward, relu"), path)
    told = document(output, "explain", path, "--session", "id-0,id-2", "--item", "id-1")
    assert (told["write"], told["click"]) == (None, None)
    assert "not linear" in told["note"]
    assert len(told["deletion"]) == 2
    code, out, _ = ran(output, "explain", path, "--session", "id-0,id-2", "--item", "id-1")
    assert code == 0
    assert "only deletion applies" in out


def test_explain_bad_input(output: Output, trained: Path, tmp_path: Path) -> None:
    assert "'nope'" in refused(output, "explain", trained, "--session", "i0,nope", "--item", "i1")
    assert "'nope'" in refused(output, "explain", trained, *SESSION, "--item", "nope")
    assert "'nope'" in refused(output, "explain", trained, *SESSION, "--item", "i1", "--against", "nope")
    refused(output, "explain", trained, *SESSION, "--item", "i1", "--against", "i1")
    refused(output, "explain", trained, "--session", "i0,,i1", "--item", "i1", "--json")
    refused(output, "explain", trained, "--session", "", "--item", "i1")
    refused(output, "explain", trained, "--item", "i1")
    refused(output, "explain", trained, "i0,i4", *SESSION)
    refused(output, "explain", trained, *SESSION, "--log", "log.csv")
    for step in ("0", "4", "-1", "two"):
        refused(output, "explain", trained, *SESSION, "--step", step)
    said = refused(output, "explain", trained, *SESSION, "--show", "why,nope")
    assert "'nope'" in said
    assert all(name in said for name in SHOWN)
    refused(output, "explain", trained, *SESSION, "--show", ",")
    assert "--log" in refused(output, "explain", trained, *SESSION, "--strict")
    assert "--log" in refused(output, "explain", trained, *SESSION, "--column", "item=what")
    assert "--log" in refused(output, "explain", trained, *SESSION, "--drop-empty-ids")
    assert "--log is empty" in refused(output, "explain", trained, "--log", "")
    first = document(output, "explain", trained, *SESSION)["item"]
    assert first in refused(output, "explain", trained, *SESSION, "--against", first)
    refused(output, "explain", tmp_path / "missing.safetensors", *SESSION, "--item", "i1")


def test_an_item_behind_all_kept_scores(
    output: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Oracle: the same answer with all scores kept, whatever the top is."""
    for kind in ("reset before", "feed-forward, relu"):
        model = random_model(kind)
        save(model, tmp_path / "model.safetensors")
        worst = model.catalog.ids[int(record(model, ["id-0", "id-2"]).ranking()[-1])]
        argv = ("explain", tmp_path, "--session", "id-0,id-2", "--item", worst)
        whole = document(output, *argv)
        with monkeypatch.context() as patched:
            patched.setattr("gru_viz.record.FULL_SCORES", 1)
            patched.setattr("gru_viz.record.KEPT_SCORES", 2)
            cut = document(output, *argv)
            assert (cut["score"], cut["deletion"]) == (whole["score"], whole["deletion"])
            assert ran(output, *argv, "--show", "why,remember,forgetting,trust")[0] == 0


def test_scores_that_are_not_numbers(output: Output, tmp_path: Path) -> None:
    """Oracle: a model whose numbers overflow; exit code 2, one line and no warning."""
    model = random_model()
    for parameter in model.parameters():
        parameter.data[:] = 1e38
    save(model, tmp_path / "model.safetensors")
    for more in ((), ("--item", "id-1"), ("--show", "trust")):
        said = refused(output, "explain", tmp_path, "id-0,id-2", *more)
        assert "the model's scores after click 2 are not numbers" in said


# --- the session and the item that are meant


def test_a_session_either_way(output: Output, trained: Path) -> None:
    assert ran(output, "explain", trained, "i0,i4,i5", "--item", "i1") == ran(
        output, "explain", trained, *SESSION, "--item", "i1"
    )


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_step_is_the_session_until_there(output: Output, trained: Path, step: int) -> None:
    """Oracle: the shorter session; and without --item, its first recommended."""
    told = document(output, "explain", trained, *SESSION, "--step", str(step))
    shorter = ",".join(["i0", "i4", "i5"][:step])
    expected = document(output, "explain", trained, shorter)
    assert told["item"] == expected["item"]
    assert set(told) == FIXED
    assert told["score"] == pytest.approx(expected["score"], abs=1e-6)
    first = record(gru_viz.load(trained), shorter.split(",")).top(1)["item_id"].iloc[0]
    assert told["item"] == first
    assert len(told["deletion"]) == step
    code, out, _ = ran(output, "explain", trained, *SESSION, "--step", str(step))
    assert code == 0
    assert len(re.findall(r"^\d i\d ", out, re.MULTILINE)) == step


def test_the_table_ends_with_the_verdict(output: Output, trained: Path) -> None:
    _, out, _ = ran(output, "explain", trained, *SESSION, "--item", "i1")
    model = gru_viz.load(trained)
    trace = record(model, ["i0", "i4", "i5"])
    answer = why(trace, model.weights(), model.catalog.index("i1"), partial(last_clicks, model))
    assert out.splitlines()[-1] == plain(verdict(trace, answer)).replace("\u00a0", " ")


# --- what is shown


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("session", ["id-2", "id-2,id-0,id-0,id-5"])
def test_all_that_can_be_shown(output: Output, tmp_path: Path, kind: str, session: str) -> None:
    """Every kind of model, also after one click and in the middle of a session."""
    model = random_model(kind)
    save(model, tmp_path / "model.safetensors")
    left_out = {"split"} if not model.weights().linear_top else set()
    left_out |= {"reset"} if model.config.cell != "gru" else set()
    names = [name for name in SHOWN if name not in left_out]
    argv = ("explain", tmp_path, session, "--show", ",".join(names))
    for more in ((), ("--step", "1")):
        told = document(output, *argv, *more)
        assert set(told) - {"note"} == {*FIXED, *names} - {"why"}
        code, out, err = ran(output, *argv, *more)
        assert (code, err) == (0, "")
        assert not re.search(r"\b(nan|inf)\b", out)
        assert "\ufffd" not in out
        assert 1 + out.count("\n\n") == 2 * len(names)
        for name in set(names) - {"why"}:
            assert told[name]["sentence"] in out


def test_one_view_alone(output: Output, trained: Path) -> None:
    _, out, _ = ran(output, "explain", trained, *SESSION, "--show", "remember")
    assert out.splitlines()[0].split("  ")[0] == "last clicks shown"
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["1", "2", "3"]
    assert "written at" not in out


def test_a_score_that_does_not_split_is_said(output: Output, tmp_path: Path) -> None:
    save(random_model("feed-forward, relu"), tmp_path / "model.safetensors")
    assert "split" in refused(output, "explain", tmp_path, "id-0,id-2", "--show", "why,split")


@pytest.mark.parametrize(("kind", "name"), [("lstm", "an LSTM"), ("rnn", "a vanilla RNN")])
def test_a_cell_without_a_reset_gate(output: Output, tmp_path: Path, kind: str, name: str) -> None:
    model = random_model(kind)
    save(model, tmp_path / "model.safetensors")
    said = refused(output, "explain", tmp_path, "id-0,id-2", "--show", "why,reset")
    assert f"the model is {name}, which has no reset gate; leave reset out of --show" in said
    found = document(output, "explain", tmp_path, "id-0,id-2", "--show", "lens,gradient,trust")
    assert list(found["gradient"]["paths"]) == list(paths(model.config.cell))
    assert ("click" in found["lens"]) == (kind == "lstm")
    assert (found["trust"]["cell"], found["trust"]["reset"]) == (kind, None)


# --- a whole log


def test_a_log_is_the_question_of_a_log(output: Output, trained: Path, log_file: Path) -> None:
    told = document(output, "explain", trained, "--log", log_file)
    model = gru_viz.load(trained)
    log, _ = read_log(log_file, catalog=model.catalog)
    *_, end = log_memory(
        [session.items for session in log],
        partial(scores_of_every_click, model),
        partial(scores_of_last_clicks, model),
    )
    found = end.so_far
    assert set(told) == {"whole", "last", "predictions", "sessions", "ranks", "sentence"}
    assert told["whole"] == {"recall@20": found.full_recall, "mrr@20": found.full_mrr}
    assert [row["clicks"] for row in told["last"]] == [1, 2, 3, 5]
    for name, values in (("recall@20", found.recall), ("mrr@20", found.mrr), ("kl", found.kl)):
        assert [row[name] for row in told["last"]] == values.tolist()
    assert [row["overlap@8"] for row in told["last"]] == found.overlap.tolist()  # of eight items
    assert (told["predictions"], told["sessions"]) == (found.predictions, found.sessions)
    code, out, _ = ran(output, "explain", trained, "--log", log_file)
    assert code == 0
    assert [line.split("  ")[0] for line in out.splitlines()[1:6]] == [
        "whole session",
        "last click",
        *(f"last {n} clicks" for n in (2, 3, 5)),
    ]
    assert out.endswith(told["sentence"] + "\n")


def test_a_log_that_tells_nothing(output: Output, trained: Path, tmp_path: Path, log_file: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text("SessionId,ItemId,Time\na,i0,1\na,i1,2\n")
    code, out, err = ran(output, "explain", trained, "--log", short)
    assert (code, out) == (2, "")
    assert "three clicks" in err.splitlines()[-1]
    for more in (("--item", "i1"), ("--step", "1"), ("--show", "why"), ("--against", "i1")):
        assert more[0] in refused(output, "explain", trained, "--log", log_file, *more)
    refused(output, "explain", trained, "--log", tmp_path / "missing.csv")


def test_columns_of_a_log_can_be_named(output: Output, trained: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("who,what,Time\na,i0,1\na,i4,2\na,i2,3\n")
    argv = ("explain", trained, "--log", path)
    assert ran(output, *argv)[0] == 2
    assert document(output, *argv, "--column", "session=who", "--column", "item=what")["predictions"] == 1


@pytest.mark.parametrize("example", [line.strip() for line in EXAMPLES.splitlines()[1:-1]])
def test_the_examples_of_the_help_work(output: Output, example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the one over the whole sample log, which takes seconds."""
    monkeypatch.chdir(ROOT)
    assert ran(output, *shlex.split(example.removeprefix("python -m gru_viz ")))[0] == 0
