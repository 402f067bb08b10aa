"""Clipping and sizes: is nothing but the one thing changed, and is what is there not trained again?"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TypeVar

import pytest
import torch

from gru_viz.compare import contenders
from gru_viz.compare.contenders import Learned, Step, gru4rec, learned, training_of
from gru_viz.compare.experiments import clipping
from gru_viz.compare.experiments.clipping import NEVER, sound, unclipped
from gru_viz.compare.experiments.sizes import sizes, units_tried
from gru_viz.learn.config import PRESETS, Preset
from gru_viz.learn.evaluation import ranked
from gru_viz.learn.intervals import intervals
from gru_viz.learn.split import split_by_time
from gru_viz.learn.trainer import Trainer
from tests.logs import memory_log

T = TypeVar("T")
UNITS = 16


def ended(steps: Generator[Step, None, T]) -> tuple[T, list[float]]:
    """What comes out, and the shares of it that were told to be done."""
    done = []
    while True:
        try:
            done.append(next(steps).done)
        except StopIteration as stop:
            return stop.value, done


@pytest.fixture(scope="module")
def split():
    return split_by_time(memory_log(80), 0.3)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A preset that trains in a moment and whose clip is met: 16 units, norms beyond .05."""
    quick = PRESETS["quick"]
    shape = {**quick.model, "units": (UNITS,), "embedding_dim": UNITS}
    training = replace(quick.training, batch=16, clip=0.05, epochs=2)
    monkeypatch.setattr(contenders, "PRESETS", {"quick": Preset(shape, training)})


def trained(split, cell="gru") -> tuple[Learned, object]:
    model, _ = ended(learned(cell, split.train, 0, "quick"))
    return model, ranked(model.scorer, split.test)


@pytest.mark.parametrize("cell", ["gru", "rnn"])
def test_without_a_clip_only_the_steps_differ(split, cell):
    """Oracle: the first update sees the same model and batch, so the same norm; later ones differ."""
    model, ranks = trained(split, cell)
    shape, training = training_of(cell, len(split.train.catalog), 0, "quick")
    norms: list[float] = []
    ended(gru4rec(split.train, shape, replace(training, clip=NEVER), norms))
    assert norms[0] == model.norms[0]
    assert norms[1:] != list(model.norms[1:])
    found, done = ended(unclipped(cell, model, ranks, split.train, split.test, 0, "quick"))
    assert found.usual_without == pytest.approx(torch.tensor(norms, dtype=torch.float64).quantile(0.5).item())
    assert found.largest_without == max(norms)
    assert found.largest == max(model.norms)
    assert found.shortened == sum(norm > 0.05 for norm in model.norms) / len(model.norms) > 0
    assert found.loss is not None
    assert found.loss.value == pytest.approx(found.recall - found.without)
    assert done == sorted(done)
    assert done[-1] == 1


def test_a_gradient_is_really_left_as_it_is(split):
    """Oracle: autograd's own gradient, before the update and after it, on one batch."""
    shape, training = training_of("gru", len(split.train.catalog), 0, "quick")
    seen = {}
    for clip in (training.clip, NEVER):
        from gru_viz.learn.start import new_model

        model = new_model(split.train, shape, training.start, 0)
        trainer = Trainer(model, split.train, replace(training, clip=clip))
        at = next(iter(trainer.epochs()))
        after = torch.linalg.vector_norm(
            torch.stack([p.grad.norm() for p in model.parameters() if p.grad is not None])
        )
        seen[clip] = (at.gradient_norm, float(after))
    (norm, shortened), (same, whole) = seen[training.clip], seen[NEVER]
    assert norm == same > training.clip
    assert shortened == pytest.approx(training.clip, rel=1e-4)
    assert whole == pytest.approx(norm, rel=1e-5)


