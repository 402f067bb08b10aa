"""Oracle: slices of each session, by hand and one at a time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.baselines.recent import Recent, pieces, recent
from tests.logs import log_of, random_log

LOG = log_of([[0, 1, 2], [3], [4, 0]], 5)


def test_a_session_is_looked_at_up_to_the_click_and_no_further() -> None:
    seen = recent(LOG, np.array([1, 3, 5]), 50)
    assert seen.items.tolist() == [0, 1, 3, 4, 0]
    assert seen.lengths.tolist() == [2, 1, 2]
    assert seen.starts.tolist() == [0, 2, 3]


def test_only_the_last_clicks_of_a_long_one_count() -> None:
    seen = recent(LOG, np.array([2]), 2)
    assert (seen.items.tolist(), seen.lengths.tolist()) == ([1, 2], [2])


@given(longest=st.integers(1, 14), seed=st.integers(0, 5))
def test_each_is_the_slice_of_its_own_session(longest: int, seed: int) -> None:
    log = random_log(12, 5, seed=seed)
    clicks = np.random.default_rng(seed).permutation(log.n_clicks)
    seen = recent(log, clicks, longest)
    for click, start, length in zip(clicks, seen.starts, seen.lengths, strict=True):
        first = log.offsets[log.offsets <= click].max()
        expected = log.items[first : click + 1][-longest:]
        np.testing.assert_array_equal(seen.items[start : start + length], expected)


def test_padding_comes_last() -> None:
    table = Recent(np.array([7, 8, 9]), np.array([1, 2])).padded(-1)
    assert table.tolist() == [[7, -1], [8, 9]]


def test_nobody_clicked() -> None:
    seen = recent(LOG, np.array([], dtype=np.int64), 3)
    assert (len(seen.items), len(seen.lengths), seen.padded(-1).shape) == (0, 0, (0, 1))


def test_a_long_session_is_cut_and_a_single_click_left_out() -> None:
    log = log_of([[0, 1, 2, 3, 4], [0], [1, 2], [0, 1, 2, 3]])
    starts, lengths = pieces(log, 2)
    assert starts.tolist() == [0, 2, 6, 8, 10]
    assert lengths.tolist() == [2] * 5


@given(longest=st.integers(2, 14), seed=st.integers(0, 5))
def test_pieces_hold_every_click_once_but_single_ones(longest: int, seed: int) -> None:
    log = random_log(12, 5, seed=seed)
    starts, lengths = pieces(log, longest)
    expected = [
        (int(first) + at, len(part))
        for session, first in zip(log, log.offsets[:-1], strict=True)
        for at in range(0, len(session), longest)
        if len(part := session.items[at : at + longest]) > 1
    ]
    assert list(zip(starts.tolist(), lengths.tolist(), strict=True)) == expected
