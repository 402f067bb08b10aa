"""Does a model that waits wait, one that does not not, and are both left as they were?"""

from __future__ import annotations

import numpy as np
import pytest
import torch

from gru_viz.baselines.sasrec import SASRec
from gru_viz.compare.experiments import waiting as experiment
from gru_viz.compare.experiments.waiting import CLICKS, LENGTHS, waiting
from gru_viz.learn.start import new_model
from gru_viz.model import ModelConfig
from tests.logs import random_log


@pytest.fixture(scope="module")
def pair():
    log = random_log(20)
    sasrec = SASRec()
    next(iter(sasrec.fit_steps(log)))
    sasrec.net.eval()
    return new_model(log, ModelConfig(units=(8,), embedding_dim=6)), sasrec


def test_each_is_timed_at_each_length_and_left_as_it_was(pair, monkeypatch):
    """Oracle: weights, gradients, mode and random numbers before and after."""
    monkeypatch.setattr(experiment, "ROUNDS", 2)
    model, sasrec = pair
    model.eval()
    before = [p.detach().clone() for p in (*model.parameters(), *sasrec.net.parameters())]
    torch.manual_seed(5)
    state = torch.get_rng_state()
    found = waiting(model, sasrec)
    assert torch.equal(torch.get_rng_state(), state)
    after = [*model.parameters(), *sasrec.net.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert all(p.grad is None for p in after)
    assert not model.training
    assert not sasrec.net.training
    assert (found.clicks, found.lengths) == (CLICKS, LENGTHS)
    for one in found.paces:
        assert len(one.slower) == len(LENGTHS)
        assert one.slower[0].value == 1
        assert one.factor.low <= one.factor.high


def test_the_same_clicks_at_every_length(pair):
    """Oracle: rows of the recurrent layer and of attention; every length divides the clicks."""
    model, sasrec = pair
    for length in LENGTHS:
        assert experiment._recurrent(model, length).shape == (CLICKS, 8)
        assert experiment._attention(sasrec, length).shape == (CLICKS // length, length, sasrec.net.dim)


def test_factors_are_of_the_same_round():
    """Oracle: by hand. A round that is twice as slow as a whole changes no factor."""
    times = np.array([[1.0, 2.0, 4.0], [2.0, 4.0, 8.0], [1.0, 2.0, 4.0]])
    found = experiment._pace("gru", times)
    assert [one.value for one in found.slower] == [1, 2, 4]
    assert (found.factor.value, found.factor.low, found.factor.high) == (4, 4, 4)
