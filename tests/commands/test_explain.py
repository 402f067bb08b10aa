"""`explain`: its JSON is a contract (DESIGN.md section 2). Oracle: the explanations themselves."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.checkpoint import save
from gru_viz.explain.why import why
from gru_viz.record import record, record_batch
from tests.cli import Output, document, ran, refused
from tests.models import random_model

SESSION = ("--session", "i0,i4,i5")


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
        partial(record_batch, model),
        None if against is None else other,
    )
    assert set(told) == {"score", "write", "click", "deletion"}
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
    refused(output, "explain", trained, *SESSION)
    refused(output, "explain", trained, "--item", "i1")
    refused(output, "explain", tmp_path / "missing.safetensors", *SESSION, "--item", "i1")


def test_an_item_behind_all_kept_scores(
    output: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A linear top still reads its score out; a non-linear one cannot."""
    for kind in ("reset before", "feed-forward, relu"):
        model = random_model(kind)
        save(model, tmp_path / "model.safetensors")
        worst = model.catalog.ids[int(record(model, ["id-0", "id-2"]).ranking()[-1])]
        with monkeypatch.context() as patched:
            patched.setattr("gru_viz.record.FULL_SCORES", 1)
            patched.setattr("gru_viz.record.KEPT_SCORES", 2)
            argv = ("explain", tmp_path, "--session", "id-0,id-2", "--item", worst)
            if kind == "reset before":
                assert len(document(output, *argv)["deletion"]) == 2
            else:
                assert worst in refused(output, *argv)