def test_where_no_gradient_is_longer_than_the_clip_nothing_changes(split, monkeypatch):
    """Oracle: the training that is spared, made here; the same ranks, prediction by prediction."""
    quick = contenders.PRESETS["quick"]
    wide = Preset(quick.model, replace(quick.training, clip=1e6))
    monkeypatch.setattr(contenders, "PRESETS", {"quick": wide})
    model, ranks = trained(split)
    found, _ = ended(unclipped("gru", model, ranks, split.train, split.test, 0, "quick"))
    assert found.shortened == 0
    assert (found.loss.value, found.loss.low, found.loss.high) == (0, 0, 0)
    assert found.usual == found.usual_without
    shape, training = training_of("gru", len(split.train.catalog), 0, "quick")
    again, _ = ended(gru4rec(split.train, shape, replace(training, clip=NEVER)))
    assert (ranked(again.scorer, split.test).ranks == ranks.ranks).all()


def test_a_training_that_breaks_down_is_a_result(split, monkeypatch):
    """A rate beyond sense: the loss becomes no number, or the weights do; either way nothing is left."""
    model, ranks = trained(split)
    quick = contenders.PRESETS["quick"]
    wild = Preset(quick.model, replace(quick.training, learning_rate=1e38))
    monkeypatch.setattr(contenders, "PRESETS", {"quick": wild})
    found, _ = ended(unclipped("gru", model, ranks, split.train, split.test, 0, "quick"))
    assert (found.without, found.loss) == (None, None)
    assert found.largest_without <= NEVER


def test_weights_that_are_no_numbers_are_not_ranked(split):
    model, _ = trained(split)
    assert sound(model)
    with torch.no_grad():
        model.scorer.model.output_bias[0] = float("nan")
    assert not sound(model)


def test_a_training_that_ends_with_such_weights_broke_down(split, monkeypatch):
    model, ranks = trained(split)
    monkeypatch.setattr(clipping, "sound", lambda learned: False)
    found, _ = ended(unclipped("gru", model, ranks, split.train, split.test, 0, "quick"))
    assert (found.without, found.loss) == (None, None)


def test_sizes_double_up_to_twice_the_presets_own():
    assert units_tried(100) == (8, 16, 32, 64, 100, 200)
    assert units_tried(64) == (8, 16, 32, 64, 128)
    assert units_tried(8) == (8, 16)
    assert units_tried(5) == (5, 10)


def test_the_presets_own_size_is_not_trained_again(split, monkeypatch):
    """Oracle: which sizes are built; figures of its ranks; a training of 8 units made here."""
    model, ranks = trained(split)
    built = []
    whole = gru4rec

    def counted(log, shape, training, norms=None):
        built.append((shape.units, shape.embedding_dim))
        return whole(log, shape, training, norms)

    monkeypatch.setattr("gru_viz.compare.experiments.sizes.gru4rec", counted)
    found, done = ended(sizes(model, ranks, 1.5, split.train, split.test, 0, "quick"))
    assert built == [((8,), 8), ((32,), 32)]
    assert [one.units for one in found] == [8, 16, 32]
    own = found[1]
    assert (own.recall, own.seconds, own.parameters) == ((ranks.ranks <= 20).mean(), 1.5, model.parameters)
    assert own.interval == intervals(ranks, (20,)).recall[20]
    shape, training = training_of("gru", len(split.train.catalog), 0, "quick")
    small, _ = ended(whole(split.train, replace(shape, units=(8,), embedding_dim=8), training))
    assert found[0].recall == (ranked(small.scorer, split.test).ranks <= 20).mean()
    assert found[0].parameters == small.parameters
    assert min(one.loss.value for one in found) == 0
    assert all(one.loss.low <= one.loss.value <= one.loss.high for one in found)
    assert done == sorted(done)


def test_other_faults_are_not_swallowed(split, monkeypatch):
    def broken(*args, **more):
        raise RuntimeError
        yield

    model, ranks = trained(split)
    monkeypatch.setattr(clipping, "gru4rec", broken)
    with pytest.raises(RuntimeError):
        ended(unclipped("gru", model, ranks, split.train, split.test, 0, "quick"))
