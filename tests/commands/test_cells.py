"""`cells`: trains and measures on a shop made small; what ships was made by the same command.

Oracles: the shop's process for what ships; torch's parameter counts; the model's own scores.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.baselines import Markov
from gru_viz.checkpoint import save
from gru_viz.commands import cell_measures, cells, shop_quality, shop_training
from gru_viz.commands.shop_quality import baseline_scores, chance, detour_counts, fresh_detours, model_scores
from gru_viz.compare.experiments.reset import FIRST_CLICKS
from gru_viz.data import shop
from gru_viz.explain import cell_studies
from gru_viz.explain.cell_studies import FILE, FOLDER, SIZES, model_file, read
from gru_viz.explain.cell_study import CELL_ORDER, fingerprint, kind
from gru_viz.explain.detours import is_chance
from gru_viz.learn import presets
from gru_viz.learn.split import Split
from tests.cli import Output, document, ran, refused
from tests.models import random_model

SAMPLE = Path(__file__).parents[2] / "sample_data"
FEW_SIZES = (64, 3)
LIKELY = fresh_detours  # as it is, while tests put a smaller one in its place


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """200 sessions, one epoch, few fresh sessions, no other file of the page: seconds instead of minutes."""
    log = shop.sessions()
    split = Split(log.select(np.arange(200)), log.select(np.arange(19_000, 19_200)), 0, 0)
    monkeypatch.setattr(shop_training, "shop_split", lambda: split)
    few = fresh_detours(200)
    for module in (cell_measures, shop_quality):
        monkeypatch.setattr(module, "fresh_detours", lambda *_: few)
    monkeypatch.setattr(cell_measures, "TIMED_ROUNDS", 2)
    monkeypatch.setattr(cell_measures, "GRADIENT_SESSIONS", 3)
    monkeypatch.setattr(cell_measures, "SASREC_FITTING", replace(cell_measures.SASREC_FITTING, epochs=1))
    monkeypatch.setattr(cell_studies, "SIZES", FEW_SIZES)
    short = {
        cell: replace(preset, training=replace(preset.training, epochs=1))
        for cell, preset in presets.SHOP_CELLS.items()
    }
    monkeypatch.setattr(presets, "SHOP_CELLS", short)
    for part in ("_both_ways", "_explosion"):  # each has a test of its own
        monkeypatch.setattr(cells, part, lambda *_: cells.Written("another.json", {}, []))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(gru_viz.load(SAMPLE), tmp_path / "model.safetensors")
    return tmp_path


def test_it_trains_measures_and_writes(output: Output, small: None, folder: Path) -> None:
    told = document(output, "cells", "--out", folder)
    studies = read(folder / FILE)
    assert told["cells"] == json.loads((folder / FILE).read_text())
    assert told["another"] == {}
    assert tuple(studies.by_size) == FEW_SIZES
    for units, study in studies.by_size.items():
        assert tuple(study.facts) == CELL_ORDER
        for cell, facts in study.facts.items():
            model = gru_viz.load(model_file(folder, cell, units))
            assert (model.config.cell, model.config.units) == (kind(cell), (units,))
            assert model.config.reset == ("after" if cell == "gru_after" else "before")
            assert facts.parameters == sum(weight.numel() for weight in model.parameters())
            blocks = {"rnn": 1, "lstm": 4}.get(cell, 3)
            inner = units * (cell == "gru_after")  # the bias inside the reset product
            assert facts.recurrent == blocks * units * (64 + units + 1) + inner
            assert facts.digest == fingerprint(model.weights())
            ships = (cell, units) == ("gru", 64)
            assert facts.epochs == (16 if ships else 1)
            assert 0 <= facts.low <= facts.recall <= facts.high
            assert facts.step_seconds > 0
            assert study.trained[cell].median[0] == study.untrained[cell].median[0] == 1
            assert len(study.trained[cell].median) == cell_measures.FURTHEST + 1
            if not ships:
                assert model.about["quality"]["share_of_limit"] == pytest.approx(facts.recall, abs=1e-6)
        assert study.sessions == 3
        assert study.chance == 1 / 8


def test_measuring_alone_trains_nothing(output: Output, small: None, folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(cell_studies, "SIZES", (64,))
    shutil.copytree(SAMPLE / FOLDER, folder / FOLDER)
    code, out, err = ran(output, "cells", "--out", folder, "--measure")
    assert code == 0
    assert "epoch" not in err
    assert "the lens that fits is put first" in out
    assert "GRU, reset after, 64 units: Recall@10" in out
    written, shipped = (read(file / FILE).by_size[64] for file in (folder, SAMPLE))
    assert {cell: one.digest for cell, one in written.facts.items()} == {
        cell: one.digest for cell, one in shipped.facts.items()
    }


def test_measuring_what_is_not_there(output: Output, small: None, folder: Path) -> None:
    assert "there is no file" in refused(output, "cells", "--out", folder, "--measure")
    assert not (folder / FILE).exists()


def test_without_the_gru_nothing_is_trained(output: Output, tmp_path: Path) -> None:
    assert "there is no file" in refused(output, "cells", "--out", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_model_of_another_shop(output: Output, small: None, tmp_path: Path) -> None:
    save(random_model(), tmp_path / "model.safetensors")
    assert "`python -m gru_viz sample --model`" in refused(output, "cells", "--out", tmp_path)
    assert not (tmp_path / FOLDER).exists()


def test_a_place_that_cannot_be(output: Output, small: None, folder: Path) -> None:
    (folder / FOLDER).write_text("")
    assert "choose another --out" in refused(output, "cells", "--out", folder)


def test_a_state_that_is_not_reset() -> None:
    """Oracle: recorded one by one, each session behind the one before it, and ranks counted there."""
    log = shop.sessions().select(np.arange(40, 52))
    model = gru_viz.load(SAMPLE)
    got = cell_measures._leftover(model, log)
    fresh: dict[int, list[bool]] = {}
    left: dict[int, list[bool]] = {}
    for number, session in enumerate(log):
        before = log[(number - 1) % len(log)].items
        alone = gru_viz.record(model, session)
        after = gru_viz.record(model, [*before.tolist(), *session.items.tolist()])
        for step, item in enumerate(session.items[1:].tolist()):
            fresh.setdefault(step + 1, []).append((alone.rank(item, step) or 999) <= 10)
            left.setdefault(step + 1, []).append((after.rank(item, step + len(before)) or 999) <= 10)
    clicks = range(1, len(got.asked) + 1)
    assert len(got.asked) == min(FIRST_CLICKS, max(fresh))
    assert got.asked.tolist() == [len(fresh[click]) for click in clicks]
    assert got.fresh.tolist() == pytest.approx([np.mean(fresh[click]) for click in clicks])
    assert got.left.tolist() == pytest.approx([np.mean(left[click]) for click in clicks])


# --- what ships


def test_the_figures_are_of_the_models_that_ship() -> None:
    studies = read(SAMPLE / FILE)
    assert tuple(studies.by_size) == SIZES
    for units, study in studies.by_size.items():
        for cell in CELL_ORDER:
            file = model_file(SAMPLE, cell, units)
            model = gru_viz.load(file)
            assert study.facts[cell].digest == fingerprint(model.weights())
            preset = presets.shop_cell(cell, units)
            assert model.config == preset.model
            assert file.stat().st_size < 280_000
            if file.parent.name == FOLDER:
                assert model.about["training"]["settings"] == preset.training.to_dict()


def test_the_large_ones_remember_and_the_others_do_not() -> None:
    studies = read(SAMPLE / FILE)
    study = studies.by_size[SIZES[0]]
    for cell in ("gru", "lstm", "gru_after"):
        assert list(study.detours[cell].lengths) == list(range(1, 21))
        assert study.detours[cell].shares.min() >= 0.95
    assert study.detours["rnn"].shares[0] > 0.9
    assert is_chance(study.detours["rnn"], study.chance)[9:].mean() >= 0.8
    assert is_chance(study.detours["markov"], study.chance).mean() >= 0.8


def test_the_smallest_gru_does_not_remember() -> None:
    """What the page's switch is there to show."""
    study = read(SAMPLE / FILE).by_size[SIZES[-1]]
    assert is_chance(study.detours["gru"], study.chance)[9:].mean() >= 0.8
    assert study.detours["gru_after"].shares.max() < 0.6


