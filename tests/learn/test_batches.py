"""Oracle: a walk through the log, click by click."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.learn.batches import Share, TrainingBatch, WholeSessions
from gru_viz.sessions import ClickLog
from tests.logs import log_of, random_log

SESSIONS = st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=9), min_size=1, max_size=12)


def pairs(log: ClickLog) -> Counter[tuple[int, int]]:
    """Every (click, next click) of the log, with how often it is there."""
    return Counter((int(a), int(b)) for s in log for a, b in zip(s.items[:-1], s.items[1:], strict=True))


def taught(batches: list[TrainingBatch]) -> Counter[tuple[int, int]]:
    return Counter(
        (int(a), int(b)) for batch in batches for a, b in zip(batch.items, batch.targets, strict=True)
    )


@given(SESSIONS, st.integers(1, 5), st.sampled_from(["time", "shuffled"]), st.integers(1, 4))
def test_every_next_click_is_a_target_once(
    sessions: list[list[int]], size: int, order: str, longest: int
) -> None:
    """Also in a short last batch, for sessions of one click (none), and for long sessions in pieces."""
    log = log_of(sessions, 6)
    batches = WholeSessions(log, size, order, longest=longest)
    made = list(batches.epoch(1))
    assert taught(made) == pairs(log)
    assert len(made) == batches.updates(1)
    assert sum(len(batch.targets) for batch in made) == batches.predictions


def test_time_order_keeps_the_sessions_order() -> None:
    log = log_of([[0, 1, 2], [3, 4], [5, 6, 7, 8], [9, 10]])
    first, last = WholeSessions(log, 3, "time").epoch(1)
    assert first.items.tolist() == [5, 0, 3, 6, 1, 7]  # first clicks, second clicks, third clicks
    assert first.targets.tolist() == [6, 1, 4, 7, 2, 8]
    assert first.batch_sizes == [3, 2, 1]
    assert (last.items.tolist(), last.targets.tolist()) == ([9], [10])


def test_shuffled_differs_between_epochs_and_repeats_with_the_seed() -> None:
    log = random_log(200)

    def clicks(seed: int, epoch: int) -> list[int]:
        return [int(i) for b in WholeSessions(log, 16, "shuffled", seed).epoch(epoch) for i in b.items]

    assert clicks(0, 1) == clicks(0, 1)
    assert clicks(0, 1) != clicks(0, 2)
    assert clicks(0, 1) != clicks(1, 1)


def test_a_long_session_is_learned_in_pieces() -> None:
    log = log_of([list(range(8))])
    batches = WholeSessions(log, 10, longest=3)
    (batch,) = batches.epoch(1)
    assert batch.batch_sizes == [3, 2, 2]
    assert batch.items.tolist()[:3] == [0, 3, 6]  # the pieces' first clicks


def test_sessions_of_one_click_teach_nothing() -> None:
    batches = WholeSessions(log_of([[0], [1]]), 4)
    assert (batches.updates(1), batches.predictions) == (0, 0)


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order must be"):
        next(WholeSessions(random_log(), 4, "backwards").epoch(1))


def test_the_log_is_not_written_to() -> None:
    log = random_log()
    before = log.items.copy()
    list(WholeSessions(log, 4, "shuffled").epoch(1))
    np.testing.assert_array_equal(log.items, before)


@given(SESSIONS, st.integers(1, 5), st.integers(2, 4))
def test_shares_make_up_the_whole(sessions: list[list[int]], size: int, world: int) -> None:
    """Every click with a next one counts in exactly one process; all know the whole update's targets, in one
    order, since a sample of them is drawn by place."""
    log = log_of(sessions, 6)
    ranks = [list(WholeSessions(log, size, "shuffled", 7, Share(r, world)).epoch(1)) for r in range(world)]
    whole = list(WholeSessions(log, size, "shuffled", 7).epoch(1))
    assert {len(rank) for rank in ranks} == {len(whole)}
    for batch, *parts in zip(whole, *ranks, strict=True):
        assert taught([part for part in parts if part.weight]) == taught([batch])
        assert {part.weight for part in parts} <= {0.0, 1.0}
        for part in parts:
            assert part.everyones.tolist() == batch.everyones.tolist() == batch.targets.tolist()
            assert len(part.items) > 0  # also where nothing counts
