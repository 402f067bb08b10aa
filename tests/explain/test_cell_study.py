"""Are the studies of the cells read back as they were written, and anything else refused?"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gru_viz.errors import InputError
from gru_viz.explain.cell_studies import SIZES, CellStudies, model_file, read
from gru_viz.explain.cell_study import CELL_ORDER, CellFacts, CellStudy, fingerprint
from gru_viz.explain.detours import Detours
from gru_viz.explain.gradient_distance import GradientDistance
from gru_viz.explain.leftover import Leftover
from tests.models import random_model


def study() -> CellStudy:
    gradients = {
        cell: GradientDistance(*(np.array([1.0, factor * 3e-15]) for factor in (1, 2, 3)))
        for cell in CELL_ORDER
    }
    detours = {
        name: Detours(np.array([1, 2]), np.array([3, 0]), np.array([4, 5]))
        for name in (*CELL_ORDER, "sasrec", "markov")
    }
    facts = {cell: CellFacts("ab", 10, 20, 1.5e-5, 0.9, 0.8, 0.95, 3) for cell in CELL_ORDER}
    halves = [np.array([0.5, 0.25]) for _ in range(4)]
    left = {cell: Leftover(np.array([9, 4]), *halves) for cell in CELL_ORDER}
    return CellStudy(facts, detours, 0.125, gradients, gradients, left, 7, "a machine")


def studies() -> CellStudies:
    small = replace(study(), facts={cell: replace(one, epochs=4) for cell, one in study().facts.items()})
    return CellStudies({SIZES[0]: study(), 5: small})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Oracle: the same value; numbers far below 1 keep their digits."""
    file = tmp_path / "cells.json"
    file.write_text(json.dumps(studies().to_dict()))
    read_back = read(file)
    assert list(read_back.by_size) == [SIZES[0], 5]
    assert read_back.to_dict() == studies().to_dict()
    for units, got in read_back.by_size.items():
        assert got.to_dict() == studies().by_size[units].to_dict()
        assert got.trained["gru"].high[1] == pytest.approx(9e-15)
        assert got.detours["markov"].right.tolist() == [3, 0]
    assert [one.facts["gru_after"].epochs for one in read_back.by_size.values()] == [3, 4]


def test_what_all_sizes_share_is_written_once() -> None:
    values = studies().to_dict()
    assert (values["chance"], values["sessions"], values["machine"]) == (0.125, 7, "a machine")
    assert list(values["sizes"]["5"]) == ["facts", "detours", "untrained", "trained", "leftover"]
    assert not {"markov", "sasrec"} & set(values["sizes"]["5"]["detours"])


def test_files_are_named_after_what_they_hold() -> None:
    """Oracle: the names by hand; no two models share a file."""
    folder = Path("shop")
    assert model_file(folder, "gru", 64) == folder / "model.safetensors"
    assert model_file(folder, "gru_after", 64) == folder / "cells" / "gru_after_64.safetensors"
    assert model_file(folder, "gru", 16) == folder / "cells" / "gru_16.safetensors"
    names = {model_file(folder, cell, units) for cell in CELL_ORDER for units in SIZES}
    assert len(names) == len(CELL_ORDER) * len(SIZES)


def broken(change: Callable[[dict[str, Any]], Any]) -> str:
    values = json.loads(json.dumps(studies().to_dict()))
    changed = change(values["sizes"]["5"])
    return json.dumps(values if changed is None else changed)


def broken_file(change: Callable[[dict[str, Any]], Any]) -> str:
    values = json.loads(json.dumps(studies().to_dict()))
    changed = change(values)
    return json.dumps(values if changed is None else changed)


