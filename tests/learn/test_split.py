"""Oracle: splits worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gru_viz.catalog import Catalog
from gru_viz.errors import InputError
from gru_viz.learn.split import onto, seen_only, split_by_time
from tests.logs import log_of, random_log


def test_the_last_share_is_held_out() -> None:
    split = split_by_time(log_of([[0, 1], [1, 2], [2, 0], [0, 2], [1, 0]]), 0.4)
    assert [s.session_id for s in split.train] == ["s0", "s1", "s2"]
    assert [s.session_id for s in split.test] == ["s3", "s4"]
    assert (split.dropped_clicks, split.dropped_sessions) == (0, 0)


def test_items_unknown_in_training_leave_and_are_counted() -> None:
    """i3 and i4 are clicked only later; the second held-out session has one known click left."""
    split = split_by_time(log_of([[1, 2], [2, 1], [1, 3, 2], [4, 1]]), 0.5)
    assert split.train.catalog.ids == ("i1", "i2")
    assert [s.items.tolist() for s in split.test] == [[0, 1]]
    assert split.test.catalog == split.train.catalog
    assert (split.dropped_clicks, split.dropped_sessions) == (2, 1)


def test_times_follow_their_clicks() -> None:
    log = random_log(30)
    timed = type(log)(log.catalog, log.items, log.offsets, log.session_ids, np.arange(log.n_clicks))
    split = split_by_time(timed, 0.3)
    for part in (split.train, split.test):
        assert part.times is not None
        for time, item in zip(part.times, part.items, strict=True):
            assert log.catalog.ids[log.items[int(time)]] == part.catalog.ids[item]


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_a_share_that_leaves_a_part_empty_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="above 0 and below 1"):
        split_by_time(random_log(), share)


def test_too_few_sessions() -> None:
    with pytest.raises(InputError, match="too few"):
        split_by_time(log_of([[0, 1]]), 0.5)


def test_nothing_known_held_out() -> None:
    with pytest.raises(InputError, match="no held-out session"):
        split_by_time(log_of([[0, 1], [2, 3]]), 0.5)


def test_a_log_that_clicks_every_item_is_left_as_it_is() -> None:
    log = log_of([[0, 1], [2, 0]])
    assert seen_only(log) is log


def test_onto_another_catalogue_takes_its_indices() -> None:
    log = log_of([[0, 1, 2], [1, 1], [0, 0]])
    moved = onto(log, Catalog(("other", "i2", "i1")))
    assert moved is not None
    assert [s.items.tolist() for s in moved] == [[2, 1], [2, 2]]
    assert [s.session_id for s in moved] == ["s0", "s1"]
    assert onto(log, Catalog(("other",))) is None
