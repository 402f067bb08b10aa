"""Is the experiment with exploding gradients really one of clipping alone?

Oracles: autograd on the first batch, and the step worked out from it by hand: rate · g · min(1, clip / ‖g‖).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from gru_viz.commands import explosion_measures
from gru_viz.commands.explosion_measures import NEVER, PLAIN, SCALE, explosion, run, start
from gru_viz.data import shop
from gru_viz.explain.explosion import FILE, Explosion, read
from gru_viz.explain.explosion_words import TRIAL
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.presets import SHOP_MODEL
from gru_viz.learn.split import Split
from gru_viz.learn.start import new_model
from gru_viz.whole_file import write_json

CLIP = 0.5
SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def split() -> Split:
    log = shop.sessions()
    return Split(log.select(np.arange(256)), log.select(np.arange(19_000, 19_100)), 0, 0)


def gradient(split: Split) -> list[torch.Tensor]:
    """Of the mean loss of all its predictions, by autograd, session by session."""
    model = start(split, "rnn", PLAIN.seed)
    losses = []
    for session in split.train:
        items = torch.tensor(session.items)
        h = model.unroll(items[:-1], [1] * (len(items) - 1))[-1].h
        losses.append(
            torch.nn.functional.cross_entropy(model.score(model.head(h)), items[1:], reduction="none")
        )
    torch.cat(losses).mean().backward()
    return [weight.grad for weight in model.parameters() if weight.grad is not None]


@pytest.mark.parametrize("clip", [CLIP, NEVER])
def test_one_update_is_the_gradient_shortened(split: Split, clip: float) -> None:
    """The norm told is the gradient's own; the weights move by rate · min(‖g‖, clip) against it."""
    once = replace(split, train=split.train.select(np.arange(PLAIN.batch)))  # one batch is one epoch
    grads = gradient(once)
    norm = float(torch.stack([grad.norm() for grad in grads]).norm())
    assert norm > CLIP  # else this would test nothing
    model = start(once, "rnn", PLAIN.seed)
    before = [weight.detach().clone() for weight in model.parameters()]
    config = replace(PLAIN, epochs=1, clip=clip)
    got = run(model, once, config, limit=1.0)
    assert got.norms.tolist() == pytest.approx([norm], rel=1e-4)
    moved = [old - new.detach() for old, new in zip(before, model.parameters(), strict=True)]
    length = float(torch.stack([one.norm() for one in moved]).norm())
    assert length == pytest.approx(config.learning_rate * min(norm, clip), rel=1e-3)
    for one, grad in zip(moved, grads, strict=True):
        expected = grad * config.learning_rate * min(1, clip / norm)
        torch.testing.assert_close(one, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_the_start(split: Split, cell: str) -> None:
    """Oracle: as `new_model` draws it, the recurrent weights twice as large, everything else the same."""
    ours = start(split, cell, 3)
    plain = new_model(split.train, replace(SHOP_MODEL, cell=cell), "random", 3)
    for (name, one), other in zip(ours.named_parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, other * (SCALE if name.endswith("U") else 1.0), rtol=0, atol=0)
    assert ours.config.dropout_embedding == ours.config.dropout_hidden == 0


def test_a_training_that_breaks_down(split: Split) -> None:
    """Oracle: a rate that sends the weights beyond float32 at once; what is no number recommends nothing."""
    config = replace(PLAIN, learning_rate=1e38, clip=NEVER)
    got = run(start(split, "rnn", 0), split, config, limit=0.9)
    assert got.broke == len(got.losses) - 1
    assert 0 < got.broke < 8
    assert np.isnan([got.norms[-1], got.losses[-1]]).all()
    assert np.isfinite(got.losses[:-1]).all()


def test_the_other_starts_had_no_part_in_the_trial() -> None:
    """Oracle: what the page says of it, seeds 0 to 4 and a setting that was found with them."""
    assert "(seeds 0 to 4)" in TRIAL
    assert set(explosion_measures.OTHER_SEEDS).isdisjoint(range(5))
    assert len(explosion_measures.OTHER_SEEDS) == len(read(SAMPLE / FILE).others)


@pytest.fixture(scope="module")
def small(split: Split) -> Explosion:
    """All of it, on few sessions and from one other start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explosion_measures, "OTHER_SEEDS", (1,))
        patch.setattr(explosion_measures, "PLAIN", replace(PLAIN, epochs=1))
        told: list[str] = []
        found = explosion(split, told.append)
    assert len(told) == 3
    return found


def test_only_the_clip_differs(small: Explosion) -> None:
    """Alike up to the first gradient that is clipped, its norm and its loss among them; not after it."""
    for cell, pair in small.pairs.items():
        clipped, free = pair.clipped, pair.free
        over = np.flatnonzero(free.over(small.setting.clip))
        alike = over[0] + 1 if len(over) else len(free.norms)
        assert clipped.norms[:alike].tolist() == free.norms[:alike].tolist()
        assert clipped.losses[:alike].tolist() == free.losses[:alike].tolist()
        if cell == "rnn":
            assert alike < len(free.norms)
            assert clipped.losses[alike] != free.losses[alike]


def test_what_is_said_of_the_setting(small: Explosion, split: Split, tmp_path) -> None:
    """Oracle: the singular values of the drawn matrix, worked out by torch in float64."""
    setting = small.setting
    assert (setting.updates, setting.batch, setting.items, setting.units) == (4, 64, 240, 64)
    assert (setting.clip, setting.rate, setting.scale) == (TrainingConfig().clip, PLAIN.learning_rate, SCALE)
    (layer,) = new_model(split.train, replace(SHOP_MODEL, cell="rnn"), "random", 0).cells
    U = SCALE * layer.U.detach().double()
    assert small.stretch == pytest.approx(float(torch.linalg.svdvals(U)[0]), rel=1e-6)
    assert small.radius == pytest.approx(float(torch.linalg.eigvals(U).abs().max()), rel=1e-6)
    assert small.radius > 1
    assert small.others.shape == (1, 2)
    write_json(tmp_path / "explosion.json", small.to_dict())
    assert read(tmp_path / "explosion.json").setting == setting
