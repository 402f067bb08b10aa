"""Oracle: the sum over pairs in float64 NumPy; two groups of items that never meet in a session."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.baselines.gradient import Fitting
from gru_viz.baselines.mf import MF
from tests.logs import log_of, random_log


def test_items_of_the_sessions_group_score_above_all_others() -> None:
    """Items 0 to 4 and 5 to 9: whatever was clicked, its own group is clicked next."""
    rng = np.random.default_rng(0)
    log = log_of([rng.permutation(5)[:3] + 5 * (number % 2) for number in range(80)], 10)
    mf = MF(8, 8, fitting=Fitting(15, 64, 0.1)).fit(log)
    first, second = mf.score(log_of([[0, 3], [7, 9]], 10), np.array([1, 3]))
    assert first[:5].min() > first[5:].max()
    assert second[5:].min() > second[:5].max()


def test_the_order_of_clicks_does_not_matter() -> None:
    mf = MF(4, 3, fitting=Fitting(1, 64, 0.1)).fit(random_log())
    scores = mf.score(log_of([[1, 2, 3], [3, 1, 2]], 9), np.array([2, 5]))
    np.testing.assert_allclose(scores[0], scores[1], rtol=1e-5)


def test_a_session_is_the_mean_of_its_items() -> None:
    mf = MF(3, 3, fitting=Fitting(1, 64, 0.1)).fit(random_log())
    q = mf.net.weight.detach().double().numpy()
    scores = mf.score(log_of([[1, 2, 2, 5]], 9), np.array([2]))
    np.testing.assert_allclose(scores[0], q @ (q[1] + 2 * q[2]) / 3, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("shrink", [0.0, 0.5])
def test_the_loss_is_that_of_every_pair_that_counts(shrink: float) -> None:
    """An item drawn that the session clicked at all, not only at that click, makes no pair."""
    log = log_of([[0, 1, 0], [2, 3]], 6)
    mf = MF(3, 4, shrink, Fitting(1, 64, 0.1))
    mf.fit(log)
    drawn = np.array([0, 2, 5, 5])
    mf._negatives.draw = lambda targets: type("D", (), {"items": torch.from_numpy(drawn)})()  # type: ignore
    pairs = np.array([0 * 6 + 0, 0 * 6 + 1, 1 * 6 + 3])
    p, q = (table.weight.detach().double().numpy() for table in (mf._sessions, mf.net))
    losses = [
        np.mean([np.log1p(np.exp(p[s] @ (q[j] - q[i]))) for j in kept])
        for s, i, kept in ((0, 0, [2, 5, 5]), (0, 1, [2, 5, 5]), (1, 3, [0, 5, 5]))
    ]
    squares = (p[[0, 0, 1]] ** 2).sum() / 3 + (q[[0, 1, 3]] ** 2).sum() / 3 + (q[drawn] ** 2).sum() / 4
    ours = float(mf._loss(torch.from_numpy(pairs)).detach())
    assert ours == pytest.approx(np.mean(losses) + shrink * squares, rel=1e-5)


def test_every_item_of_a_session_is_learned_once_an_epoch() -> None:
    log = log_of([[0, 1, 0], [2, 3], [4]], 6)
    mf = MF(2, 2, fitting=Fitting(1, 2, 0.1)).fit(log)
    batches = mf._batches(np.random.default_rng(0))
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert sorted(torch.cat(tuple(batches)).tolist()) == [0, 1, 8, 9, 16]
