"""Oracle: figures and places by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gru_viz.errors import InputError
from gru_viz.learn.quality import Quality, Ranked, predicted_clicks
from tests.logs import log_of, random_log


def test_figures_by_hand() -> None:
    quality = Quality.of(np.array([1, 2, 11, 21]), (10, 20))
    assert quality.recall == {10: 0.5, 20: 0.75}
    assert quality.mrr == pytest.approx({10: (1 + 1 / 2) / 4, 20: (1 + 1 / 2 + 1 / 11) / 4})
    assert (quality.predictions, quality.ranks) == (4, "conservative")
    assert quality.to_dict(20) == {"recall@20": 0.75, "mrr@20": quality.mrr[20]}


def test_a_rank_between_two_places_is_behind_the_cutoff() -> None:
    quality = Quality.of(np.array([10.5, 9.5]), (10,), "median")
    assert quality.recall == {10: 0.5}
    assert quality.mrr == pytest.approx({10: 1 / 9.5 / 2})


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_mrr_is_between_recall_over_k_and_recall(ranks: list[int]) -> None:
    quality = Quality.of(np.array(ranks))
    for k in quality.recall:
        assert quality.recall[k] / k <= quality.mrr[k] + 1e-12
        assert quality.mrr[k] <= quality.recall[k] + 1e-12


def test_every_click_but_the_first_of_a_session_is_predicted() -> None:
    assert predicted_clicks(log_of([[0, 1, 2], [3], [4, 5], [1]])).tolist() == [1, 2, 5]
    assert predicted_clicks(log_of([[0], [1]])).tolist() == []


def test_position_and_length_on_a_random_log() -> None:
    """Oracle: counted session by session."""
    log = random_log(30)
    made = Ranked.of(log, np.arange(1, 1 + int((log.lengths - 1).sum())))
    places = [(s, t, len(one)) for s, one in enumerate(log) for t in range(1, len(one))]
    assert list(zip(made.session, made.position, made.length, strict=True)) == places


def test_some_of_the_ranks() -> None:
    made = Ranked.of(log_of([[0, 1, 2], [4, 5]]), np.array([3, 1, 2]), "standard")
    part = made.where(made.position == 1)
    assert (part.ranks.tolist(), part.session.tolist(), part.ties) == ([3, 2], [0, 1], "standard")
    with pytest.raises(InputError, match="nothing to predict"):
        made.where(made.position > 5).quality()
