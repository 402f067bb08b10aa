"""Oracle: the sum over pairs in float64 NumPy; patterns that only one of its two parts can know."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.baselines.fpmc import FPMC
from gru_viz.baselines.gradient import Fitting
from gru_viz.learn.evaluation import evaluate
from tests.baselines.tiny import before_last_log, cyclic_log
from tests.logs import log_of, random_log


def test_a_cyclic_chain_is_known_from_the_last_click() -> None:
    log = cyclic_log()
    assert evaluate(FPMC(8, 4, fitting=Fitting(40, 40, 0.05)).fit(log), log, (1,)).recall[1] == 1.0


def test_what_the_last_click_does_not_tell_the_session_does() -> None:
    """After 2 comes 3 or 4, as 0 or 1 was clicked before: no chain of first order can tell."""
    log = before_last_log()
    fpmc = FPMC(8, 4, fitting=Fitting(40, 40, 0.05)).fit(log)
    scores = fpmc.score(log, np.array([1, 4]))
    assert scores.argmax(axis=1).tolist() == [3, 4]


def test_scores_are_the_two_parts() -> None:
    fpmc = FPMC(3, 3, fitting=Fitting(1, 64, 0.1)).fit(random_log())
    taste, last, after = (
        t.weight.detach().double().numpy() for t in (fpmc.net.taste, fpmc.net.last, fpmc.net.after)
    )
    scores = fpmc.score(log_of([[1, 2, 2, 5], [7]], 9), np.array([2, 4]))
    np.testing.assert_allclose(
        scores[0], taste @ (taste[1] + 2 * taste[2]) / 3 + after @ last[2], rtol=1e-5, atol=1e-7
    )
    np.testing.assert_allclose(scores[1], taste @ taste[7] + after @ last[7], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("shrink", [0.0, 0.5])
def test_the_loss_is_that_of_every_pair_that_counts(shrink: float) -> None:
    log = log_of([[0, 1, 3], [2, 4]], 6)
    fpmc = FPMC(3, 3, shrink, Fitting(1, 64, 0.1)).fit(log)
    drawn = np.array([3, 5, 0])
    fpmc._negatives.draw = lambda targets: type("D", (), {"items": torch.from_numpy(drawn)})()  # type: ignore
    taste, last, after = (
        t.weight.detach().double().numpy() for t in (fpmc.net.taste, fpmc.net.last, fpmc.net.after)
    )
    s = np.stack([(taste[0] + taste[1]) / 2, taste[2]])
    l, items = last[[1, 2]], [3, 4]  # noqa: E741
    x = s @ taste.T + l @ after.T
    losses = [
        np.mean([np.log1p(np.exp(x[row, j] - x[row, i])) for j in drawn if j != i])
        for row, i in enumerate(items)
    ]
    squares = sum((t[[*items]] ** 2).sum() / 2 + (t[drawn] ** 2).sum() / 3 for t in (taste, after))
    squares += ((s**2).sum() + (l**2).sum()) / 2
    ours = float(fpmc._loss(np.array([2, 4])).detach())
    assert ours == pytest.approx(np.mean(losses) + shrink * squares, rel=1e-5)


def test_every_click_but_a_sessions_first_is_learned_once_an_epoch() -> None:
    fpmc = FPMC(2, 2, fitting=Fitting(1, 2, 0.1)).fit(log_of([[0, 1, 0], [2, 3], [4]], 6))
    batches = fpmc._batches(np.random.default_rng(0))
    assert [len(batch) for batch in batches] == [2, 1]
    assert sorted(np.concatenate(batches).tolist()) == [1, 2, 4]
