"""Oracle: what comes later is changed, and nothing before it may; patterns it must find."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.baselines.gradient import Fitting
from gru_viz.baselines.sasrec import SASRec
from gru_viz.baselines.transformer import Transformer
from gru_viz.errors import InputError
from gru_viz.learn.evaluation import evaluate
from tests.baselines.tiny import SMALL, before_last_log, cyclic_log
from tests.logs import log_of, random_log

FITTING = Fitting(15, 40, 0.03, clip=1.0)
NET = Transformer(random_log(10, 7), SMALL, causal=True).eval()


@given(
    items=st.lists(st.integers(0, 6), min_size=2, max_size=6),
    other=st.integers(0, 6),
    data=st.data(),
)
def test_changing_a_later_click_never_changes_an_earlier_score(
    items: list[int], other: int, data: st.DataObject
) -> None:
    """In one pass over the whole session, as it is learned."""
    changed = data.draw(st.integers(1, len(items) - 1))
    edited = [*items[:changed], other, *items[changed + 1 :]]
    with torch.no_grad():
        before, after = (
            NET.features(torch.tensor([clicks]), torch.tensor([len(clicks)]))[0] for clicks in (items, edited)
        )
    torch.testing.assert_close(before[:changed], after[:changed], rtol=0, atol=1e-6)
    if items[changed] != other:
        assert not torch.allclose(before[changed:], after[changed:], atol=1e-4)


def test_changing_an_earlier_click_changes_later_scores() -> None:
    sasrec = SASRec(SMALL, fitting=Fitting(1, 60, 0.01)).fit(random_log())
    one, other = sasrec.score(log_of([[1, 2, 3], [4, 2, 3]], 9), np.array([2, 5]))
    assert not np.allclose(one, other, atol=1e-4)


def test_the_same_item_counts_differently_at_another_position() -> None:
    sasrec = SASRec(SMALL, fitting=Fitting(1, 60, 0.01)).fit(random_log())
    one, other = sasrec.score(log_of([[1, 2, 3], [2, 1, 3]], 9), np.array([2, 5]))
    assert not np.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("loss", [None, "sampled", "bce"])
def test_a_cyclic_chain_is_learned_by_every_loss(loss: str | None) -> None:
    log = cyclic_log()
    assert evaluate(SASRec(SMALL, loss, FITTING).fit(log), log, (1,)).recall[1] == 1.0


def test_the_click_before_the_last_is_used() -> None:
    log = before_last_log()
    scores = SASRec(SMALL, fitting=FITTING).fit(log).score(log, np.array([1, 4]))
    assert scores.argmax(axis=1).tolist() == [3, 4]


def test_every_click_but_a_sessions_first_is_a_target_once_an_epoch() -> None:
    log = random_log(20, 9, longest=16)  # SMALL looks at 6 clicks: longer sessions are cut
    sasrec = SASRec(SMALL, fitting=Fitting(1, 20, 0.01)).fit(log)
    targets: list[int] = []
    sasrec._costs = lambda net, features, wanted: targets.extend(wanted.tolist())  # type: ignore
    for rows in sasrec._batches(np.random.default_rng(0)):
        sasrec._loss(rows)
    first_of_piece = [session.items[::7] for session in log]
    expected = [item for session in log for place, item in enumerate(session.items) if place % 7]
    assert sorted(targets) == sorted(expected)
    assert len(targets) + sum(map(len, first_of_piece)) == log.n_clicks


def test_who_scores_meanwhile_does_not_switch_dropout_off() -> None:
    log, clicks = random_log(), np.arange(5)
    shape = dataclasses.replace(SMALL, dropout=0.5)
    fitting = Fitting(2, 60, 0.01)
    watched = SASRec(shape, fitting=fitting)
    for _ in watched.fit_steps(log):
        watched.score(log, clicks)
    expected = SASRec(shape, fitting=fitting).fit(log).score(log, clicks)
    np.testing.assert_array_equal(watched.score(log, clicks), expected)


def test_an_unknown_loss_is_refused() -> None:
    with pytest.raises(InputError, match="loss must be one of full, sampled, bce, not 'mse'"):
        SASRec(SMALL, "mse").fit(random_log())