BROKEN = {
    "a list": lambda values: [values],
    "no facts": lambda values: values.pop("facts") and None,
    "a cell is missing": lambda values: values["trained"].pop("rnn") and None,
    "a fact that is text": lambda values: values["facts"]["gru"].update(parameters="many"),
    "a fact that is unknown": lambda values: values["facts"]["gru"].update(price=3),
    "more right than asked": lambda values: values["detours"]["gru"].update(right=[9, 0]),
    "nothing asked": lambda values: values["detours"]["gru"].update(right=[0, 0], asked=[4, 0]),
    "lengths that do not fit": lambda values: values["detours"]["gru"].update(lengths=[1]),
    "no lengths": lambda values: values["detours"]["gru"].update(lengths=[], right=[], asked=[]),
    "a negative norm": lambda values: values["trained"]["gru"].update(low=[1, -1]),
    "a quartile is short": lambda values: values["untrained"]["lstm"].update(low=[1]),
    "nothing left over": lambda values: values["leftover"]["gru"].update(asked=[], fresh=[]),
    "a share above 1": lambda values: values["leftover"]["gru"].update(left=[2, 0]),
    "a share too few": lambda values: values["leftover"]["gru"].update(low=[0]),
    "an endless fact": lambda values: values["facts"]["gru"].update(step_seconds=float("inf")),
    "a norm that is text": lambda values: values["untrained"]["lstm"].update(low=["x", "y"]),
}


# of the file as a whole
BROKEN_FILES = {
    "a chance that is no share": lambda values: values.update(chance=float("nan")),
    "an older schema": lambda values: values.update(schema=1),
    "no schema": lambda values: values.pop("schema") and None,
    "no Markov chain": lambda values: values.pop("markov") and None,
    "no SASRec": lambda values: values.pop("sasrec") and None,
    "no machine": lambda values: values.pop("machine") and None,
    "sessions that are text": lambda values: values.update(sessions="many"),
    "no sizes": lambda values: values.update(sizes={}),
    "sizes in a list": lambda values: values.update(sizes=list(values["sizes"].values())),
    "the shop's own size is missing": lambda values: values["sizes"].pop("64") and None,
    "a size of nothing": lambda values: values["sizes"].update({"0": values["sizes"]["5"]}),
    "a size with a sign": lambda values: values["sizes"].update({"+5": values["sizes"]["5"]}),
    "a size that is no number": lambda values: values["sizes"].update(small=values["sizes"]["5"]),
    "a size twice": lambda values: values["sizes"].update({"05": values["sizes"]["5"]}),
    "a size that is none": lambda values: values["sizes"].update({"7": None}),
}


@pytest.mark.parametrize("what", [*BROKEN, *BROKEN_FILES])
def test_what_is_no_study(what: str, tmp_path: Path) -> None:
    file = tmp_path / "cells.json"
    file.write_text(broken(BROKEN[what]) if what in BROKEN else broken_file(BROKEN_FILES[what]))
    with pytest.raises(InputError, match="`python -m gru_viz cells` writes one"):
        read(file)


@pytest.mark.parametrize("text", ["", "[", "null", '{"chance": NaN}', "\x00", "[" * 100_000])
def test_what_is_no_json(text: str, tmp_path: Path) -> None:
    file = tmp_path / "cells.json"
    file.write_text(text)
    with pytest.raises(InputError, match="is not a study"):
        read(file)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read 'cells\.json': No such file"):
        read(tmp_path / "cells.json")


@pytest.mark.parametrize(
    "kind", ["reset before", "reset after", "lstm", "rnn", "one-hot", "two feed-forward"]
)
def test_fingerprints(kind: str) -> None:
    """Oracle: the same numbers, the same fingerprint, whatever a file says of them; one bit more, another."""
    model = random_model(kind)
    before = fingerprint(model.weights())
    model.about = {"note": "another"}
    assert fingerprint(model.weights()) == before
    weights = model.weights()
    bias = weights.layers[-1].b.copy()
    bias[-1] = np.nextafter(bias[-1], 9)
    layers = (*weights.layers[:-1], replace(weights.layers[-1], b=bias))
    assert fingerprint(replace(weights, layers=layers)) != before
