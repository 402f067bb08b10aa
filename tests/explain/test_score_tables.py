"""Two tables of scores. Oracles: `Trace`, row by row; sums by hand; a log in arbitrary precision."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gru_viz.explain.score_tables import (
    RANKS,
    best,
    conservative_ranks,
    kl,
    log_softmax,
    median_ranks,
    standard_ranks,
    total_variation,
)
from gru_viz.trace import Trace
from tests.models import small_catalog

# few different values, so that there are ties
tables = st.tuples(st.integers(1, 4), st.integers(1, 7)).flatmap(
    lambda shape: arrays(np.float32, shape, elements=st.sampled_from([-60.0, -1.0, 0.0, 0.5, 3.0, 90.0]))
)


@given(tables, st.integers(1, 9))
def test_the_best_are_those_of_a_trace(scores: np.ndarray, k: int) -> None:
    rows, n_items = scores.shape
    trace = Trace(small_catalog(n_items), np.zeros(rows, dtype=np.int64), scores, ())
    chosen = best(scores, min(k, n_items))
    for row in range(rows):
        assert set(np.flatnonzero(chosen[row])) == set(trace.ranking(row, k).tolist())
    np.testing.assert_allclose(
        np.exp(log_softmax(scores)), [trace.probability(np.arange(n_items), row) for row in range(rows)]
    )


@given(tables, st.data())
def test_ties_count_against_the_target(scores: np.ndarray, data: st.DataObject) -> None:
    targets = np.array([data.draw(st.integers(0, scores.shape[1] - 1)) for _ in scores])
    ranks = [
        1 + sum(s >= row[t] for i, s in enumerate(row) if i != t)
        for row, t in zip(scores, targets, strict=True)
    ]
    assert conservative_ranks(scores, targets).tolist() == ranks


@given(tables, st.data())
def test_standard_ranks_count_what_is_above_and_median_half_of_what_ties(
    scores: np.ndarray, data: st.DataObject
) -> None:
    """Oracle: other items counted one by one."""
    targets = np.array([data.draw(st.integers(0, scores.shape[1] - 1)) for _ in scores])
    others = [[s for i, s in enumerate(row) if i != t] for row, t in zip(scores, targets, strict=True)]
    own = scores[np.arange(len(scores)), targets]
    above = [1 + sum(s > mine for s in row) for row, mine in zip(others, own, strict=True)]
    tied = [sum(s == mine for s in row) for row, mine in zip(others, own, strict=True)]
    assert standard_ranks(scores, targets).tolist() == above
    assert median_ranks(scores, targets).tolist() == [a + t / 2 for a, t in zip(above, tied, strict=True)]


def test_the_median_is_the_mean_of_ties_broken_at_random(rng: np.random.Generator) -> None:
    """Oracle: 4,000 times a random number beside each score decides between equals."""
    scores = np.array([[1.0, 0.0, 0.0, 0.0, -1.0]])
    orders = [np.lexsort((rng.random(5), -scores[0])).tolist().index(2) + 1 for _ in range(4_000)]
    assert median_ranks(scores, np.array([2]))[0] == pytest.approx(np.mean(orders), abs=0.06)


@pytest.mark.parametrize("name", RANKS)
@pytest.mark.parametrize("broken", [[np.nan] * 4, [1, np.nan, 0, 0], [np.nan, 2, 1, 0], [2, 3, np.nan, 2]])
def test_a_score_that_is_no_number_counts_as_better(name: str, broken: list[float]) -> None:
    (rank,) = RANKS[name](np.array([broken]), np.array([0]))
    assert 1 + sum(np.isnan(broken[1:])) <= rank <= 4
    if np.isnan(broken[0]):
        assert rank == 4


@given(tables)
def test_a_table_agrees_with_itself(scores: np.ndarray) -> None:
    log_p = log_softmax(scores)
    assert (kl(log_p, log_p) == 0).all()
    assert (total_variation(log_p, log_p) == 0).all()


def test_divergences_by_hand() -> None:
    """Oracle: p = (3/4, 1/4) and q = (1/2, 1/2), and the scores moved by any constant."""
    log_p, log_q = log_softmax(np.log([[3.0, 1.0]]) + 100), log_softmax(np.zeros((1, 2), dtype=np.float32))
    assert kl(log_p, log_q)[0] == pytest.approx(0.75 * math.log(1.5) + 0.25 * math.log(0.5))
    assert total_variation(log_p, log_q)[0] == pytest.approx(0.25)


def test_nearly_the_same_is_not_below_nothing(rng: np.random.Generator) -> None:
    """Rounding alone would carry some of these a little below 0."""
    log_p = log_softmax(rng.normal(size=(200, 50)))
    assert (kl(log_p, log_p + 1e-16 * rng.normal(size=log_p.shape)) >= 0).all()


def test_nothing_underflows() -> None:
    """Oracle: KL of all on one item to all on the other is their scores' distance, and finite."""
    log_p, log_q = (log_softmax(np.array([row], dtype=np.float32)) for row in ([5000, -5000], [-5000, 5000]))
    assert kl(log_p, log_q)[0] == 10_000
    assert total_variation(log_p, log_q)[0] == 1
