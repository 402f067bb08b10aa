"""Do all baselines that learn by gradient keep the same promises? Oracle: fitted and asked twice."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from gru_viz.baselines import base
from gru_viz.baselines.bert4rec import BERT4Rec
from gru_viz.baselines.both_ways import LearnedBothWays
from gru_viz.baselines.gradient import FitProgress, Fitting, LearnedByGradient
from gru_viz.baselines.learned import LEARNED
from gru_viz.baselines.sasrec import SASRec
from gru_viz.both_ways import BothWaysConfig
from gru_viz.errors import InputError
from gru_viz.learn.evaluation import ranked
from gru_viz.sessions import ClickLog
from tests.baselines.tiny import TINY
from tests.logs import log_of, random_log

LOG = random_log(30, 9)
every_model = pytest.mark.parametrize("name", TINY)
_fitted: dict[str, LearnedByGradient[Any]] = {}


def fitted(name: str) -> LearnedByGradient[Any]:
    """Fitted to LOG, once for all tests; they only score."""
    if name not in _fitted:
        _fitted[name] = TINY[name](0).fit(LOG)
    return _fitted[name]


def scores(model: LearnedByGradient[Any], log: ClickLog = LOG) -> np.ndarray:
    return model.score(log, np.arange(log.n_clicks))


def test_all_of_them_are_tested() -> None:
    assert [model.name for model in LEARNED] == list(TINY)


@every_model
def test_the_same_seed_gives_the_same_scores_and_disturbs_nobody(name: str) -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    again = TINY[name](0)
    for _ in again.fit_steps(LOG):
        again.score(LOG, np.arange(3))  # whoever watches may score
    torch.testing.assert_close(torch.rand(3), expected, rtol=0, atol=0)
    np.testing.assert_array_equal(scores(again), scores(fitted(name)))
    assert not np.allclose(scores(TINY[name](1).fit(LOG)), scores(fitted(name)))


@every_model
def test_fitting_again_forgets(name: str) -> None:
    again = TINY[name](0).fit(random_log(20, 5, seed=1)).fit(LOG)
    np.testing.assert_array_equal(scores(again), scores(fitted(name)))


@every_model
def test_fitting_tells_where_it_stands(name: str) -> None:
    steps = list(TINY[name](0).fit_steps(LOG))
    assert all(isinstance(step, FitProgress) and np.isfinite(step.loss) for step in steps)
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    assert {step.epoch for step in steps} == {1, 2} == {step.epochs for step in steps} | {1}
    assert (steps[-1].done, steps[-1].seconds_left) == (steps[-1].of, 0.0)
    assert all(step.events_per_s > 0 and step.done <= step.of for step in steps)


@every_model
def test_a_cancelled_fit_can_score(name: str) -> None:
    model = TINY[name](0)
    next(model.fit_steps(LOG))
    first = scores(model)
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, scores(model))  # no dropout


@every_model
def test_learning_makes_the_loss_smaller(name: str) -> None:
    model = TINY[name](0)
    model.fitting = dataclasses.replace(model.fitting, epochs=8)
    losses = [step.loss for step in model.fit_steps(log_of([[0, 1, 2, 3]] * 40))]
    assert losses[-1] < 0.9 * losses[0]


@every_model
@pytest.mark.parametrize("block", [1, 10**7])
def test_every_click_with_a_next_one_is_predicted_once_whatever_the_blocks(
    monkeypatch: pytest.MonkeyPatch, name: str, block: int
) -> None:
    """`ranked` raises for a click left out or predicted twice."""
    expected = ranked(fitted(name), LOG).ranks
    monkeypatch.setattr(base, "BLOCK_SCORES", block)
    np.testing.assert_array_equal(ranked(fitted(name), LOG).ranks, expected)


@every_model
def test_scores_depend_on_the_clicks_of_the_session_so_far_alone(name: str) -> None:
    """Oracle: each beginning of each session as a log of its own."""
    together = scores(fitted(name))
    for session, first in zip(LOG, LOG.offsets[:-1], strict=True):
        for last in range(len(session)):
            alone = log_of([session.items[: last + 1]], 9)
            np.testing.assert_allclose(
                fitted(name).score(alone, np.array([last]))[0], together[first + last], atol=1e-6
            )


@every_model
def test_of_a_long_session_the_last_clicks_count(name: str) -> None:
    longest = {"mf": 50, "fpmc": 50, "sasrec": 6, "bert4rec": 5}[name]
    items = np.random.default_rng(0).integers(9, size=400)
    whole = fitted(name).score(log_of([items], 9), np.array([399]))
    for kept, same in ((longest, True), (longest - 1, False)):
        end = fitted(name).score(log_of([items[-kept:]], 9), np.array([kept - 1]))
        assert np.allclose(whole, end, atol=1e-6) == same


@every_model
def test_a_long_session_is_learned_too(name: str) -> None:
    items = np.random.default_rng(0).integers(9, size=400)
    assert np.isfinite(scores(TINY[name](0).fit(log_of([items, [1, 2]], 9)))).all()


@every_model
def test_parameters_are_counted(name: str) -> None:
    block = 4 * (16 * 16 + 16) + 2 * 4 * 16 * 16 + 4 * 16 + 16 + 2 * 2 * 16
    transformer = (10 + 6 + 9) * 16 + block + 2 * 16 + 9
    expected = {"mf": 9 * 4, "fpmc": 3 * 9 * 4, "sasrec": transformer, "bert4rec": transformer}
    assert fitted(name).parameters == expected[name]
    assert TINY[name](0).parameters == 0


@every_model
@pytest.mark.parametrize("log", [log_of([[0, 0], [0]]), log_of([[0, 1]]), log_of([[1, 0], [1]], 40)])
def test_the_smallest_logs_are_learned(name: str, log: ClickLog) -> None:
    model = TINY[name](0).fit(log)
    assert scores(model, log).shape == (log.n_clicks, len(log.catalog))
    assert np.isfinite(scores(model, log)).all()


@every_model
def test_a_log_without_a_next_click_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="no session has two clicks"):
        TINY[name](0).fit(log_of([[0], [1]]))


@every_model
def test_a_log_of_another_catalogue_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="catalogue of the model"):
        ranked(fitted(name), random_log(10, 7))


@every_model
def test_a_loss_that_is_no_number_is_said(name: str) -> None:
    model = TINY[name](0)
    model.fitting = Fitting(epochs=20, batch=4, learning_rate=1e37)
    with pytest.raises(InputError, match=rf"the loss of {name} became .* smaller learning rate"):
        model.fit(LOG)


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"batch": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"clip": 0.0},
        {"seed": -1},
    ],
)
def test_fitting_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        Fitting(**{"epochs": 1, "batch": 1, "learning_rate": 0.1} | wrong)


def longest_gradients(model: LearnedByGradient[Any]) -> list[float]:
    """The length of the gradient that each update was made with."""
    lengths = []
    for _ in model.fit_steps(LOG):
        gradients = [weights.grad for weights in model.net.parameters() if weights.grad is not None]
        lengths.append(float(torch.cat([gradient.to_dense().flatten() for gradient in gradients]).norm()))
    return lengths


CLIPPED: dict[str, Callable[[], LearnedByGradient[Any]]] = {
    **{name: functools.partial(TINY[name], 0) for name in ("sasrec", "bert4rec")},
    "both-ways": lambda: LearnedBothWays(BothWaysConfig(4, 4), Fitting(2, 8, 0.01, clip=1.0)),
}


@pytest.mark.parametrize("name", CLIPPED)
def test_a_long_gradient_is_shortened(name: str) -> None:
    """Oracle: its length, when the update is done. Never to what is longer than it is."""
    model = CLIPPED[name]()
    assert math.isfinite(model.fitting.clip)
    model.fitting = dataclasses.replace(model.fitting, clip=math.inf)
    free = longest_gradients(model)
    clip = free[0] / 4
    model.fitting = dataclasses.replace(model.fitting, clip=clip)
    shortened = longest_gradients(model)
    assert shortened[0] == pytest.approx(clip, rel=1e-4)
    assert max(shortened) < 1.001 * clip
    model.fitting = dataclasses.replace(model.fitting, clip=4 * max(free))
    assert longest_gradients(model) == pytest.approx(free, rel=1e-6)


@pytest.mark.parametrize("model", [SASRec, BERT4Rec, LearnedBothWays])
def test_who_reads_with_a_deep_net_shortens_its_gradients_unless_told(
    model: type[LearnedByGradient[Any]],
) -> None:
    assert model().fitting.clip == 1.0
