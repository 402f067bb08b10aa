"""What is lost without a reset: is it what running on really gives?"""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.baselines import Markov
from gru_viz.compare.experiments.reset import FIRST_CLICKS, LEAST_ASKED, by_click, inherited, reset
from gru_viz.learn.evaluation import ModelScorer, conservative_ranks, ranked
from gru_viz.learn.intervals import resampled
from gru_viz.learn.start import new_model
from gru_viz.model import ModelConfig
from gru_viz.record import record
from gru_viz.sessions import ClickLog
from tests.logs import random_log


@pytest.fixture(scope="module")
def log() -> ClickLog:
    return random_log(40, n_items=30)


@pytest.fixture(scope="module")
def model(log):
    return new_model(log, ModelConfig(units=(7,), embedding_dim=6), "random", 3)


def test_after_each_click_as_long_as_enough_sessions_go_on(log, model):
    """Oracle: mean and standard error of the hits' differences, click by click, of 30 sessions or more."""
    scorer = ModelScorer(model)
    fresh, left = ranked(scorer, log), inherited(scorer, log)
    here = by_click(fresh, left, 10)
    asked = [int((log.lengths > click).sum()) for click in range(1, FIRST_CLICKS + 1)]
    enough = [count for count in asked if count >= LEAST_ASKED]
    assert 1 < len(enough) < FIRST_CLICKS
    assert here.asked.tolist() == enough
    for click in range(1, len(enough) + 1):
        at = fresh.position == click
        hits = [(found.ranks[at] <= 10).astype(float) for found in (fresh, left)]
        change = hits[1] - hits[0]
        assert here.fresh[click - 1] == hits[0].mean()
        assert here.left[click - 1] == hits[1].mean()
        half = 1.96 * np.sqrt((change**2).mean() - change.mean() ** 2) / np.sqrt(len(change))
        assert here.low[click - 1] == pytest.approx(change.mean() - half, abs=1e-3)
        assert here.high[click - 1] == pytest.approx(change.mean() + half, abs=1e-3)


def test_a_first_click_is_told_of_few_sessions_later_ones_are_not(log, model):
    few = log.select(np.arange(10))
    scorer = ModelScorer(model)
    here = by_click(ranked(scorer, few), inherited(scorer, few), 20)
    assert here.asked.tolist() == [(few.lengths > 1).sum()]


def test_a_session_goes_on_from_the_one_before(log, model):
    """Oracle: both recorded as one; the first session follows the last."""
    found = inherited(ModelScorer(model), log)
    for number in (0, 1, 17):
        items = log[number].items
        if len(items) < 2:
            continue
        before = log[(number - 1) % len(log)].items
        trace = record(model, np.concatenate([before, items]).tolist())
        expected = conservative_ranks(np.asarray(trace.scores[len(before) : -1]), items[1:])
        assert found.ranks[found.session == number].tolist() == expected.tolist()


def test_the_loss_is_of_all_predictions(log, model):
    """Oracle: both Recalls from their ranks, and the quantiles of the paired differences."""
    scorer = ModelScorer(model)
    fresh, left = ranked(scorer, log), inherited(scorer, log)
    found = reset(scorer, log, fresh)
    assert (found.fresh, found.left) == ((fresh.ranks <= 20).mean(), (left.ranks <= 20).mean())
    assert found.loss.value == pytest.approx(found.fresh - found.left)
    drawn = (resampled(fresh, (20,)) - resampled(left, (20,)))[:, 0, 0]
    assert found.loss.interval == pytest.approx(np.quantile(drawn, [0.025, 0.975]))
    assert len(found.clicks) <= FIRST_CLICKS
    assert all(one.asked >= LEAST_ASKED for one in found.clicks)
    assert found.clicks[0].asked == int((log.lengths > 1).sum())


def test_a_model_without_memory_loses_nothing(log):
    """A Markov chain looks at one click, and that one is its own session's."""
    scorer = Markov().fit(log)
    found = reset(scorer, log, ranked(scorer, log))
    assert found.loss == type(found.loss)(0.0, 0.0, 0.0)
    assert all(one.left == one.fresh for one in found.clicks)
