"""`cells`: trains and measures on a shop made small; what ships was made by the same command.

Oracles: the shop's process for what ships; torch's parameter counts; the model's own scores.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gru_viz
from gru_viz.baselines import Markov
from gru_viz.checkpoint import save
from gru_viz.commands import cell_measures, shop_quality, shop_training
from gru_viz.commands.shop_quality import baseline_scores, chance, detour_counts, fresh_detours, model_scores
from gru_viz.data import shop
from gru_viz.explain.cell_study import CELL_ORDER, FILE, FOLDER, fingerprint, read
from gru_viz.explain.detours import is_chance
from gru_viz.learn import presets
from gru_viz.learn.split import Split
from tests.cli import Output, document, ran, refused
from tests.models import random_model

SAMPLE = Path(__file__).parents[2] / "sample_data"
LIKELY = fresh_detours  # as it is, while tests put a smaller one in its place


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """400 sessions, two epochs, few fresh sessions: seconds instead of minutes."""
    log = shop.sessions()
    split = Split(log.select(np.arange(400)), log.select(np.arange(19_000, 19_400)), 0, 0)
    monkeypatch.setattr(shop_training, "shop_split", lambda: split)
    few = fresh_detours(200)
    for module in (cell_measures, shop_quality):
        monkeypatch.setattr(module, "fresh_detours", lambda *_: few)
    monkeypatch.setattr(cell_measures, "TIMED_ROUNDS", 2)
    monkeypatch.setattr(cell_measures, "GRADIENT_SESSIONS", 3)
    for name in ("SHOP_LSTM", "SHOP_RNN"):
        preset = getattr(presets, name)
        monkeypatch.setattr(presets, name, replace(preset, training=replace(preset.training, epochs=2)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(gru_viz.load(SAMPLE), tmp_path / "model.safetensors")
    return tmp_path


def test_it_trains_measures_and_writes(output: Output, small: None, folder: Path) -> None:
    told = document(output, "cells", "--out", folder)
    study = read(folder / FILE)
    assert {name: value for name, value in told.items() if name != "out"} == json.loads(
        (folder / FILE).read_text()
    )
    for cell in CELL_ORDER:
        file = folder / "model.safetensors" if cell == "gru" else folder / FOLDER / f"{cell}.safetensors"
        model, facts = gru_viz.load(file), study.facts[cell]
        assert model.config.cell == cell
        assert facts.parameters == sum(weight.numel() for weight in model.parameters())
        assert facts.recurrent == {"rnn": 1, "lstm": 4, "gru": 3}[cell] * (64 * 64 + 64 * 64 + 64)
        assert facts.digest == fingerprint(model.weights())
        assert facts.epochs == {"gru": 16}.get(cell, 2)
        assert 0 <= facts.low <= facts.recall <= facts.high
        assert facts.step_seconds > 0
        assert study.trained[cell].median[0] == study.untrained[cell].median[0] == 1
        assert len(study.trained[cell].median) == cell_measures.FURTHEST + 1
        if cell != "gru":
            assert model.about["quality"]["share_of_limit"] == pytest.approx(facts.recall, abs=1e-6)
    assert study.sessions == 3
    assert study.chance == 1 / 8


def test_measuring_alone_trains_nothing(output: Output, small: None, folder: Path) -> None:
    (folder / FOLDER).mkdir()
    for cell in ("rnn", "lstm"):
        save(gru_viz.load(SAMPLE / FOLDER / f"{cell}.safetensors"), folder / FOLDER / f"{cell}.safetensors")
    code, out, err = ran(output, "cells", "--out", folder, "--measure")
    assert code == 0
    assert "epoch" not in err
    assert "the lens that fits is put first" in out
    assert read(folder / FILE).facts["lstm"].digest == read(SAMPLE / FILE).facts["lstm"].digest


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
    assert len(got.asked) == min(cell_measures.FIRST_CLICKS, max(fresh))
    assert got.asked.tolist() == [len(fresh[click]) for click in clicks]
    assert got.fresh.tolist() == pytest.approx([np.mean(fresh[click]) for click in clicks])
    assert got.left.tolist() == pytest.approx([np.mean(left[click]) for click in clicks])


# --- what ships


def test_the_figures_are_of_the_models_that_ship() -> None:
    study = read(SAMPLE / FILE)
    for cell in CELL_ORDER:
        file = SAMPLE if cell == "gru" else SAMPLE / FOLDER / f"{cell}.safetensors"
        model = gru_viz.load(file)
        assert study.facts[cell].digest == fingerprint(model.weights())
        if cell != "gru":
            preset = {"lstm": presets.SHOP_LSTM, "rnn": presets.SHOP_RNN}[cell]
            assert model.config == preset.model
            assert model.about["training"]["settings"] == preset.training.to_dict()


def test_gru_and_lstm_remember_and_the_others_do_not() -> None:
    study = read(SAMPLE / FILE)
    for cell in ("gru", "lstm"):
        assert list(study.detours[cell].lengths) == list(range(1, 21))
        assert study.detours[cell].shares.min() >= 0.95
    assert study.detours["rnn"].shares[0] > 0.9
    assert is_chance(study.detours["rnn"], study.chance)[9:].mean() >= 0.8
    assert is_chance(study.detours["markov"], study.chance).mean() >= 0.8


def test_the_counts_are_true() -> None:
    """Oracle: asked one by one, on sessions drawn with another seed."""
    found = LIKELY(600, seed=11)
    lenses = [int(lens) for lens in shop.lens_indices()]
    model = gru_viz.load(SAMPLE / FOLDER / "rnn.safetensors")
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
