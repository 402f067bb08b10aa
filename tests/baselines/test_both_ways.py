"""Does a model that reads both ways learn what only the clicks after a hidden one tell?

Oracles: logs made so that the answer is known; asking one by one; the same training again.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.baselines.both_ways import LearnedBothWays
from gru_viz.baselines.gradient import Fitting
from gru_viz.both_ways import BothWaysConfig, gap_scores
from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.learn.config import TrainingConfig
from gru_viz.learn.start import new_model
from gru_viz.learn.trainer import train
from gru_viz.model import ModelConfig
from gru_viz.record import record
from gru_viz.sessions import ClickLog, Session

START, FIRST, SECOND, ENDS_FIRST, ENDS_SECOND = range(5)
CATALOG = Catalog(tuple("sabxy"), tuple("sabxy"))
QUICK = Fitting(epochs=30, batch=8, learning_rate=0.05, clip=1.0)


def log_of(*sessions: list[int]) -> ClickLog:
    return ClickLog.from_sessions(CATALOG, [Session(np.array(session)) for session in sessions])


@pytest.fixture(scope="module")
def decided_after() -> ClickLog:
    """s a x or s b y, as often: after s nothing tells a from b, the click after it tells all."""
    return log_of(*[[START, FIRST, ENDS_FIRST], [START, SECOND, ENDS_SECOND]] * 20)


@pytest.fixture(scope="module")
def learned(decided_after: ClickLog) -> LearnedBothWays:
    return LearnedBothWays(BothWaysConfig(8, 8, dropout=0.0), QUICK).fit(decided_after)


def test_it_finds_what_the_click_after_decides(learned: LearnedBothWays, decided_after: ClickLog) -> None:
    """Oracle: the log. Both ways it is certain; forwards nothing is, and both are even."""
    for session in ([START, FIRST, ENDS_FIRST], [START, SECOND, ENDS_SECOND]):
        scores = gap_scores(learned.net, [np.array(session)])
        assert scores.argmax(axis=1).tolist() == session
        assert torch.softmax(torch.from_numpy(scores[1]), 0)[session[1]] > 0.95

    forward = new_model(decided_after, ModelConfig(units=(8,), embedding_dim=8))
    for _ in train(forward, decided_after, TrainingConfig(epochs=30, batch=8, learning_rate=0.05)):
        pass
    after_start = torch.softmax(torch.from_numpy(record(forward, [START]).scores[0].copy()), 0)
    assert after_start[[FIRST, SECOND]].tolist() == pytest.approx([0.5, 0.5], abs=0.1)


def test_live_it_is_no_wiser(learned: LearnedBothWays) -> None:
    """Oracle: with everything after still to come it cannot tell the two apart either."""
    log = log_of([START, FIRST, ENDS_FIRST], [START, SECOND, ENDS_SECOND])
    first, second = learned.score(log, np.array([0, 3]))
    np.testing.assert_array_equal(first, second)


def test_live_scores_are_those_of_a_gap_at_the_end(learned: LearnedBothWays) -> None:
    """Oracle: every click asked by itself, with any item in the gap; all of `predictions` too."""
    log = log_of([START, FIRST, FIRST, ENDS_SECOND], [SECOND, START])
    for scores, predicted in LearnedBothWays.of(learned.net).predictions(log):
        for row, click in zip(scores, predicted.tolist(), strict=True):
            so_far = log.items[0:click] if click < 4 else log.items[4:click]
            asked = gap_scores(learned.net, [np.append(so_far, ENDS_FIRST)])[-1]
            np.testing.assert_allclose(row, asked, rtol=0, atol=1e-6)
        assert predicted.tolist() == [1, 2, 3, 5]


def test_the_same_seed_gives_the_same_weights(decided_after: ClickLog) -> None:
    """Oracle: once more, while somebody else draws random numbers."""

    def weights(seed: int) -> list[torch.Tensor]:
        fitting = Fitting(2, 8, 0.01, seed=seed)
        model = LearnedBothWays(BothWaysConfig(4, 4), fitting)
        for _ in model.fit_steps(decided_after):
            torch.rand(3)
        return [weight.detach() for weight in model.net.parameters()]

    one, again, other = weights(3), weights(3), weights(4)
    assert all(torch.equal(a, b) for a, b in zip(one, again, strict=True))
    assert not torch.equal(one[0], other[0])


def test_every_session_with_two_clicks_is_learned_from_once_an_epoch(decided_after: ClickLog) -> None:
    """Oracle: counted; a session of one click is left out."""
    log = log_of([START], [START, FIRST], [SECOND], [ENDS_FIRST, START, SECOND])
    model = LearnedBothWays(BothWaysConfig(4, 4), Fitting(1, 1, 0.01))
    list(model.fit_steps(log))
    batches = [[session.tolist() for session in batch] for batch in model._batches(np.random.default_rng(0))]
    assert sorted(batches) == [[[START, FIRST]], [[ENDS_FIRST, START, SECOND]]]
    assert model.parameters == sum(weight.numel() for weight in model.net.parameters())


def test_nothing_to_learn_from() -> None:
    with pytest.raises(InputError, match="no session has two clicks"):
        LearnedBothWays().fit(log_of([START], [FIRST]))
