"""Oracle: bins counted by hand, and each one's figures from its ranks alone."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.learn.breakdown import By, breakdown
from gru_viz.learn.quality import Quality, Ranked
from tests.logs import log_of


def ranked_of(lengths: list[int], seed: int = 0) -> Ranked:
    log = log_of([[0] * length for length in lengths])
    size = int((log.lengths - 1).sum())
    return Ranked.of(log, np.random.default_rng(seed).integers(1, 40, size))


def test_by_position_by_hand() -> None:
    ranked = Ranked.of(log_of([[0, 1, 2], [3, 4], [5]]), np.array([1, 30, 2]))
    first, second = breakdown(ranked, "position", (20,)).bins
    assert (first.label, first.share, first.quality.predictions) == ("1", 2 / 3, 2)
    assert (first.quality.recall, first.quality.mrr) == ({20: 1.0}, {20: 0.75})
    assert (second.label, second.quality.recall) == ("2", {20: 0.0})


def test_by_length_by_hand() -> None:
    ranked = Ranked.of(log_of([[0, 1, 2], [3, 4], [5]]), np.array([1, 30, 2]))
    two, three = breakdown(ranked, "length", (20,)).bins
    assert (two.label, two.share, two.quality.recall) == ("2", 1 / 3, {20: 1.0})
    assert (three.label, three.share, three.quality.recall) == ("3", 2 / 3, {20: 0.5})


def test_long_sessions_share_bins() -> None:
    ranked = ranked_of([60, 21, 20, 7])
    assert [one.label for one in breakdown(ranked, "length").bins] == ["6–10", "11–20", "21–50", "51+"]
    labels = [one.label for one in breakdown(ranked, "position").bins]
    assert labels == ["1", "2", "3", "4", "5", "6–10", "11–20", "21+"]


@pytest.mark.parametrize("by", get_args(By))
@given(st.lists(st.integers(1, 70), min_size=1, max_size=15), st.integers(0, 9))
def test_every_prediction_is_in_one_bin(by: By, lengths: list[int], seed: int) -> None:
    if max(lengths) < 2:
        lengths = [*lengths, 2]
    ranked = ranked_of(lengths, seed)
    bins = breakdown(ranked, by, (20,)).bins
    values = ranked.position if by == "position" else ranked.length
    for one in bins:
        inside = (values >= one.first) & (values <= (one.last or 10**6))
        assert one.quality == Quality.of(ranked.ranks[inside], (20,))
    assert sum(one.quality.predictions for one in bins) == len(ranked.ranks)
    assert sum(one.share for one in bins) == pytest.approx(1)
    assert [one.first for one in bins] == sorted({one.first for one in bins})
    whole = sum(one.share * one.quality.recall[20] for one in bins)
    assert whole == pytest.approx(ranked.quality((20,)).recall[20])


def test_a_bin_as_json() -> None:
    (one,) = breakdown(ranked_of([2, 2, 2]), "length", (20,)).bins
    told = one.to_dict(20)
    assert set(told) == {"from", "to", "share", "predictions", "recall@20", "mrr@20", "intervals"}
    assert (told["from"], told["to"], told["predictions"]) == (2, 2, 3)
    assert set(told["intervals"]) == {"recall@20", "mrr@20"}


def test_what_cannot_be_broken_down_is_said() -> None:
    with pytest.raises(InputError, match="by position or by length, not by 'weekday'"):
        breakdown(ranked_of([2]), "weekday")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="nothing to predict"):
        breakdown(ranked_of([1]), "length")
