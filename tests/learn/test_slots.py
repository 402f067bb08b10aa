"""Oracle: session-parallel mini-batches walked in plain Python, slot by slot, as the paper draws them."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.learn.batches import Share, TrainingBatch
from gru_viz.learn.slots import Slots
from tests.learn.test_batches import SESSIONS, pairs, taught
from tests.logs import log_of, random_log

Rows = list[tuple[int, int, int, bool]]  # slot, click, next click, does its session start here?


def walked(sessions: list[list[int]], size: int) -> list[Rows]:
    waiting = [session for session in sessions if len(session) > 1]
    slots: dict[int, tuple[list[int], int]] = {}
    for slot in range(min(size, len(waiting))):
        slots[slot] = waiting.pop(0), 0
    updates = []
    while slots:
        rows = [(slot, s[k], s[k + 1], k == 0) for slot, (s, k) in sorted(slots.items())]
        updates.append(rows)
        for slot, (session, k) in sorted(slots.items()):
            if k + 2 < len(session):
                slots[slot] = session, k + 1
            elif waiting:
                slots[slot] = waiting.pop(0), 0
            else:
                del slots[slot]
    return updates


def rows(batch: TrainingBatch) -> Rows:
    assert batch.slots is not None
    assert batch.starts is not None
    columns = (batch.slots, batch.items, batch.targets, batch.starts)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_by_hand() -> None:
    """Two slots; slot 1 ends first and takes the third session; slot 0 is closed, slot 1 goes on alone."""
    made = [rows(b) for b in Slots(log_of([[0, 1, 2], [3, 4], [9], [5, 6, 7, 8]]), 2).epoch(1)]
    assert made == [
        [(0, 0, 1, True), (1, 3, 4, True)],
        [(0, 1, 2, False), (1, 5, 6, True)],
        [(1, 6, 7, False)],
        [(1, 7, 8, False)],
    ]


@given(SESSIONS, st.integers(1, 5))
def test_it_is_the_papers_walk(sessions: list[list[int]], size: int) -> None:
    batches = Slots(log_of(sessions, 6), size)
    made = [rows(batch) for batch in batches.epoch(1)]
    assert made == walked(sessions, size)
    assert len(made) == batches.updates(1)


@given(SESSIONS, st.integers(1, 5), st.sampled_from(["time", "shuffled"]))
def test_every_pair_once_an_epoch(sessions: list[list[int]], size: int, order: str) -> None:
    """Nothing stops when the first slot runs dry, and no tail is dropped."""
    log = log_of(sessions, 6)
    batches = Slots(log, size, order)
    made = list(batches.epoch(2))
    assert taught(made) == pairs(log)
    assert sum(len(batch.targets) for batch in made) == batches.predictions
    assert len(made) == batches.updates(2)
    assert all(batch.batch_sizes == [len(batch.items)] for batch in made)


@given(SESSIONS, st.integers(1, 5))
def test_a_state_goes_on_within_a_session_only(sessions: list[list[int]], size: int) -> None:
    """Following a slot from start to start gives a session of the log, whole."""
    running: dict[int, list[int]] = {}
    done: Counter[tuple[int, ...]] = Counter()
    for batch in Slots(log_of(sessions, 6), size, "shuffled").epoch(1):
        for slot, click, following, starts in rows(batch):
            if starts:
                done.update([tuple(running.pop(slot))] if slot in running else [])
                running[slot] = [click]
            assert running[slot][-1] == click
            running[slot].append(following)
    done.update(map(tuple, running.values()))
    assert done == Counter(tuple(session) for session in sessions if len(session) > 1)


@given(SESSIONS, st.integers(1, 5), st.integers(2, 3))
def test_shares_make_up_the_whole(sessions: list[list[int]], size: int, world: int) -> None:
    log = log_of(sessions, 6)
    ranks = [list(Slots(log, size, share=Share(rank, world)).epoch(1)) for rank in range(world)]
    for batch, *parts in zip(Slots(log, size).epoch(1), *ranks, strict=True):
        assert sorted(row for part in parts if part.weight for row in rows(part)) == rows(batch)
        for part in parts:
            assert part.everyones.tolist() == batch.targets.tolist()
            assert len(part.items) > 0
            assert part.weight or part.starts is not None


def test_shuffled_differs_between_epochs_and_repeats() -> None:
    batches = Slots(random_log(50), 4, "shuffled", 3)
    one, again, other = ([rows(b) for b in batches.epoch(number)] for number in (1, 1, 2))
    assert one == again != other


def test_nothing_to_learn_from() -> None:
    batches = Slots(log_of([[0], [1]]), 4)
    assert (batches.updates(1), batches.predictions, list(batches.epoch(1))) == (0, 0, [])


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order must be"):
        Slots(random_log(), 4, "backwards").updates(1)


def test_the_log_is_not_written_to() -> None:
    log = random_log()
    before = log.items.copy()
    list(Slots(log, 4).epoch(1))
    np.testing.assert_array_equal(log.items, before)
