"""Does a model that reads both ways come back as it was, and is it refused elsewhere?

Oracles: the model that was saved; one clear line from every other reader of models.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from gru_viz.both_ways_file import load_both_ways, save_both_ways
from gru_viz.checkpoint import load, save
from gru_viz.errors import InputError
from tests.cli import Output, refused
from tests.models import random_model
from tests.test_both_ways import random_both_ways

SHOWN_ON_CELLS = "reads a session from both ends and cannot recommend live; the Cells page shows it"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    model = random_both_ways(double=False)
    model.about = {"note": "random"}
    save_both_ways(model, tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


@pytest.mark.parametrize("reset", ["before", "after"])
@pytest.mark.parametrize("double", [False, True])
def test_it_comes_back(tmp_path: Path, reset: str, double: bool) -> None:
    model = random_both_ways(reset, double)
    save_both_ways(model, tmp_path / "m.safetensors")
    save_both_ways(model, tmp_path / "again.safetensors")
    back = load_both_ways(tmp_path / "m.safetensors")
    assert back.config == model.config
    assert (back.catalog.ids, back.catalog.titles) == (model.catalog.ids, model.catalog.titles)
    assert not back.training
    for name, weight in model.state_dict().items():
        assert torch.equal(back.state_dict()[name], weight)
    data = (tmp_path / "m.safetensors").read_bytes()
    assert data == (tmp_path / "again.safetensors").read_bytes()
    assert load_both_ways(data).config == model.config


def test_facts_that_are_no_json(tmp_path: Path) -> None:
    model = random_both_ways()
    model.about = {"clip": float("inf")}
    with pytest.raises(InputError, match="cannot be written as JSON"):
        save_both_ways(model, tmp_path / "m.safetensors")
    assert not list(tmp_path.iterdir())


def test_elsewhere_it_is_refused(capsys: Output, file: Path) -> None:
    """Oracle: one line, from the Python API and from the commands that take a model."""
    with pytest.raises(InputError, match=SHOWN_ON_CELLS):
        load(file)
    with pytest.raises(InputError, match="'other.safetensors' " + SHOWN_ON_CELLS):
        load(file.read_bytes(), "other.safetensors")
    for command in (
        ("explain", file, "--session", "id-1", "--item", "id-2"),
        ("trace", file, "--session", "id-1"),
        ("evaluate", file, Path(__file__).parents[1] / "sample_data" / "sessions.csv.gz"),
    ):
        assert SHOWN_ON_CELLS in refused(capsys, *command)


def changed(file: Path, facts: dict | None = None, drop: str = "", **tensors: torch.Tensor) -> Path:
    """The file with some of its metadata or tensors replaced."""
    with safe_open(file, "pt") as opened:
        held = {name: opened.get_tensor(name) for name in opened.keys()} | tensors  # noqa: SIM118
        told = json.loads(opened.metadata()["gru_viz"]) | (facts or {})
    held.pop(drop, None)
    save_file(held, file, {"gru_viz": json.dumps(told)})
    return file


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": "gru"}, "no model that reads a session from both ends"),
        ({"kind": None}, "no model that reads a session from both ends"),
        ({"schema": 9}, "another schema"),
        ({"convention": {}}, "another schema or convention"),
        ({"config": []}, "should be a dict"),
        ({"items": "7"}, "should be a int"),
        ({"items": 8}, "names 7 items"),
        ({"config": {"units": 0}}, "settings that do not fit"),
        ({"config": {"units": 10**30}}, "settings that do not fit"),
        ({"config": {"layers": 2}}, "settings that do not fit"),
        ({"config": {"units": 6, "embedding_dim": 4}}, "do not make this model"),
    ],
)
def test_odd_facts(file: Path, facts: dict, said: str) -> None:
    with pytest.raises(InputError, match=said) as refusal:
        load_both_ways(changed(file, facts))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({"drop": "cells.forwards.U"}, r"do not make this model.*cells\.forwards\.U"),
        ({"drop": "catalog"}, "catalog"),
        ({"extra": torch.zeros(2)}, "do not make this model.*extra"),
        ({"output_bias": torch.zeros(6)}, "do not make this model.*output_bias"),
        ({"output_bias": torch.zeros(7).double()}, "all be F32 or all F64"),
        ({"output_bias": torch.full((7,), torch.nan)}, "NaN"),
    ],
)
def test_odd_tensors(file: Path, tensors: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        load_both_ways(changed(file, **tensors))


def test_other_files(tmp_path: Path) -> None:
    save(random_model(), tmp_path / "model.safetensors")
    with pytest.raises(InputError, match="no model that reads a session from both ends"):
        load_both_ways(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="zip"):
        load_both_ways(tmp_path)
    with pytest.raises(InputError, match="there is no file"):
        load_both_ways(tmp_path / "none.safetensors")