def test_the_counts_are_true() -> None:
    """Oracle: asked one by one, on sessions drawn with another seed."""
    found = LIKELY(600, seed=11)
    lenses = [int(lens) for lens in shop.lens_indices()]
    model = gru_viz.load(model_file(SAMPLE, "rnn", 64))
    markov = Markov().fit(shop.sessions())
    followed = np.zeros((240, 240))
    for session in shop.sessions():
        np.add.at(followed, (session.items[:-1], session.items[1:]), 1)
    expected: dict[str, dict[int, list[int]]] = {"rnn": {}, "markov": {}}
    for items, detour in found:
        so_far = items[: detour.lens_step]
        scores = {"rnn": gru_viz.record(model, so_far.tolist()).scores[-1]}
        scores["markov"] = followed[so_far[-1]] + markov.share
        for name, row in scores.items():
            best = max(lenses, key=lambda lens: row[lens])
            hit = shop.mount_of(best) == detour.mount
            right = expected[name].setdefault(detour.length, [0, 0])
            right[0] += hit
            right[1] += 1
    for name, scorer in (("rnn", model_scores(model)), ("markov", baseline_scores(markov, shop.catalog()))):
        assert detour_counts(scorer, found) == {
            length: tuple(counts) for length, counts in sorted(expected[name].items())
        }
    assert chance(found) == 3 / 24
